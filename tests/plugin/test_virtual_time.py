"""Sleeping without time: every way to sleep moves the world's clock, in the order of waking."""

import asyncio
import threading
import time
from contextlib import suppress
from time import sleep as imported_by_name

import anyio
import pytest
import trio

from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.virtual.standing_still import StandingStill
from tests.conftest import TASKS, example

pytestmark = pytest.mark.mindvideo(patch_sleep=True)


def passed(world: MindVideo, began: object) -> float:
    return float((world.now - began).total_seconds())  # type: ignore[operator]


@pytest.mark.parametrize(
    "nap",
    [
        lambda: time.sleep(100),
        lambda: imported_by_name(100),
        lambda: asyncio.run(asyncio.sleep(100)),
        lambda: asyncio.run(anyio.sleep(100)),
        lambda: trio.run(trio.sleep, 100),
        lambda: trio.run(anyio.sleep, 100),
    ],
    ids=["time", "by name", "asyncio", "anyio", "trio", "anyio in trio"],
)
def test_a_sleep_moves_the_clock_by_as_much(mindvideo: MindVideo, nap) -> None:
    began = mindvideo.now

    nap()
    assert passed(mindvideo, began) == 100


def test_a_sleep_in_another_thread_moves_it_too(mindvideo: MindVideo) -> None:
    began = mindvideo.now

    thread = threading.Thread(target=lambda: time.sleep(60))
    thread.start()
    thread.join()
    assert passed(mindvideo, began) == 60


@pytest.mark.parametrize("library", ["asyncio", "trio"])
def test_sleepers_of_one_loop_wake_in_the_order_of_their_times(
    mindvideo: MindVideo, library: str
) -> None:
    began = mindvideo.now
    woken: list[tuple[str, float]] = []

    async def nap(name: str, *lengths: float) -> None:
        for length in lengths:
            await anyio.sleep(length)
            woken.append((name, passed(mindvideo, began)))

    async def all_of_them() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(nap, "long", 5)
            group.start_soon(nap, "short", 2, 2, 2)

    anyio.run(all_of_them, backend=library)
    assert woken == [("short", 2), ("short", 4), ("long", 5), ("short", 6)]


def test_a_cancelled_sleeper_holds_nobody_back(mindvideo: MindVideo) -> None:
    began = mindvideo.now

    async def work() -> None:
        sleeper = asyncio.create_task(asyncio.sleep(1))
        other = asyncio.create_task(asyncio.sleep(5))
        sleeper.cancel()
        await other

    asyncio.run(work())
    assert passed(mindvideo, began) == 5


def test_a_sleep_of_nothing_is_the_loops_own(mindvideo: MindVideo) -> None:
    began = mindvideo.now

    assert asyncio.run(asyncio.sleep(0, "result")) == "result"
    assert passed(mindvideo, began) == 0


def test_a_poll_loop_runs_as_it_is_written(mindvideo: MindVideo) -> None:
    with mindvideo.client() as client:
        task_id = client.post(TASKS, json=example()).json()["task_id"]
        polls = 1
        while client.get(f"{TASKS}/{task_id}").json()["status"] != "succeeded":
            time.sleep(2.5)
            polls += 1
    assert polls == 5
    mindvideo.assert_polled_politely(2.5)


def poll_without_sleeping(world: MindVideo) -> None:
    """A loop that survives every error, and waits for nothing."""
    with world.client() as client:
        task_id = client.post(TASKS, json=example()).json()["task_id"]
        status = "queued"
        while status != "succeeded":
            with suppress(Exception):
                status = client.get(f"{TASKS}/{task_id}").json()["status"]


def test_a_loop_that_never_sleeps_is_ended_with_the_reason(mindvideo: MindVideo) -> None:
    with pytest.raises(StandingStill) as ended:
        poll_without_sleeping(mindvideo)

    assert str(ended.value) == (
        "2000 requests while the world's clock stood: in virtual time only waiting moves it;"
        " sleep between polls, or let polls move it (progress='polls')"
    )


def test_a_blocked_stream_lets_time_pass_to_the_next_event(mindvideo: MindVideo) -> None:
    began = mindvideo.now
    with mindvideo.client(timeout=60) as client:
        task_id = client.post(TASKS, json=example()).json()["task_id"]
        client.get(f"{TASKS}/{task_id}/events")

    assert passed(mindvideo, began) == 10
    mindvideo.assert_stream_complete(task_id)


@pytest.mark.mindvideo(script="delay=7; times=1")
def test_a_delay_passes_in_the_worlds_time(mindvideo: MindVideo) -> None:
    began = mindvideo.now
    with mindvideo.client(timeout=60) as client:
        client.post(TASKS, json=example())

    assert passed(mindvideo, began) == 7


@pytest.mark.mindvideo(patch_sleep=False)
def test_sleeps_can_be_patched_in_the_test_and_are_recorded(mindvideo: MindVideo) -> None:
    assert mindvideo.progress == "polls"
    sleeper = mindvideo.patch_sleep()

    time.sleep(3)
    asyncio.run(asyncio.sleep(4))
    assert (sleeper.naps, sleeper.total) == ([3.0, 4.0], 7.0)
    assert mindvideo.progress == "manual"


@pytest.mark.mindvideo(patch_sleep=False)
def test_every_sleep_is_itself_again_afterwards(mindvideo: MindVideo) -> None:
    began = mindvideo.now
    with mindvideo.virtual_time():
        everything_sleeps(0.001)
    assert passed(mindvideo, began) == 0.005

    began, clock = mindvideo.now, time.perf_counter()
    everything_sleeps(0.001)
    assert passed(mindvideo, began) == 0
    assert time.perf_counter() - clock >= 0.005


def everything_sleeps(seconds: float) -> None:
    time.sleep(seconds)
    imported_by_name(seconds)
    asyncio.run(asyncio.sleep(seconds))
    trio.run(trio.sleep, seconds)
    anyio.run(anyio.sleep, seconds)


def test_the_live_servers_own_loop_sleeps_on(mindvideo_live: MindVideo) -> None:
    began = mindvideo_live.now
    with mindvideo_live.client() as client:
        for _ in range(5):
            client.post(TASKS, json=example())

    assert passed(mindvideo_live, began) == 0
