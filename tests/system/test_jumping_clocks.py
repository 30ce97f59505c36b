"""The system clock jumps at random under several processes on one file, with restarts and boots."""

import logging
import tempfile
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mock_mindvideo.domain.instant import SECOND
from mock_mindvideo.stores import MemoryStore, Store
from mock_mindvideo.stores.sqlite import SqliteStore
from tests.effort import examples

from ..worlds.making import CATALOG, Mock
from .machines import FakeMachine

YEAR = 365 * 86_400
JUMPS = st.sampled_from([-2 * YEAR, -YEAR, -3600, -60, -1.5, 1.5, 60, 3600, YEAR])
SECONDS = st.sampled_from([0, 0.2, 0.9, 1.1, 3, 9.5, 700])
PROCESSES = 3
ORDER = ("queued", "processing", "succeeded")


class JumpingClocks(RuleBasedStateMachine):
    """Whatever the wall clock does, nothing that was seen is taken back, and time goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.machine = FakeMachine()
        self.patch = patch("mock_mindvideo.system.clock.Machine", lambda: self.machine)
        self.patch.start()
        self.processes: dict[int, Mock] = {}
        self.now = 0
        self.histories: dict[str, list[object]] = {}
        self.entries: set[object] = set()

    @initialize(speed=st.sampled_from([0.5, 1.0, 60.0]))
    def begin(self, speed: float) -> None:
        self.speed = speed
        self.start(0)
        self.processes[0].world().run("time", speed)

    def start(self, number: int) -> None:
        store = SqliteStore(Path(self.folder.name) / "mock.db", CATALOG.lifecycle)
        self.processes[number] = Mock(store.clock, store=store, settings={"seed": 7})  # type: ignore[arg-type]

    def process(self, number: int) -> Mock:
        if number not in self.processes:
            self.start(number)
        return self.processes[number]

    @rule(number=st.integers(0, PROCESSES - 1))
    def submit(self, number: int) -> None:
        self.process(number).submit()

    @rule(seconds=SECONDS)
    def time_passes(self, seconds: float) -> None:
        self.machine.pass_(seconds)

    @rule(seconds=JUMPS)
    def somebody_sets_the_clock(self, seconds: float) -> None:
        self.machine.set_wall(seconds)

    @precondition(lambda self: self.processes)
    @rule(number=st.integers(0, PROCESSES - 1))
    def a_process_ends(self, number: int) -> None:
        if number in self.processes:
            self.processes.pop(number).store.close()

    @rule(away=SECONDS, set_by=JUMPS)
    def the_machine_is_started_anew(self, away: float, set_by: float) -> None:
        self.leave()
        self.machine.start_anew(away)
        self.machine.set_wall(set_by)

    @rule(number=st.integers(0, PROCESSES - 1), set_by=JUMPS)
    def time_moves_on_by_what_passed(self, number: int, set_by: float) -> None:
        world = self.process(number).world()
        before = world.now()
        self.machine.pass_(10)
        self.machine.set_wall(set_by)
        assert abs(world.now() - before - 10 * SECOND * self.speed) <= 1

    @rule(number=st.integers(0, PROCESSES - 1), set_by=JUMPS)
    def a_task_ends_when_it_should(self, number: int, set_by: float) -> None:
        task_id = self.process(number).submit().view.task.id
        self.machine.set_wall(set_by)
        self.machine.pass_(10 / self.speed + 0.1)
        for process in self.processes.values():
            assert process.service.glance(process.world(), task_id).status == "succeeded"

    @invariant()
    def nothing_goes_back(self) -> None:
        for process in self.processes.values():
            world = process.world()
            now = world.now()
            assert now >= self.now
            self.now = now
            for view in process.service.tasks(world, 1000):
                seen = self.histories.setdefault(view.task.id, [])
                assert list(view.steps[: len(seen)]) == seen
                assert ORDER.index(view.status) + 1 == len(view.steps) >= len(seen)
                self.histories[view.task.id] = list(view.steps)
            entries = set(process.service.ledger(world).entries)
            assert entries >= self.entries
            self.entries = entries

    def leave(self) -> None:
        for process in self.processes.values():
            process.store.close()
        self.processes.clear()

    def teardown(self) -> None:
        self.leave()
        self.patch.stop()
        self.folder.cleanup()


TestJumpingClocks = JumpingClocks.TestCase
TestJumpingClocks.settings = settings(max_examples=examples(60), stateful_step_count=25)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> FakeMachine:
    machine = FakeMachine()
    monkeypatch.setattr("mock_mindvideo.system.clock.Machine", lambda: machine)
    return machine


def opened(store: Store) -> Mock:
    return Mock(store.clock, store=store, settings={"seed": 7})  # type: ignore[arg-type]


@pytest.mark.parametrize("set_by", [-YEAR, -3600, 3600, YEAR])
def test_one_warning_tells_of_a_jump_however_many_processes_see_it(
    machine: FakeMachine, set_by: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stores = [SqliteStore(tmp_path / "mock.db", CATALOG.lifecycle) for _ in range(3)]
    machine.set_wall(set_by)
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            machine.pass_(2)
            for store in stores:
                store.clock.real()
    for store in stores:
        store.close()
    (record,) = caplog.records
    direction = "back" if set_by < 0 else "forward"
    assert f"the system clock was set {direction} by {abs(set_by)} s" in record.getMessage()


def test_a_world_that_begins_after_a_jump_begins_at_the_new_time(machine: FakeMachine) -> None:
    mock = opened(MemoryStore(CATALOG.lifecycle))
    old = mock.world("old").now()
    machine.set_wall(YEAR)
    machine.pass_(5)
    assert mock.world("old").now() == old + 5 * SECOND
    assert mock.world("new").now() == machine.wall()
    mock.worlds.reset("old")
    assert mock.world("old").now() == machine.wall()


def test_a_clock_that_is_a_year_ahead_and_set_right_stops_no_world_that_began_meanwhile(
    machine: FakeMachine,
) -> None:
    machine.set_wall(YEAR)
    mock = opened(MemoryStore(CATALOG.lifecycle))
    mock.submit()
    machine.set_wall(-YEAR)
    machine.pass_(3)
    assert mock.statuses() == ["processing"]
    machine.pass_(7)
    assert mock.statuses() == ["succeeded"]


def test_a_running_clock_that_goes_back_itself_stops_nothing(
    machine: FakeMachine, tmp_path: Path
) -> None:
    store = SqliteStore(tmp_path / "mock.db", CATALOG.lifecycle)
    mock = opened(store)
    mock.submit()
    before = mock.world().now()
    machine._running -= 3600 * SECOND
    assert before <= mock.world().now() <= before + SECOND
    machine.pass_(10)
    assert mock.statuses() == ["succeeded"]
    store.close()
