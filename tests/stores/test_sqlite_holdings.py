"""What the SQLite file says of how much it holds is what stands in it, whoever writes and drops."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.delivery import MOST_DELIVERIES, Delivery
from mock_mindvideo.domain.journal import LIGHTEST
from mock_mindvideo.domain.upload import Upload
from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores.shares import PART
from mock_mindvideo.stores.sqlite import SqliteStore
from mock_mindvideo.stores.sqlite_holdings import Table, holding_much

from .counting import COUNTED, added_up, said, standing
from .making import BRIEFLY, LIFECYCLE, note

WORLDS, IDS, SIZES = st.sampled_from("abcdef"), st.sampled_from("xyz"), st.integers(0, 3000)
NOTES = st.tuples(st.just("note"), WORLDS, SIZES, st.booleans())
ACTS = st.lists(
    st.one_of(
        NOTES,
        NOTES,
        st.tuples(st.just("deliver"), WORLDS, st.integers(1, 30)),
        st.tuples(st.just("upload"), WORLDS, IDS, SIZES),
        st.tuples(st.just("drop"), WORLDS, IDS),
        st.tuples(st.just("reset"), WORLDS),
        st.tuples(st.just("by hand"), st.sampled_from(["journal", "uploads", "deliveries"]), SIZES),
    ),
    max_size=120,
)

#: So little that what is written makes room all the time.
TIGHT = Bounds(journal_entries=30, journal=40_000, uploads=8000)


def done(store: SqliteStore, file: Path, what: str, *given: Any) -> None:
    match what, *given:
        case "note", world, size, act:
            store.record(world, note(1, size)._replace(act="advance" if act else None))
        case "deliver", world, number:
            deliver(store, world, number)
        case "upload", world, name, size:
            store.files.drop(world, name)
            upload(store, world, name, size)
        case "drop", world, name:
            store.files.drop(world, name)
        case "reset", world:
            store.reset(world)
        case _, table, number:
            with closing(sqlite3.connect(file, isolation_level=None)) as db:
                db.execute(f"DELETE FROM {table} WHERE rowid <= ?", (number % 60,))


def deliver(store: SqliteStore, world: str, number: int) -> None:
    for sequence in range(number):
        store.deliver(Delivery(world, "task", "request", sequence))
    store.flush()


def upload(store: SqliteStore, world: str, name: str, size: int) -> None:
    store.files.begin(world, Upload(name, "image/png", 0, 1))
    store.files.add(world, name, bytes(size))


@BRIEFLY
@given(ACTS)
def test_what_each_world_holds_is_what_stands_in_the_file(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[Any, ...]]
) -> None:
    file = tmp_path_factory.mktemp("holdings") / "mock.db"
    store = SqliteStore(file, LIFECYCLE, TIGHT)
    with closing(store), closing(sqlite3.connect(file)) as db:
        for act in acts:
            done(store, file, *act)
            for what in COUNTED:
                assert said(db, what) == standing(db, what)
        store.flush()
        (entries, size), (acts_of_all, _) = (said(db, what)[""] for what in ("journal", "acts"))
        assert store.counts()["journal"] == entries - acts_of_all <= TIGHT.journal_entries
        assert size <= TIGHT.journal


@pytest.mark.parametrize(("what", "lightest"), [("journal", LIGHTEST), ("uploads", 0)])
@BRIEFLY
@given(st.lists(st.tuples(WORLDS, SIZES), max_size=60), st.integers(0, 5000), st.integers(1, 500))
def test_the_worlds_that_hold_much_are_found_without_a_look_at_all_rows(
    tmp_path_factory: pytest.TempPathFactory,
    what: str,
    lightest: int,
    rows: list[tuple[str, int]],
    each: int,
    share: int,
) -> None:
    file = tmp_path_factory.mktemp("much") / "mock.db"
    table = Table(what, share * 1000, each, "size", lightest)
    with closing(SqliteStore(file, LIFECYCLE)) as store:
        for number, (world, size) in enumerate(rows):
            if what == "journal":
                store.record(world, note(1, size))
            else:
                upload(store, world, f"{number}", size)
        store.flush()
        with closing(sqlite3.connect(file)) as db:
            assert holding_much(db, table) == added_up(db, table)


@given(st.integers(1, 100), st.integers(0, 500), st.integers(0, 5000), st.integers(0, 1000))
def test_no_world_that_holds_just_much_is_below_the_least_that_is_looked_at(
    rows: int, lightest: int, each: int, more: int
) -> None:
    size = rows * lightest + more
    held = size + rows * each
    assert Table("journal", PART * (held - 1), each, "size", lightest).least <= size


@contextmanager
def counted(store: SqliteStore) -> Iterator[list[int]]:
    """Grows by one with each hundred instructions of SQLite."""
    done: list[int] = []
    with store._database.reading() as db:
        db.set_progress_handler(lambda: done.append(1), 100)
        yield done
        db.set_progress_handler(None, 0)


def cost_of_entries(file: Path, there: int, worlds: int) -> int:
    with closing(SqliteStore(file, LIFECYCLE, Bounds(journal_entries=there))) as store:
        for number in range(there):
            store.record(f"world {number % worlds}", note(1))
        store.flush()
        with counted(store) as done:
            for _ in range(160):
                store.record("loud", note(1))
            store.flush()
        assert store.counts()["journal"] == there
        return len(done)


def cost_of_pieces(file: Path, there: int) -> int:
    with closing(SqliteStore(file, LIFECYCLE)) as store:
        for each in range(there):
            store.files.begin(f"world {each % 50}", Upload(f"{each}", "image/png", 0, 1))
        with counted(store) as done:
            for each in range(100):
                store.files.add(f"world {each % 50}", f"{each}", b"!")
        return len(done)


def cost_of_deliveries(file: Path, there: int) -> int:
    with closing(SqliteStore(file, LIFECYCLE)) as store:
        deliver(store, "world", there)
        with counted(store) as done:
            for _ in range(200):
                deliver(store, "world", 1)
        return len(done)


@pytest.mark.parametrize(
    ("cost", "few", "many"),
    [
        pytest.param(lambda *of: cost_of_entries(*of, 1), 500, 5000, id="an entry"),
        pytest.param(lambda *of: cost_of_entries(*of, 500), 500, 5000, id="one of many worlds"),
        pytest.param(cost_of_pieces, 100, 2000, id="a piece of a file"),
        pytest.param(cost_of_deliveries, 100, MOST_DELIVERIES - 2000, id="a delivery"),
    ],
)
def test_what_is_written_costs_the_same_however_much_there_is(
    tmp_path: Path, cost: Callable[[Path, int], int], few: int, many: int
) -> None:
    assert cost(tmp_path / "many.db", many) <= 1.2 * cost(tmp_path / "few.db", few)


def test_a_world_whose_things_all_made_room_is_not_remembered(tmp_path: Path) -> None:
    file = tmp_path / "mock.db"
    with closing(SqliteStore(file, LIFECYCLE, TIGHT)) as store:
        store.record("brief", note(1)._replace(act="advance"))
        upload(store, "brief", "a.png", 10)
        deliver(store, "brief", 1)
        for table in ("journal", "uploads", "deliveries"):
            done(store, file, "by hand", table, 59)
        with closing(sqlite3.connect(file)) as db:
            assert [said(db, what) for what in COUNTED] == [{"": (0, 0)}] * len(COUNTED)
