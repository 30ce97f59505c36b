"""Many at once, under one key: one task, one charge."""

import multiprocessing
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from mock_mindvideo.domain.errors import IdempotencyKeyReused
from mock_mindvideo.domain.world import MANUAL
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores import MemoryStore, Store, open_store
from mock_mindvideo.system.clock import FakeClock
from mock_mindvideo.worlds import Registry, World
from mock_mindvideo.worlds.tasks import Service
from tests.redis_server import RedisServer

from .making import CATALOG, LIFECYCLE

THREADS = 64
ONE = {"model": "wan2-7-r2v", "input": {"prompt": "one", "video_urls": ["https://a.example/v"]}}
TWO = {"model": "wan2-7-r2v", "input": {"prompt": "two", "video_urls": ["https://a.example/v"]}}

Openings = Sequence[tuple[Service, World]]


def door(store: Store) -> tuple[Service, World]:
    clock = FakeClock()
    worlds = Registry(store, clock, LIFECYCLE, Settings(seed=1, progress=MANUAL))
    return Service(CATALOG, store), worlds.open("default")


@pytest.fixture(params=["memory", "sqlite", "sqlite twice", "redis", "redis twice"])
def doors(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Openings]:
    """What leads to one world: one store, or two openings of one that is shared."""
    kind, _, twice = request.param.partition(" ")
    stores: list[Store] = [MemoryStore(LIFECYCLE, FakeClock())]
    if kind != "memory":
        url = shared(kind, request, tmp_path)
        stores = [opened(url) for _ in range(2 if twice else 1)]
    yield [door(store) for store in stores]
    for store in stores:
        store.close()


@pytest.fixture(params=["sqlite", pytest.param("redis", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store that processes can share."""
    return shared(request.param, request, tmp_path)


def shared(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    if kind == "sqlite":
        return f"sqlite:///{folder / 'one.db'}"
    server: RedisServer = request.getfixturevalue("redis_server")
    server.empty()
    return server.url


def opened(url: str) -> Store:
    return open_store(Settings(store=url), LIFECYCLE)


def submit(service: Service, world: World, body: object) -> tuple[str, bool] | None:
    """The task's id and whether it was a replay, or None for a refusal."""
    try:
        answer = service.submit(world, service.orders.order(body), "k")
    except IdempotencyKeyReused:
        return None
    return answer.view.task.id, answer.replayed


def at_once(doors: Openings, bodies: Sequence[object]) -> list[tuple[str, bool] | None]:
    """The answers to THREADS submits that start together."""
    together = Barrier(THREADS)

    def one(number: int) -> tuple[str, bool] | None:
        together.wait(timeout=30)
        return submit(*doors[number % len(doors)], bodies[number // len(doors) % len(bodies)])

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(one, range(THREADS)))


def holds(doors: Openings) -> list[str]:
    """The task of each entry in the ledger, as every door shows it."""
    seen = [[entry.task_id for entry in service.ledger(world).entries] for service, world in doors]
    assert all(each == seen[0] for each in seen)
    return seen[0]


def test_one_key_makes_one_task_and_one_charge(doors: Openings) -> None:
    answers = Counter(at_once(doors, [ONE]))
    (task_id,) = holds(doors)
    assert answers == {(task_id, False): 1, (task_id, True): THREADS - 1}


def test_of_two_payloads_under_one_key_exactly_one_wins(doors: Openings) -> None:
    answers = Counter(at_once(doors, [ONE, TWO]))
    (task_id,) = holds(doors)
    assert answers == {(task_id, False): 1, (task_id, True): THREADS // 2 - 1, None: THREADS // 2}


def test_without_a_key_every_thread_gets_its_own_task(doors: Openings) -> None:
    together = Barrier(THREADS)

    def one(number: int) -> str:
        service, world = doors[number % len(doors)]
        together.wait(timeout=30)
        return service.submit(world, service.orders.order(ONE)).view.task.id

    with ThreadPoolExecutor(THREADS) as threads:
        made = list(threads.map(one, range(THREADS)))
    assert sorted(holds(doors)) == sorted(set(made)) == sorted(made)


def test_changes_of_many_threads_all_count(doors: Openings) -> None:
    def one(number: int) -> None:
        _, world = doors[number % len(doors)]
        world.change(lambda state: replace(state, committed=state.committed + 1))

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(one, range(THREADS)))
    assert {world.state.committed for _, world in doors} == {THREADS}


def in_a_process(url: str, bodies: Sequence[object]) -> list[tuple[str, bool] | None]:
    store = opened(url)
    try:
        return [submit(*door(store), body) for body in bodies]
    finally:
        store.close()


def in_two_processes(url: str, *plans: Sequence[object]) -> list[tuple[str, bool] | None]:
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(plans), mp_context=spawning) as processes:
        answers = processes.map(in_a_process, [url] * len(plans), plans)
        return [each for answer in answers for each in answer]


def the_only_task(url: str) -> str:
    store = opened(url)
    (task_id,) = holds([door(store)])
    store.close()
    return task_id


def test_two_processes_share_one_task_and_one_charge(url: str) -> None:
    answers = Counter(in_two_processes(url, [ONE] * 50, [ONE] * 50))
    assert answers == {(the_only_task(url), False): 1, (the_only_task(url), True): 99}


def test_of_two_processes_payloads_exactly_one_wins(url: str) -> None:
    answers = Counter(in_two_processes(url, [ONE, TWO] * 25, [TWO, ONE] * 25))
    task_id = the_only_task(url)
    assert answers == {(task_id, False): 1, (task_id, True): 49, None: 50}
