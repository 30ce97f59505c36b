"""Every way in which a program waits takes the world's time, and no other."""

import asyncio
import concurrent.futures
import functools
import queue
import sched
import select
import threading
import time
from collections.abc import Callable
from time import sleep as bound_early

import anyio
import pytest
import trio

from mock_mindvideo import MindVideo

pytestmark = [pytest.mark.mindvideo(virtual_time=True), pytest.mark.timeout(20)]

by_partial = functools.partial(time.sleep, 100)


def by_default(seconds: float, nap: Callable[[float], None] = time.sleep) -> None:
    nap(seconds)


class Worker:
    nap = staticmethod(time.sleep)
    naps = {"time": time.sleep}  # noqa: RUF012


def held() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


def held_by_another() -> threading.RLock:  # type: ignore[valid-type]
    lock = threading.RLock()
    thread = threading.Thread(target=lock.acquire)
    thread.start()
    thread.join()
    return lock


def full() -> "queue.Queue[int]":
    full = queue.Queue[int](1)
    full.put(1)
    return full


def nothing(*_: object) -> None:
    """Do it."""


def expect(kind: type[BaseException], call: Callable[[], object]) -> None:
    with pytest.raises(kind):
        call()


def in_pool(call: Callable[[concurrent.futures.Executor], object]) -> None:
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        call(pool)


async def wait_for() -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), 100)


async def timeout() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(100):
            await asyncio.get_running_loop().create_future()


async def timeout_at() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout_at(asyncio.get_running_loop().time() + 100):
            await asyncio.Event().wait()


async def wait() -> None:
    task = asyncio.ensure_future(asyncio.Event().wait())
    await asyncio.wait([task], timeout=100)
    task.cancel()


async def call_later() -> None:
    done = asyncio.Event()
    asyncio.get_running_loop().call_later(100, done.set)
    await done.wait()


async def call_at() -> None:
    done, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.call_at(loop.time() + 100, done.set)
    await done.wait()


async def condition() -> None:
    condition = asyncio.Condition()
    async with condition:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(condition.wait(), 100)


async def as_completed() -> None:
    first = next(iter(asyncio.as_completed([asyncio.Event().wait()], timeout=100)))
    with pytest.raises(TimeoutError):
        await first


async def in_executor() -> None:
    await asyncio.get_running_loop().run_in_executor(None, time.sleep, 100)


async def move_on_after() -> None:
    with anyio.move_on_after(100):
        await anyio.sleep_forever()


async def fail_after() -> None:
    with pytest.raises(TimeoutError), anyio.fail_after(100):
        await anyio.sleep_forever()


async def anyio_thread() -> None:
    await anyio.to_thread.run_sync(time.sleep, 100)


async def trio_fail_after() -> None:
    with pytest.raises(trio.TooSlowError), trio.fail_after(100):
        await trio.sleep_forever()


async def trio_until() -> None:
    await trio.sleep_until(trio.current_time() + 100)


def by_condition() -> None:
    condition = threading.Condition()
    with condition:
        assert not condition.wait(100)


def by_condition_for() -> None:
    condition = threading.Condition()
    with condition:
        assert not condition.wait_for(lambda: False, 100)


def by_timer() -> None:
    done = threading.Event()
    threading.Timer(100, done.set).start()
    done.wait()


def by_thread() -> None:
    thread = threading.Thread(target=time.sleep, args=(100,))
    thread.start()
    thread.join()


def by_join() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    thread.join(100)
    assert thread.is_alive()
    done.set()
    thread.join()


def by_thread_with_loop() -> None:
    thread = threading.Thread(target=asyncio.run, args=(asyncio.sleep(100),))
    thread.start()
    thread.join()


def by_sched() -> None:
    events = sched.scheduler()
    events.enter(100, 1, nothing)
    events.run()


