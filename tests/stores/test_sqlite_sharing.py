"""What an SQLite file keeps when it is opened again, and by two at once."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given

from mock_mindvideo.domain.delivery import Delivery
from mock_mindvideo.domain.script import parse
from mock_mindvideo.domain.world import VIRTUAL_START, WorldState
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores.sqlite import SqliteStore

from ..system.machines import FakeMachine
from .making import (
    BRIEFLY,
    LIFECYCLE,
    PAYLOAD,
    change,
    create,
    entry,
    key,
    note,
    put_file,
    size_of_file,
    start,
    worlds,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mock.db"


@contextmanager
def opened(file: Path, bounds: Bounds | None = None) -> Iterator[SqliteStore]:
    store = SqliteStore(file, LIFECYCLE, bounds)
    try:
        yield store
    finally:
        store.close()


def test_everything_survives_a_reopening(file: Path) -> None:
    with opened(file) as store:
        made = [create(store, start(), "k"), create(store, start(), outcome="stuck")]
        state = change(store, start(), lived)
        store.add_key(key(1, disabled=True))
        store.add_key(key(2, deleted=True))
        put_file(store, "default", "a")
        store.record("default", note(1))
    with opened(file) as store:
        assert list(store.tasks("default")) == made
        assert store.create(start(), "k", PAYLOAD, lambda ground: 1 / 0) == (made[0], True)
        assert store.worlds() == (state,)
        assert store.keys("default") == (key(1, disabled=True), key(2, deleted=True))
        assert size_of_file(store, "default", "a") == 10
        assert store.journal("default", 10) == (entry(1),)
        assert create(store, start()).number == 3


def lived(state: WorldState) -> WorldState:
    """After some life: credit spent, clock moved, a script added."""
    state = replace(state, credit=Decimal("1.50"), credit_from=2, committed=Decimal("0.6165"))
    return state.at(VIRTUAL_START + 7, 0).scripting(parse("outcome=failed; times=2"), "control")


@BRIEFLY
@given(worlds("any"))
def test_any_world_survives_a_reopening(
    tmp_path_factory: pytest.TempPathFactory, state: WorldState
) -> None:
    file = tmp_path_factory.mktemp("file") / "mock.db"
    with opened(file) as store:
        store.world(state)
    with opened(file) as store:
        assert store.worlds() == (state,)


def test_counts_of_what_was_dropped_survive_a_reopening(file: Path) -> None:
    bounds = Bounds(uploads=15, journal_entries=2)
    with opened(file, bounds) as store:
        for number in range(5):
            put_file(store, "w", str(number))
            store.record("w", note(number))
    with opened(file, bounds) as store:
        counts = store.counts()
    assert (counts["dropped_uploads"], counts["dropped_journal"]) == (4, 3)


def test_poll_gives_notice_once_of_what_another_connection_wrote(file: Path) -> None:
    heard: list[str | None] = []
    with opened(file) as store, opened(file) as other:
        store.poll()
        store.subscribe(heard.append)
        store.poll()
        assert heard == []
        create(other, start())
        store.poll()
        store.poll()
        assert heard == [None]


def test_a_look_and_a_change_of_nothing_write_nothing(file: Path) -> None:
    heard: list[str | None] = []
    with opened(file) as store, opened(file) as other:
        create(other, start())
        store.poll()
        store.subscribe(heard.append)
        other.look(start(), lambda ground: ground.refunded(0))
        other.change(start(), lambda ground: (ground.state, None))
        store.poll()
    assert heard == []


def test_poll_gives_no_notice_of_what_the_store_wrote_itself(file: Path) -> None:
    heard: list[str | None] = []
    with opened(file) as store, opened(file):
        store.poll()
        store.subscribe(heard.append)
        create(store, start())
        store.poll()
    assert heard == []


def test_what_one_store_returned_another_on_the_file_sees_at_once(file: Path) -> None:
    with opened(file) as store, opened(file) as other:
        made = create(store, start(), "k")
        assert other.task("default", made.id) == made
        other.add_key(key(1))
        assert store.key(key(1).digest) == key(1)
        moved = change(other, start(), lived)
        assert store.world(start()) == moved
        store.reset("default")
        assert (other.worlds(), other.key(key(1).digest)) == ((), None)


def test_many_can_open_a_new_file_at_once(tmp_path: Path) -> None:
    def one(number: int) -> int:
        together.wait(timeout=30)
        with opened(tmp_path / f"{number // 8}.db") as store:
            return create(store, start()).number

    together = Barrier(8)
    with ThreadPoolExecutor(8) as threads:
        made = [threads.submit(one, number) for number in range(8 * 30)]
    assert sorted(each.result() for each in made) == sorted(list(range(1, 9)) * 30)


def test_a_file_that_another_holds_is_opened_once_it_is_let_go(file: Path) -> None:
    with opened(file) as store:
        create(store, start())
    with ThreadPoolExecutor(1) as threads:
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("PRAGMA journal_mode = DELETE")
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM tasks").fetchone()
            opening = threads.submit(SqliteStore, file, LIFECYCLE)
            with pytest.raises(TimeoutError):
                opening.result(timeout=0.1)
        store = opening.result(timeout=30)
    assert create(store, start()).number == 2
    store.close()


def test_streams_and_deliveries_are_those_of_all_processes(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = FakeMachine()
    monkeypatch.setattr("mock_mindvideo.system.clock.Machine", lambda: machine)
    first, second = Delivery("w", "task_1", "req_1", 1), Delivery("w", "task_1", "req_2", 1)
    with opened(file) as store, opened(file) as other:
        store.streaming(2)
        other.streaming(3)
        store.deliver(first)
        store.flush()
        other.deliver(second)
        other.flush()
        for each in (store, other):
            assert each.counts()["streams"] == 5
            assert each.deliveries("w", 10) == (first, second)
        machine.pass_(2)
        other.flush()
        machine.pass_(2)
        assert store.counts()["streams"] == 5
        assert other.counts()["streams"] == 3, "a process that says nothing more is dead"
    with opened(file) as store:
        assert store.counts()["streams"] == 0
