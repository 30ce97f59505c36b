"""A world of very many tasks, and very many worlds: no request holds up the others for long."""

import asyncio
import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.serving.configuration import tune_garbage_collection
from mock_mindvideo.settings import Bounds, Settings
from mock_mindvideo.stores import Ground, Payload
from mock_mindvideo.web.app import App
from tests.conftest import AUTH, example
from tests.effort import least

TASKS = 60_000

#: Seconds of the processor for which a request may have the event loop to itself.
LONG = 0.05

LOOKS: dict[str, Callable[[httpx.AsyncClient], Any]] = {
    "tasks": lambda client: client.get("/_mock/tasks?limit=10000"),
    "ledger": lambda client: client.get("/_mock/ledger?limit=10000"),
    "requests": lambda client: client.get("/_mock/requests?limit=10000"),
    "advance": lambda client: client.post("/_mock/clock", json={"advance": 3}),
    "credit": lambda client: client.post("/_mock/credit", json={"credit": "5"}),
    "health": lambda client: client.get("/_mock/health"),
}


def fill(app: App) -> None:
    """Many tasks in one world, half of them failed, without going through the API each time."""
    world = app.worlds.open("default")
    order = app.service.orders.order(example())
    first = app.service.submit(world, order).view.task
    payload = Payload(first.model, first.input)

    def admit(ground: Ground) -> Any:
        task_id, request_id = ground.state.ids(ground.number)
        outcome = "failed" if ground.number % 2 else "succeeded"
        changes = {"id": task_id, "request_id": request_id, "outcome": outcome}
        return ground.state, first._replace(number=ground.number, **changes)

    for _ in range(TASKS):
        app.store.create(world.start, None, payload, admit)


@pytest.fixture(scope="module", params=["memory", "file"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    file = tmp_path_factory.mktemp("scale") / "mock.db" if request.param == "file" else None
    app = App(Settings(db=file, progress="manual", seed=7))
    fill(app)
    thresholds = gc.get_threshold()
    tune_garbage_collection()
    gc.freeze()  # as `serve` does; all that the tests have loaded is no part of it
    yield app
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    app.store.close()


async def longest_turn(app: App, look: Callable[[httpx.AsyncClient], Any], at_once: int) -> float:
    """The longest time for which nobody else was served, in seconds of the processor."""
    longest, over = 0.0, False

    async def watch() -> None:
        nonlocal longest
        while not over:
            before = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - before)

    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
    base = {"base_url": "http://127.0.0.1:8080", "headers": AUTH}
    async with httpx.AsyncClient(transport=transport, timeout=None, **base) as client:  # noqa: S113
        for path in ("clock", "health"):
            await client.get(f"/_mock/{path}")  # what is loaded late is loaded now
        watching = asyncio.create_task(watch())
        answers = await asyncio.gather(*(look(client) for _ in range(at_once)))
        over = True
        await watching
    assert [answer.status_code for answer in answers] == [200] * at_once
    return longest


@pytest.mark.slow
@pytest.mark.parametrize("at_once", [1, 4])
@pytest.mark.parametrize("look", LOOKS)
def test_a_look_at_a_large_world_holds_up_nobody_for_long(
    app: App, look: str, at_once: int
) -> None:
    def measured() -> float:
        return asyncio.run(longest_turn(app, LOOKS[look], at_once))

    moves = look == "advance"  # only the first has tasks to move
    assert (measured() if moves else least(measured, LONG)) < LONG


@pytest.mark.slow
def test_a_reset_of_a_large_world_holds_up_nobody_for_long(app: App) -> None:
    reset = asyncio.run(longest_turn(app, lambda client: client.post("/_mock/reset", json={}), 1))
    assert reset < LONG
    assert [task.number for task in app.store.tasks("default") if task.number] == []


@pytest.mark.slow
def test_a_full_world_makes_room_a_little_at_a_time() -> None:
    app = App(Settings(progress="manual", bounds=Bounds(tasks=TASKS + 1)))
    fill(app)
    world = app.worlds.open("default")
    world.advance(3600)
    order = app.service.orders.order(example())
    longest = 0.0
    for _ in range(500):
        began = time.thread_time()
        app.service.submit(world, order)
        longest = max(longest, time.thread_time() - began)
    assert longest < LONG
    assert sum(1 for _ in app.store.tasks("default")) <= TASKS + 1


def test_a_refusal_where_very_many_worlds_are_in_use_is_quick() -> None:
    app = App(Settings(progress="manual", bounds=Bounds(worlds=4096)))
    order = app.service.orders.order(example())
    for number in range(4096):
        app.service.submit(app.worlds.open(f"w{number}"), order)
    began = time.thread_time()
    for number in range(20):
        with pytest.raises(Unavailable, match="full of worlds that are in use"):
            app.worlds.open(f"more-{number}").now()
    assert (time.thread_time() - began) / 20 < LONG / 5


@pytest.mark.parametrize("speed", [None, 2.0])
def test_a_restart_with_very_many_worlds_is_quick(tmp_path: Path, speed: float | None) -> None:
    first = App(Settings(db=tmp_path / "mock.db", speed=1.0))
    with first.store._database.writing():  # type: ignore[attr-defined]
        for number in range(5000):
            first.store.world(first.worlds.open(f"w{number}").start)
    first.store.close()
    again = App(Settings(db=tmp_path / "mock.db", speed=speed))
    began = time.thread_time()
    again.worlds.adopt()
    assert time.thread_time() - began < 5000 * 100e-6
    assert {state.speed for state in again.store.worlds()} == {speed or 1.0}
    again.store.close()
