"""How long the store took is told by operation, of a store that takes any time at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from mock_mindvideo import Settings
from mock_mindvideo.domain.errors import TaskNotFound
from mock_mindvideo.stores import open_store
from mock_mindvideo.web.app import App
from mock_mindvideo.web.metrics.tally import Tally, from_plain, total
from mock_mindvideo.web.metrics.timing import OPERATIONS, TimedStore, timed
from tests.conftest import AUTH, TASKS, caller, example

NAME = "mock_mindvideo_store_duration_seconds_count"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = App(Settings(db=tmp_path / "mock.db", log_level="warning"), watch=True)
    yield caller(app, "http://127.0.0.1", headers=AUTH, client=("127.0.0.1", 5000))
    app.store.close()


def told(client: TestClient) -> dict[tuple[str, str], float]:
    families = text_string_to_metric_families(client.get("/_mock/metrics").text)
    return {
        (each.labels["store"], each.labels["operation"]): each.value
        for family in families
        for each in family.samples
        if each.name == NAME
    }


def test_operations_of_a_file_are_counted_by_name(client: TestClient) -> None:
    before = told(client)
    for _ in range(3):
        task_id = client.post(TASKS, json=example()).json()["task_id"]
        client.get(f"{TASKS}/{task_id}")
    after = told(client)
    more = {key: after[key] - before.get(key, 0) for key in after}
    assert more["sqlite", "create"] == 3
    assert more["sqlite", "record"] == 6
    assert {store for store, _ in after} == {"sqlite"}
    assert {operation for _, operation in after} <= set(OPERATIONS)


def test_a_store_in_memory_and_one_that_nobody_counts_are_what_they_are(tmp_path: Path) -> None:
    memory = App(Settings(), watch=True).store
    assert timed(memory, Tally()) is memory
    app = App(Settings(db=tmp_path / "mock.db"))
    assert not isinstance(app.store, TimedStore)
    app.store.close()


def test_what_a_store_raises_is_raised_and_counted(tmp_path: Path) -> None:
    settings, tally = Settings(db=tmp_path / "mock.db"), Tally()
    app = App(settings)
    store = timed(open_store(settings, app.service.catalog.lifecycle), tally)
    with pytest.raises(TaskNotFound):
        store.task("default", "task_none")
    assert sum(tally.operations["task"].counts) == 1
    store.close()
    app.store.close()


def test_operations_of_workers_add_up() -> None:
    tally = Tally()
    for seconds in (0.001, 0.2, 60.0):
        tally.stored("create", seconds)
    both = total([from_plain(tally.plain()), tally]).operations["create"]
    assert (sum(both.counts), both.counts[-1]) == (6, 2)
    assert both.seconds == pytest.approx(2 * 60.201)
