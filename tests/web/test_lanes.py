"""Of a caller that floods few steps run at once in threads, so that somebody else's run too."""

import asyncio
from collections.abc import Callable
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.web.lanes import FEW, MOMENT, Lanes, Width, lanes_of

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
        assert self._let_go.wait(20)
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


def test_who_comes_alone_has_all_threads() -> None:
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


def test_while_others_come_few_steps_of_one_caller_run_at_once() -> None:
    async def accompanied(work: Work, _: Lanes) -> None:
        for caller in (FLOOD, VICTIM):
            work.step(caller)
        for _ in range(3 * MOST):
            work.step(FLOOD)
        await work.have_begun(FEW + 1)
        assert work.begun.count(FLOOD) == FEW

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


@given(st.lists(st.floats(min_value=0, max_value=1)))
def test_a_lane_has_room_for_a_few_and_never_for_more_than_all(lags: list[float]) -> None:
    width = Width(MOST)
    for lag in lags:
        before = int(width)
        width.adapt(lag)
        assert FEW <= int(width) <= MOST
        assert int(width) <= before if lag > MOMENT else int(width) >= before


def test_a_lane_grows_to_all_threads_where_the_loop_never_waits() -> None:
    width = Width(MOST)
    for _ in range(MOST**2):
        width.adapt(0.0)
    assert int(width) == MOST


def test_the_requests_of_a_loop_share_them() -> None:
    async def here() -> Lanes:
        loop = asyncio.get_running_loop()
        assert lanes_of(loop) is lanes_of(loop)
        return lanes_of(loop)

    assert asyncio.run(here()) is not asyncio.run(here())
