"""Other ways to run loops: uvloop, guests of trio, a library that is first imported in the test."""

import asyncio
import threading
import time

import pytest
import trio
import uvloop

from mock_mindvideo import MindVideo
from tests.conftest import TASKS, example

pytestmark = [pytest.mark.mindvideo(virtual_time=True), pytest.mark.timeout(60)]


def seconds(world: MindVideo, began: float) -> float:
    return round(world.now.timestamp() - began, 3)


def run_in_uvloop(work: object) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)  # type: ignore[arg-type]


def test_a_deadline_in_uvloop_takes_no_time(mindvideo: MindVideo) -> None:
    async def poll() -> None:
        async with mindvideo.async_client() as client, asyncio.timeout(20):
            while True:
                await client.post(TASKS, json=example())
                await asyncio.sleep(7)

    began, clock = mindvideo.now.timestamp(), time.monotonic()
    with pytest.raises(TimeoutError):
        run_in_uvloop(poll())
    assert seconds(mindvideo, began) == 20
    assert time.monotonic() - clock == pytest.approx(20)


def test_uvloop_waits_with_threads(mindvideo: MindVideo) -> None:
    began = mindvideo.now.timestamp()
    thread = threading.Thread(target=time.sleep, args=(30,))
    thread.start()
    run_in_uvloop(asyncio.sleep(20))
    assert seconds(mindvideo, began) == 20
    thread.join()
    assert seconds(mindvideo, began) == 30


def test_a_run_of_trio_as_a_guest_takes_no_time(mindvideo: MindVideo) -> None:
    async def host() -> None:
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        trio.lowlevel.start_guest_run(
            trio.sleep,
            100,
            run_sync_soon_threadsafe=loop.call_soon_threadsafe,
            done_callback=done.set_result,
        )
        await asyncio.wait_for(done, 300)

    began = mindvideo.now.timestamp()
    asyncio.run(host())
    assert seconds(mindvideo, began) == 100


def test_a_run_of_trio_with_its_own_clock_is_left_to_it(mindvideo: MindVideo) -> None:
    began = mindvideo.now.timestamp()
    clock = trio.testing.MockClock(autojump_threshold=0)
    trio.run(trio.sleep, 100, clock=clock)
    assert seconds(mindvideo, began) == 0
