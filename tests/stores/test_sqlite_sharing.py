"""What an SQLite file keeps when it is opened again, and by two at once."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given

from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores.sqlite import SqliteStore

from ..system.machines import FakeMachine
from .making import (
    BRIEFLY,
    LIFECYCLE,
    change,
    create,
    key,
    start,
    worlds,
)
from .reopening import (
    assert_counts_of_what_was_dropped_are_kept,
    assert_everything_is_kept,
    assert_streams_and_deliveries_are_those_of_all,
    lived,
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
    assert_everything_is_kept(partial(opened, file))


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
    assert_counts_of_what_was_dropped_are_kept(partial(opened, file))


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


@pytest.mark.slow
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
    assert_streams_and_deliveries_are_those_of_all(partial(opened, file), machine)
    with opened(file) as store:
        assert store.counts()["streams"] == 0
