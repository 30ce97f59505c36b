"""Of a caller that floods few steps run at once in threads, so that somebody else's run too."""

import asyncio
from collections.abc import Callable
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.web.lanes import MOMENT, PART, Lanes, Took, Width, lanes_of

FLOOD, VICTIM = b"Bearer mv_test_flood", b"Bearer mv_test_victim"
MOST = 8


class Work:
    """Steps that run until they are let go, and who began."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._let_go = Event()
        self.begun: list[bytes] = []
        self.running: set[asyncio.Task[bytes]] = set()

    def step(self, caller: bytes) -> "asyncio.Task[bytes]":
        task = asyncio.ensure_future(self._lanes.run(caller, lambda: self._hold(caller)))
        self.running.add(task)
        return task

    def _hold(self, caller: bytes) -> bytes:
        self.begun.append(caller)
        assert self._let_go.wait(60)
        return caller

    async def have_begun(self, count: int) -> None:
        """Wait until so many have, and see that no more do."""
        async with asyncio.timeout(20):
            while len(self.begun) < count:
                await asyncio.sleep(0)
        for _ in range(100):
            await asyncio.sleep(0)
        assert len(self.begun) == count

    async def end(self) -> list[bytes]:
        self._let_go.set()
        return await asyncio.gather(*self.running)


def _working(check: Callable[[Work, Lanes], object]) -> None:
    async def run() -> None:
        lanes = Lanes(MOST)
        work = Work(lanes)
        await check(work, lanes)  # type: ignore[misc]
        await work.end()

    asyncio.run(run())


def test_a_single_caller_has_all_threads() -> None:
    async def alone(work: Work, _: Lanes) -> None:
        for _ in range(3 * MOST):
            work.step(FLOOD)
        await work.have_begun(MOST)

    _working(alone)


def test_somebody_else_does_not_wait_for_those_of_a_flood_who_wait() -> None:
    async def flooded(work: Work, _: Lanes) -> None:
        for _ in range(3 * MOST):
            work.step(FLOOD)
        await work.have_begun(MOST)
        work.step(VICTIM)
        await work.have_begun(MOST + 1)
        assert work.begun[-1] == VICTIM

    _working(flooded)


def test_while_others_come_a_caller_that_has_waited_for_nothing_yet_has_one_step_at_once() -> None:
    async def accompanied(work: Work, _: Lanes) -> None:
        for caller in (FLOOD, VICTIM):
            work.step(caller)
        for _ in range(3 * MOST):
            work.step(FLOOD)
        await work.have_begun(2)
        assert work.begun.count(FLOOD) == 1

    _working(accompanied)


@given(st.lists(st.tuples(st.sampled_from([FLOOD, VICTIM, b""]), st.booleans()), max_size=30))
def test_every_step_runs_once_whoever_is_cancelled_while_it_waits(
    steps: list[tuple[bytes, bool]],
) -> None:
    async def run() -> None:
        lanes, done = Lanes(2), list[int]()
        tasks = [
            asyncio.ensure_future(lanes.run(caller, lambda number=number: done.append(number)))
            for number, (caller, _) in enumerate(steps)
        ]
        await asyncio.sleep(0)
        for task, (_, cancelled) in zip(tasks, steps, strict=True):
            if cancelled:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        kept = {number for number, (_, cancelled) in enumerate(steps) if not cancelled}
        assert kept <= set(done)
        assert len(done) == len(set(done))
        assert await lanes.run(VICTIM, lambda: "there is room again") == "there is room again"

    asyncio.run(run())


def test_what_goes_wrong_in_a_step_is_raised_and_takes_no_room() -> None:
    async def run() -> None:
        lanes = Lanes(1)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await lanes.run(FLOOD, lambda: 1 / 0)

    asyncio.run(run())


def test_callers_that_have_steps_share_the_threads() -> None:
    async def shared(work: Work, lanes: Lanes) -> None:
        widened(lanes.width)
        for _ in range(MOST):
            for caller in (FLOOD, VICTIM):
                work.step(caller)
        await work.have_begun(MOST)
        assert work.begun.count(FLOOD) == work.begun.count(VICTIM) == MOST // 2

    _working(shared)


def widened(width: Width) -> None:
    """By a store that is far away, for which somebody waits."""
    for _ in range(MOST**2):
        width.adapt(Took(0.0, 0.01), scarce=True)
    assert int(width) == MOST


SECONDS = st.floats(min_value=0, max_value=1)


@given(st.lists(st.tuples(SECONDS, SECONDS, st.booleans())))
def test_there_is_room_for_one_step_and_never_for_more_than_all(
    steps: list[tuple[float, float, bool]],
) -> None:
    width = Width(MOST)
    for lag, idle, scarce in steps:
        width.adapt(Took(lag, idle), scarce=scarce)
        assert 1 <= int(width) <= MOST


@given(SECONDS, st.booleans(), st.floats(min_value=1.01, max_value=100))
def test_a_loop_that_hears_late_of_ended_steps_leaves_one_step_at_once(
    idle: float, scarce: bool, longer: float
) -> None:
    width = Width(MOST)
    widened(width)
    for _ in range(1000):
        width.adapt(Took((MOMENT + idle * PART) * longer, idle), scarce=scarce)
    assert int(width) == 1


@given(SECONDS, st.floats(min_value=0, max_value=0.99))
def test_a_loop_that_hears_soon_of_ended_steps_allows_as_many_as_callers_wait_for(
    idle: float, shorter: float
) -> None:
    width = Width(MOST)
    took = Took((MOMENT + idle * PART) * shorter, idle)
    for _ in range(1000):
        width.adapt(took, scarce=False)
    assert int(width) == 1
    for _ in range(1000):
        width.adapt(took, scarce=True)
    assert int(width) == MOST


def test_the_requests_of_a_loop_share_them() -> None:
    async def here() -> Lanes:
        loop = asyncio.get_running_loop()
        assert lanes_of(loop) is lanes_of(loop)
        return lanes_of(loop)

    assert asyncio.run(here()) is not asyncio.run(here())
