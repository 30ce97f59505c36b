"""Every clock and date of the application is the world's; those of the tools around stay real."""

import importlib
import os
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import freezegun
import pytest
import time_machine

from mock_mindvideo import MindVideo
from mock_mindvideo.virtual.timeline import exact

pytestmark = [pytest.mark.mindvideo(virtual_time=True), pytest.mark.timeout(20)]

now_bound_early = datetime.now
time_bound_early = time.time

#: Seconds by which atomic clocks are ahead of the others here.
AHEAD = round(time.clock_gettime(time.CLOCK_TAI) - time.time())

COUNTING: dict[str, Callable[[], float]] = {
    "monotonic": time.monotonic,
    "monotonic_ns": lambda: time.monotonic_ns() / 1e9,
    "perf_counter": time.perf_counter,
    "perf_counter_ns": lambda: time.perf_counter_ns() / 1e9,
    "clock_gettime": lambda: time.clock_gettime(time.CLOCK_MONOTONIC),
    "clock_gettime_ns": lambda: time.clock_gettime_ns(time.CLOCK_MONOTONIC) / 1e9,
    "elapsed": lambda: os.times().elapsed,
}

DATES: dict[str, Callable[[], float]] = {
    "time": time.time,
    "time bound early": time_bound_early,
    "time_ns": lambda: time.time_ns() / 1e9,
    "clock_gettime": lambda: time.clock_gettime(time.CLOCK_REALTIME),
    "now": lambda: datetime.now().timestamp(),
    "now in UTC": lambda: datetime.now(UTC).timestamp(),
    "now bound early": lambda: now_bound_early(UTC).timestamp(),
    "utcnow": lambda: datetime.utcnow().replace(tzinfo=UTC).timestamp(),
    "today": lambda: datetime.today().timestamp(),
    "localtime": lambda: time.mktime(time.localtime()),
    "ctime": lambda: time.mktime(time.strptime(time.ctime())),
    "asctime": lambda: time.mktime(time.strptime(time.asctime())),
    "atomic": lambda: time.clock_gettime(time.CLOCK_TAI) - AHEAD,
    "atomic in ns": lambda: time.clock_gettime_ns(time.CLOCK_TAI) / 1e9 - AHEAD,
    "uuid1": lambda: (uuid.uuid1().time - 0x01B21DD213814000) / 1e7,
}


@pytest.mark.parametrize("clock", COUNTING.values(), ids=COUNTING)
def test_a_clock_counts_the_worlds_seconds(
    mindvideo: MindVideo, clock: Callable[[], float]
) -> None:
    began = clock()
    time.sleep(600)
    assert clock() - began == pytest.approx(600, abs=0.001)

    mindvideo.advance(50)
    assert clock() - began == pytest.approx(650, abs=0.001)


@pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")  # since 3.12
@pytest.mark.parametrize("clock", DATES.values(), ids=DATES)
def test_a_date_is_the_worlds(mindvideo: MindVideo, clock: Callable[[], float]) -> None:
    time.sleep(3600)

    assert clock() == pytest.approx(mindvideo.now.timestamp(), abs=1)


def test_the_day_is_the_worlds(mindvideo: MindVideo) -> None:
    time.sleep(40 * 86_400)

    assert date.today() == mindvideo.now.astimezone().date()
    assert time.strftime("%Y-%m-%d", time.gmtime()) == f"{mindvideo.now:%Y-%m-%d}"


def test_a_module_that_is_first_imported_in_the_test_lives_in_its_time(
    mindvideo: MindVideo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "imported_late.py").write_text(
        "from time import sleep, monotonic\n"
        "from datetime import datetime as clock\n"
        "def nap(seconds, sleep=sleep): sleep(seconds)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    late = importlib.import_module("imported_late")
    began = late.monotonic()

    late.nap(30)
    assert late.monotonic() - began == pytest.approx(30)
    assert late.clock.now(UTC) - mindvideo.now < timedelta(seconds=1)
    del sys.modules["imported_late"]


@pytest.mark.usefixtures("mindvideo")
def test_a_program_that_waits_by_reading_its_clock_is_not_stopped() -> None:
    until = time.monotonic() + 0.05

    while time.monotonic() < until:
        pass  # it waits busily


def test_a_frozen_date_stays_frozen_while_waits_move_the_world(mindvideo: MindVideo) -> None:
    began = mindvideo.now
    with freezegun.freeze_time("2030-05-06"):
        time.sleep(100)
        assert datetime.now(UTC) == datetime(2030, 5, 6, tzinfo=UTC)
    assert (mindvideo.now - began).total_seconds() == 100
    assert datetime.now(UTC) == pytest.approx(mindvideo.now, abs=timedelta(seconds=1))


@freezegun.freeze_time("2030-05-06")
def test_a_test_that_is_frozen_as_a_whole_keeps_its_date(mindvideo: MindVideo) -> None:
    began = mindvideo.now
    time.sleep(100)
    assert datetime.now(UTC) == datetime(2030, 5, 6, tzinfo=UTC)
    assert (mindvideo.now - began).total_seconds() == 100


def test_a_traveller_decides_the_date_while_waits_move_the_world(mindvideo: MindVideo) -> None:
    began, clock = mindvideo.now, time.monotonic()
    with time_machine.travel("2030-05-06", tick=False):
        time.sleep(100)
        assert datetime.now(UTC) == datetime(2030, 5, 6, tzinfo=UTC)
        assert time.monotonic() - clock == pytest.approx(100)
    assert (mindvideo.now - began).total_seconds() == 100
    assert datetime.now(UTC) == pytest.approx(mindvideo.now, abs=timedelta(seconds=1))


@pytest.mark.mindvideo(virtual_time=False)
def test_a_traveller_that_stays_longer_is_left_with_his_date(mindvideo: MindVideo) -> None:
    with mindvideo.virtual_time():
        travel = time_machine.travel("2030-05-06", tick=False)
        travel.start()
    assert datetime.now(UTC) == datetime(2030, 5, 6, tzinfo=UTC)
    travel.stop()
    assert datetime.now(UTC) > mindvideo.now + timedelta(days=30)


def test_what_serves_the_test_reads_real_clocks(mindvideo: MindVideo) -> None:
    space = {"__name__": "_pytest.timing", "time": time, "datetime": datetime}
    clocks = (
        "time.monotonic()",
        "time.perf_counter()",
        "time.time()",
        "datetime.now().timestamp()",
    )
    before = [eval(clock, space) for clock in clocks]  # noqa: S307

    time.sleep(1_000_000)
    after = [eval(clock, space) for clock in clocks]  # noqa: S307
    assert all(0 <= late - early < 1000 for early, late in zip(before, after, strict=True))
    assert abs(after[2] - mindvideo.now.timestamp()) > 1000


@pytest.mark.parametrize("power", [10, 12, 14, 16, 20])
def test_a_deadline_is_over_when_as_many_seconds_are(power: int) -> None:
    """Whenever the machine was started: here the digits of a float become coarser on the way."""
    for before in range(1, 600 * 10**9, 2_999_999_993):
        uptime = 2**power * 10**9 - before
        began = exact(uptime)
        assert 0 <= began - uptime < 2_000_000
        assert (began + 600 * 10**9) / 1e9 == began / 1e9 + 600
