"""What the SQLite file says of its uploads and deliveries is what stands in it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.delivery import MOST_DELIVERIES, Delivery
from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.domain.upload import Upload
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores.sqlite import SqliteStore
from mock_mindvideo.stores.sqlite_holdings import holding_much
from mock_mindvideo.stores.sqlite_room import Table, added_up

from .making import BRIEFLY, LIFECYCLE

WORLDS, IDS = st.sampled_from("abcdef"), st.sampled_from("xyz")
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("deliver"), WORLDS, st.integers(1, 30)),
        st.tuples(st.just("begin"), WORLDS, IDS),
        st.tuples(st.just("add"), WORLDS, IDS, st.integers(0, 3000)),
        st.tuples(st.just("drop"), WORLDS, IDS),
        st.tuples(st.just("reset"), WORLDS),
        st.tuples(st.just("by hand"), st.integers(1, 60)),
    ),
    max_size=80,
)

#: Bytes of all uploads.
BOUND = 8000

_STANDS = """
SELECT 'uploads', world, count(*), sum(size) FROM uploads GROUP BY world UNION ALL
SELECT 'deliveries', world, count(*), 0 FROM deliveries GROUP BY world UNION ALL
SELECT 'uploads', '', count(*), coalesce(sum(size), 0) FROM uploads UNION ALL
SELECT 'deliveries', '', count(*), 0 FROM deliveries
"""


def done(store: SqliteStore, file: Path, what: str, *given: Any) -> None:
    match what, *given:
        case "deliver", world, number:
            deliver(store, world, number)
        case "begin", world, name:
            store.files.drop(world, name)
            store.files.begin(world, Upload(name, "image/png", 0, 1))
        case "add", world, name, size:
            store.files.add(world, name, bytes(size))
        case "drop", world, name:
            store.files.drop(world, name)
        case "reset", world:
            store.reset(world)
        case _:
            with closing(sqlite3.connect(file, isolation_level=None)) as db:
                db.execute("DELETE FROM uploads WHERE file <= ?", given)
                db.execute("DELETE FROM deliveries WHERE rowid <= ?", given)


def deliver(store: SqliteStore, world: str, number: int) -> None:
    for sequence in range(number):
        store.deliver(Delivery(world, "task", "request", sequence))
    store.flush()


def said(db: sqlite3.Connection) -> list[Any]:
    return db.execute("SELECT * FROM holdings WHERE rows > 0 OR world = ''").fetchall()


@BRIEFLY
@given(ACTS)
def test_what_each_world_holds_is_what_stands_in_the_file(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[Any, ...]]
) -> None:
    file = tmp_path_factory.mktemp("holdings") / "mock.db"
    store = SqliteStore(file, LIFECYCLE, Bounds(uploads=BOUND))
    with closing(store), closing(sqlite3.connect(file)) as db:
        for act in acts:
            try:
                done(store, file, *act)
            except MockError:  # such a file is not there, or gave way
                assert act[0] == "add"
            assert sorted(said(db)) == sorted(db.execute(_STANDS).fetchall())


@BRIEFLY
@given(
    st.lists(st.tuples(WORLDS, st.integers(0, 3000)), max_size=60),
    st.integers(1, 5000),
    st.integers(1, 500),
)
def test_the_worlds_that_hold_much_are_found_without_a_look_at_all_files(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[str, int]], each: int, share: int
) -> None:
    file = tmp_path_factory.mktemp("much") / "mock.db"
    table = Table("uploads", share * 1000, f"size + {each}")
    with closing(SqliteStore(file, LIFECYCLE)) as store:
        for number, (world, size) in enumerate(files):
            store.files.begin(world, Upload(f"{number}", "image/png", 0, 1))
            store.files.add(world, f"{number}", bytes(size))
        with closing(sqlite3.connect(file)) as db:
            assert holding_much(db, table, each) == added_up(db, table)


@contextmanager
def counted(store: SqliteStore) -> Iterator[list[int]]:
    """Grows by one with each hundred instructions of SQLite."""
    done: list[int] = []
    with store._database.reading() as db:
        db.set_progress_handler(lambda: done.append(1), 100)
        yield done
        db.set_progress_handler(None, 0)


def test_a_piece_of_a_file_costs_the_same_however_many_files_there_are(tmp_path: Path) -> None:
    costs = []
    for number in (100, 2000):
        with closing(SqliteStore(tmp_path / f"{number}.db", LIFECYCLE)) as store:
            for each in range(number):
                store.files.begin(f"world {each % 50}", Upload(f"{each}", "image/png", 0, 1))
            with counted(store) as done:
                for each in range(100):
                    store.files.add(f"world {each % 50}", f"{each}", b"!")
            costs.append(len(done))
    assert costs[1] <= 1.2 * costs[0]


def test_a_delivery_costs_the_same_however_many_there_are(tmp_path: Path) -> None:
    costs = []
    for number in (100, MOST_DELIVERIES - 2000):
        with closing(SqliteStore(tmp_path / f"{number}.db", LIFECYCLE)) as store:
            deliver(store, "world", number)
            with counted(store) as done:
                for _ in range(200):
                    deliver(store, "world", 1)
            costs.append(len(done))
    assert costs[1] <= 1.2 * costs[0]