WAITS: dict[str, Callable[[], object]] = {
    "time.sleep": lambda: time.sleep(100),
    "sleep bound early": lambda: bound_early(100),
    "partial": by_partial,
    "default argument": lambda: by_default(100),
    "class attribute": lambda: Worker.nap(100),
    "value of a dict": lambda: Worker.naps["time"](100),
    "map": lambda: list(map(time.sleep, [60, 40])),
    "select of nothing": lambda: select.select([], [], [], 100),
    "Event.wait": lambda: threading.Event().wait(100),
    "Condition.wait": by_condition,
    "Condition.wait_for": by_condition_for,
    "Semaphore.acquire": lambda: threading.Semaphore(0).acquire(timeout=100),
    "Barrier.wait": lambda: expect(
        threading.BrokenBarrierError, lambda: threading.Barrier(2).wait(100)
    ),
    "Lock.acquire": lambda: held().acquire(timeout=100),
    "Lock.acquire by position": lambda: held().acquire(True, 100),
    "RLock.acquire": lambda: held_by_another().acquire(timeout=100),
    "Timer": by_timer,
    "Thread": by_thread,
    "Thread.join": by_join,
    "Queue.get": lambda: expect(queue.Empty, lambda: queue.Queue().get(timeout=100)),
    "Queue.put": lambda: expect(queue.Full, lambda: full().put(2, timeout=100)),
    "SimpleQueue.get": lambda: expect(queue.Empty, lambda: queue.SimpleQueue().get(timeout=100)),
    "PriorityQueue.get": lambda: expect(
        queue.Empty, lambda: queue.PriorityQueue().get(timeout=100)
    ),
    "Future.result": lambda: expect(
        TimeoutError, lambda: concurrent.futures.Future().result(timeout=100)
    ),
    "Future.exception": lambda: expect(
        TimeoutError, lambda: concurrent.futures.Future().exception(timeout=100)
    ),
    "futures.wait": lambda: concurrent.futures.wait([concurrent.futures.Future()], timeout=100),
    "futures.as_completed": lambda: expect(
        TimeoutError,
        lambda: list(concurrent.futures.as_completed([concurrent.futures.Future()], timeout=100)),
    ),
    "a thread of a pool": lambda: in_pool(lambda pool: pool.submit(time.sleep, 100).result()),
    "map of a pool": lambda: in_pool(lambda pool: list(pool.map(time.sleep, [100, 50]))),
    "sched": by_sched,
    "asyncio.sleep": lambda: asyncio.run(asyncio.sleep(100)),
    "asyncio.wait_for": lambda: asyncio.run(wait_for()),
    "asyncio.timeout": lambda: asyncio.run(timeout()),
    "asyncio.timeout_at": lambda: asyncio.run(timeout_at()),
    "asyncio.wait": lambda: asyncio.run(wait()),
    "asyncio.Condition": lambda: asyncio.run(condition()),
    "asyncio.as_completed": lambda: asyncio.run(as_completed()),
    "call_later": lambda: asyncio.run(call_later()),
    "call_at": lambda: asyncio.run(call_at()),
    "asyncio.to_thread": lambda: asyncio.run(asyncio.to_thread(time.sleep, 100)),
    "run_in_executor": lambda: asyncio.run(in_executor()),
    "asyncio in a thread": by_thread_with_loop,
    "anyio.sleep": lambda: anyio.run(anyio.sleep, 100),
    "anyio.move_on_after": lambda: anyio.run(move_on_after),
    "anyio.fail_after": lambda: anyio.run(fail_after),
    "anyio.to_thread": lambda: anyio.run(anyio_thread),
    "anyio.sleep in trio": lambda: anyio.run(anyio.sleep, 100, backend="trio"),
    "anyio.move_on_after in trio": lambda: anyio.run(move_on_after, backend="trio"),
    "anyio.to_thread in trio": lambda: anyio.run(anyio_thread, backend="trio"),
    "trio.sleep": lambda: trio.run(trio.sleep, 100),
    "trio.sleep_until": lambda: trio.run(trio_until),
    "trio.fail_after": lambda: trio.run(trio_fail_after),
}


@pytest.mark.parametrize("wait", WAITS.values(), ids=WAITS)
def test_a_wait_takes_the_worlds_time(mindvideo: MindVideo, wait: Callable[[], object]) -> None:
    began, clock = mindvideo.now, time.monotonic()

    wait()
    assert 100 <= (mindvideo.now - began).total_seconds() < 101
    assert 100 <= round(time.monotonic() - clock, 3) < 101


def test_time_stands_while_a_thread_has_just_got_what_it_waited_for(mindvideo: MindVideo) -> None:
    for _ in range(100):
        told, got = queue.SimpleQueue[int](), list[float]()

        def take(told: "queue.SimpleQueue[int]" = told, got: list[float] = got) -> None:
            told.get()
            got.append(time.monotonic())

        thread = threading.Thread(target=take)
        thread.start()
        time.sleep(1)  # it waits by now
        began = time.monotonic()
        told.put(1)
        time.sleep(300)
        thread.join()
        assert got == [began]
