"""Deadlines that a signal ends come in the world's time."""

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from signal import setitimer as bound_early

import pytest

from mock_mindvideo import MindVideo
from mock_mindvideo.virtual import real

pytestmark = [pytest.mark.mindvideo(virtual_time=True), pytest.mark.timeout(20)]


class Deadline(Exception):
    """The handler of a signal says so."""


@pytest.fixture(autouse=True)
def handler() -> Iterator[None]:
    def raising(*_: object) -> None:
        raise Deadline

    before = signal.signal(signal.SIGALRM, raising)
    yield
    signal.signal(signal.SIGALRM, before)


@contextmanager
def taking(seconds: float) -> Iterator[None]:
    began, really = time.monotonic(), real.monotonic()
    yield
    assert time.monotonic() - began == pytest.approx(seconds, abs=0.01)
    assert real.monotonic() - really < 100


@pytest.mark.parametrize("set_timer", [signal.setitimer, bound_early])
def test_a_timer_ends_a_sleep_at_its_moment(mindvideo: MindVideo, set_timer) -> None:
    with taking(600):
        set_timer(signal.ITIMER_REAL, 600)
        with pytest.raises(Deadline):
            time.sleep(10_000)


def test_an_alarm_ends_a_loop_of_polls(mindvideo: MindVideo) -> None:
    def poll_on() -> None:
        while True:
            client.get("/api/v1/tasks/task_x")
            time.sleep(7)

    with taking(600), mindvideo.client() as client:
        signal.alarm(600)
        with pytest.raises(Deadline):
            poll_on()


def test_a_pause_ends_with_the_alarm(mindvideo: MindVideo) -> None:
    signal.signal(signal.SIGALRM, lambda *_: None)
    with taking(600):
        signal.alarm(600)
        signal.pause()


def test_a_timer_rings_again_and_again(mindvideo: MindVideo) -> None:
    rung: list[float] = []
    began = time.monotonic()
    signal.signal(signal.SIGALRM, lambda *_: rung.append(round(time.monotonic() - began)))
    signal.setitimer(signal.ITIMER_REAL, 10, 20)
    time.sleep(60)
    assert rung == [10, 30, 50]
    assert signal.getitimer(signal.ITIMER_REAL) == pytest.approx((10, 20), abs=0.01)
    assert signal.setitimer(signal.ITIMER_REAL, 0) == pytest.approx((10, 20), abs=0.01)
    time.sleep(60)
    assert len(rung) == 3


def test_an_alarm_tells_what_was_left_of_the_one_before(mindvideo: MindVideo) -> None:
    assert signal.alarm(100) == 0
    time.sleep(40)
    assert signal.alarm(0) == 60


def test_a_loop_hears_the_alarm(mindvideo: MindVideo) -> None:
    async def waiting() -> None:
        heard = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGALRM, heard.set)
        signal.alarm(600)
        await heard.wait()

    with taking(600):
        asyncio.run(waiting())


@pytest.mark.mindvideo(virtual_time=False)
def test_timers_are_themselves_again_afterwards(mindvideo: MindVideo) -> None:
    with mindvideo.virtual_time():
        signal.setitimer(signal.ITIMER_REAL, 600)
    before = signal.setitimer(signal.ITIMER_REAL, 0)
    assert before[0] == 0 or before[0] < 20  # the runner's own, if it has one
    began = real.monotonic()

    def ring() -> None:  # a busy machine may hear it before it sleeps
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        time.sleep(100)

    with pytest.raises(Deadline):
        ring()
    assert real.monotonic() - began < 90
    signal.setitimer(signal.ITIMER_REAL, *before)
