"""Long bodies of all requests together stay within a bound, and none keeps the others waiting."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.web import bodies
from mock_mindvideo.web.bodies import Bodies, HeldBody

MOST = 100


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE", 0.001)


def run(main: Callable[[Bodies], Awaitable[None]]) -> None:
    async def within() -> None:
        async with asyncio.timeout(60):
            await main(Bodies(MOST))

    asyncio.run(within())


async def turn() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


def test_a_body_that_arrives_waits_until_bodies_in_work_have_made_room() -> None:
    async def main(all_: Bodies) -> None:
        first, second = HeldBody(all_), HeldBody(all_)
        assert await first.grow(MOST)
        first.work()
        waiting = asyncio.create_task(second.grow(10))
        await turn()
        assert not waiting.done()
        first.end()
        assert await waiting
        assert all_.size == 10

    run(main)


def test_of_bodies_that_all_arrive_the_oldest_is_read_on_and_the_others_wait() -> None:
    async def main(all_: Bodies) -> None:
        first, second = HeldBody(all_), HeldBody(all_)
        assert await first.grow(60)
        waiting = asyncio.create_task(second.grow(60))
        await turn()
        assert not waiting.done()
        assert await first.grow(90)
        first.work()
        first.end()
        assert await waiting

    run(main)


def test_a_body_that_stops_in_the_middle_is_refused_when_others_wait_for_it() -> None:
    async def main(all_: Bodies) -> None:
        stopped = [HeldBody(all_) for _ in range(3)]
        assert [await each.grow(MOST // 2) for each in stopped[:2]] == [True, True]
        assert await HeldBody(all_).grow(50)
        assert [each.refused for each in stopped] == [True, True, False]
        assert not await stopped[0].grow(60)
        assert all_.size == 50

    run(main)


def test_a_body_held_by_a_delay_or_a_gate_is_not_refused_but_newer_ones_are() -> None:
    async def main(all_: Bodies) -> None:
        resting = HeldBody(all_)
        assert await resting.grow(MOST)
        resting.work()
        resting.rest()
        newer = HeldBody(all_)
        waiting = [asyncio.create_task(each.grow(20)) for each in (newer, HeldBody(all_))]
        assert [await each for each in waiting] == [True, False]
        assert (resting.refused, newer.refused) == (False, True)

    run(main)


@given(
    st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=5), min_size=1, max_size=30),
    st.data(),
)
def test_bodies_stay_within_the_bound_and_each_one_ends(
    sizes: list[list[int]], data: st.DataObject
) -> None:
    """Whole bodies are worked on one by one; some of their clients stop in the middle."""
    stops = data.draw(st.sets(st.integers(0, len(sizes) - 1)))
    one, pieces = max(map(sum, sizes)), sum(map(max, sizes))

    async def send(all_: Bodies, number: int, alone: asyncio.Lock, over: asyncio.Event) -> None:
        held, size = HeldBody(all_), 0
        try:
            for piece in sizes[number]:
                size += piece
                if not await held.grow(size):
                    return
                assert all_.size <= MOST + one + pieces
                await asyncio.sleep(0)
            if number in stops:
                await over.wait()
            held.work()
            async with alone:
                await asyncio.sleep(0)
        finally:
            held.end()

    async def main(all_: Bodies) -> None:
        alone, over = asyncio.Lock(), asyncio.Event()
        sent = [
            asyncio.create_task(send(all_, number, alone, over)) for number in range(len(sizes))
        ]
        await asyncio.gather(*(each for number, each in enumerate(sent) if number not in stops))
        over.set()
        await asyncio.gather(*sent)
        assert (all_.size, all_.arriving, all_.working) == (0, {}, set())

    run(main)
