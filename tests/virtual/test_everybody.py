"""The world moves when everybody waits, to the nearest moment at which somebody wakes."""

import _thread
import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import sleep
from types import FunctionType

import httpx
import pytest
import tenacity
import trio

from mock_mindvideo import MindVideo
from mock_mindvideo.virtual import in_force, real
from mock_mindvideo.virtual.standing_still import StandingStill
from tests.conftest import TASKS, example

pytestmark = [pytest.mark.mindvideo(virtual_time=True), pytest.mark.timeout(30)]


def passed(world: MindVideo, began: object) -> float:
    return float((world.now - began).total_seconds())  # type: ignore[operator]


def together(*works: Callable[[], object]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_threads_that_sleep_at_the_same_time_overlap(mindvideo: MindVideo) -> None:
    began = mindvideo.now
    together(*[lambda: time.sleep(10)] * 5, lambda: asyncio.run(asyncio.sleep(10)))
    assert passed(mindvideo, began) == 10


def test_threads_wake_in_the_order_of_their_times(mindvideo: MindVideo) -> None:
    began, woken = mindvideo.now, list[tuple[str, float]]()

    def nap(name: str, *lengths: float) -> None:
        for length in lengths:
            time.sleep(length)
            woken.append((name, passed(mindvideo, began)))

    together(lambda: nap("long", 5), lambda: nap("short", 2, 2, 2))
    assert woken == [("short", 2), ("short", 4), ("long", 5), ("short", 6)]


def test_a_loop_in_the_background_does_not_run_the_world_away(mindvideo: MindVideo) -> None:
    rounds = []

    def beat() -> None:
        while True:
            time.sleep(60)
            rounds.append(mindvideo.now)

    threading.Thread(target=beat, daemon=True).start()
    began = mindvideo.now
    for _ in range(5):
        sum(range(300_000))
        time.sleep(2)
    assert passed(mindvideo, began) == 10
    assert rounds == []

    time.sleep(115)
    assert [(each - began).total_seconds() for each in rounds] == [60, 120]


def test_the_world_stands_while_somebody_works(mindvideo: MindVideo) -> None:
    began, seen = mindvideo.now, list[float]()

    def work() -> None:
        for _ in range(20):
            sum(range(100_000))
        seen.append(passed(mindvideo, began))

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(600)
    thread.join()
    assert seen == [0]


def test_who_waits_for_a_lock_that_a_sleeper_holds_waits_with_it(mindvideo: MindVideo) -> None:
    began, lock = mindvideo.now, threading.Lock()

    def limited() -> None:
        with lock:
            time.sleep(1)

    together(*[limited] * 5)
    assert passed(mindvideo, began) == 5


def test_jobs_of_a_pool_overlap_as_many_as_it_has_threads(mindvideo: MindVideo) -> None:
    began = mindvideo.now
    with ThreadPoolExecutor(4) as pool:
        for job in [pool.submit(time.sleep, 10) for _ in range(8)]:
            job.result(timeout=25)
    assert passed(mindvideo, began) == 20


def test_the_world_stands_while_a_thread_is_being_started(mindvideo: MindVideo) -> None:
    """Even one that takes no part: who starts it is blocked until a busy machine has run it."""
    timeline = in_force.timeline()
    assert timeline is not None
    started, seen = real.allocate_lock(), list[bool]()

    def look() -> None:
        until = real.monotonic() + 0.1
        seen.append(timeline.party.all_wait())
        while real.monotonic() < until:
            seen.append(timeline.party.all_wait())
        started.release()

    def begin() -> None:
        started.acquire()
        _thread.start_new_thread(look, ())
        started.acquire()

    timeline.party.start(threading.Thread(), begin, takes_part=False)
    assert len(seen) > 0
    assert not any(seen)


class Gated(threading.Event):
    """Begins to wait when it is let to: as where a busy machine has not yet run a thread."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Lock()
        self.gate.acquire()

    def wait(self, timeout: float | None = None) -> bool:
        with self.gate:
            pass
        return super().wait(timeout)


#: A function of pytest-timeout's, which hands such a one to a timer.
ALARM = FunctionType((lambda rung: rung.append(True)).__code__, {"__name__": "pytest_timeout"})


@pytest.mark.parametrize("function", [ALARM, partial(ALARM)], ids=["plain", "partial"])
@pytest.mark.mindvideo(virtual_time=False)
def test_a_timer_of_the_test_runner_that_was_started_before_is_real(
    mindvideo: MindVideo, function: Callable[[list[bool]], None]
) -> None:
    rung: list[bool] = []
    timer = threading.Timer(60, function, (rung,))
    timer.finished = gated = Gated()
    timer.start()
    with mindvideo.virtual_time():
        gated.gate.release()
        time.sleep(7200)
        time.sleep(7200)
    timer.cancel()
    timer.join()
    assert rung == []


pool_of_the_application = ThreadPoolExecutor(2)
pool_of_the_application.submit(time.sleep, 0).result()


@pytest.mark.parametrize("time", ["first", "second", "third"])
def test_a_pool_from_before_the_test_takes_part(mindvideo: MindVideo, time: str) -> None:
    began = mindvideo.now
    jobs = [pool_of_the_application.submit(sleep, 10) for _ in range(2)]
    for job in jobs:
        job.result(timeout=11)
    assert passed(mindvideo, began) == 10


def create(client: httpx.Client) -> str:
    return str(client.post(TASKS, json=example()).json()["task_id"])


@pytest.mark.slow
@pytest.mark.mindvideo(script="outcome=stuck")
def test_a_deadline_of_ten_minutes_ends_in_no_time(mindvideo: MindVideo) -> None:
    with mindvideo.client() as client:
        task_id, until = create(client), time.monotonic() + 600
        while time.monotonic() < until:
            assert client.get(f"{TASKS}/{task_id}").json()["status"] in ("queued", "processing")
            time.sleep(2)
    assert 300 <= len(mindvideo.requests) - 1 <= 301


@pytest.mark.slow
@pytest.mark.mindvideo(script="outcome=stuck")
@pytest.mark.parametrize("library", ["asyncio", "trio"])
def test_a_deadline_of_a_loop_ends_in_no_time(mindvideo: MindVideo, library: str) -> None:
    async def poll(nap: Callable[[float], object]) -> None:
        async with mindvideo.async_client() as client:
            task_id = (await client.post(TASKS, json=example())).json()["task_id"]
            while True:
                await client.get(f"{TASKS}/{task_id}")
                await nap(2)  # type: ignore[misc]

    async def in_asyncio() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(poll(asyncio.sleep), 600)

    async def in_trio() -> None:
        with trio.move_on_after(600):
            await poll(trio.sleep)

    began = mindvideo.now
    asyncio.run(in_asyncio()) if library == "asyncio" else trio.run(in_trio)
    assert passed(mindvideo, began) == 600


@pytest.mark.mindvideo(script="outcome=stuck")
def test_tenacity_stops_after_its_delay(mindvideo: MindVideo) -> None:
    with mindvideo.client() as client:
        task_id = create(client)

        @tenacity.retry(
            stop=tenacity.stop_after_delay(600),
            wait=tenacity.wait_fixed(5),
            retry=tenacity.retry_if_result(lambda status: status != "succeeded"),
        )
        def poll() -> str:
            return str(client.get(f"{TASKS}/{task_id}").json()["status"])

        with pytest.raises(tenacity.RetryError):
            poll()
    assert len(mindvideo.requests) == 122


def test_a_worker_with_a_queue_ends_its_job_in_time(mindvideo: MindVideo) -> None:
    with ThreadPoolExecutor(1) as pool, mindvideo.client() as client:

        def work() -> str:
            task_id = create(client)
            while (status := client.get(f"{TASKS}/{task_id}").json()["status"]) != "succeeded":
                time.sleep(3)
            return str(status)

        assert pool.submit(work).result(timeout=60) == "succeeded"


def test_a_stream_in_one_thread_waits_with_a_sleeper_in_another(mindvideo: MindVideo) -> None:
    began, seen = mindvideo.now, list[tuple[str, float]]()

    def follow() -> None:
        with mindvideo.client(timeout=60) as client:
            task_id = create(client)
            with client.stream("GET", f"{TASKS}/{task_id}/events") as stream:
                for line in stream.iter_lines():
                    if line.startswith("event:"):
                        seen.append((line[7:], passed(mindvideo, began)))

    def nap() -> None:
        for _ in range(4):
            time.sleep(3)
            seen.append(("nap", passed(mindvideo, began)))

    together(follow, nap)
    assert sorted(seen, key=lambda each: each[1]) == seen
    assert [at for name, at in seen if name == "nap"] == [3, 6, 9, 12]
    assert [at for name, at in seen if name == "task.succeeded"] == [10]


def test_a_test_in_which_nothing_will_happen_is_ended_with_the_story(
    mindvideo: MindVideo,
) -> None:
    lock = threading.Event()
    thread = threading.Thread(target=lock.wait, name="worker")
    thread.start()
    time.sleep(5)

    with pytest.raises(StandingStill) as ended:
        threading.Event().wait()
    lock.set()
    thread.join()
    story = str(ended.value)
    assert "nothing will ever happen again" in story
    assert "MainThread waits since +5.000s" in story
    assert "worker waits since +0.000s" in story
    assert "threading.Event().wait()" in story


def test_the_story_names_the_tasks_of_a_loop(mindvideo: MindVideo) -> None:
    async def waits_for_ever() -> None:
        await asyncio.Event().wait()

    async def main() -> None:
        await asyncio.gather(asyncio.create_task(waits_for_ever(), name="follower"))

    with pytest.raises(StandingStill) as ended:
        asyncio.run(main())
    assert "follower at" in str(ended.value)
    assert "await asyncio.Event().wait()" in str(ended.value)


def test_the_story_names_the_tasks_of_a_run_of_trio(mindvideo: MindVideo) -> None:
    async def waits_for_ever() -> None:
        await trio.sleep_forever()

    with pytest.raises(StandingStill) as ended:
        trio.run(waits_for_ever)
    assert "await trio.sleep_forever()" in str(ended.value)
