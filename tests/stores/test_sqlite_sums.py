"""What the SQLite file says of its journal is what stands in it, whoever writes and drops."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.settings import Bounds
from mock_mindvideo.stores.sqlite import SqliteStore
from mock_mindvideo.stores.sqlite_room import Table, added_up
from mock_mindvideo.stores.sqlite_sums import holding_much

from .making import BRIEFLY, LIFECYCLE, note

WORLDS = st.sampled_from("abcdef")
NOTES = st.tuples(st.just("note"), WORLDS, st.integers(0, 2000), st.booleans())
ACTS = st.lists(
    st.one_of(
        NOTES,
        NOTES,
        st.tuples(st.just("flush")),
        st.tuples(st.just("reset"), WORLDS),
        st.tuples(st.just("by hand"), st.integers(1, 60)),
    ),
    max_size=120,
)

_STANDS = "SELECT world, count(*) - count(act), count(act), sum(size) FROM journal GROUP BY world"
_SAID = "SELECT world, exchanges, acts, size FROM journal_sums"


def done(store: SqliteStore, file: Path, what: str, *given: Any) -> None:
    if what == "note":
        world, size, act = given
        store.record(world, note(1, size)._replace(act="advance" if act else None))
    elif what == "flush":
        store.flush()
    elif what == "reset":
        store.reset(*given)
    else:
        with closing(sqlite3.connect(file, isolation_level=None)) as db:
            db.execute("DELETE FROM journal WHERE number <= ?", given)


@BRIEFLY
@given(ACTS, st.integers(20, 60))
def test_the_sums_are_those_of_what_stands_in_the_journal(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[Any, ...]], most: int
) -> None:
    file = tmp_path_factory.mktemp("sums") / "mock.db"
    store = SqliteStore(file, LIFECYCLE, Bounds(journal_entries=most, journal=40_000))
    with closing(store), closing(sqlite3.connect(file)) as db:
        for act in acts:
            done(store, file, *act)
        store.flush()
        of_worlds = db.execute(_STANDS).fetchall()
        ((_, *of_all),) = db.execute(f"{_SAID} WHERE world = ''").fetchall()
        assert sorted(db.execute(f"{_SAID} WHERE world != ''")) == sorted(of_worlds)
        assert of_all == [sum(row[column] for row in of_worlds) for column in (1, 2, 3)]
        assert store.counts()["journal"] == of_all[0] <= most
        assert of_all[2] <= 40_000


@BRIEFLY
@given(
    st.lists(st.tuples(WORLDS, st.integers(0, 3000)), max_size=60),
    st.integers(1, 5000),
    st.integers(1, 500),
)
def test_the_worlds_that_hold_much_are_found_without_a_look_at_all_entries(
    tmp_path_factory: pytest.TempPathFactory, notes: list[tuple[str, int]], each: int, share: int
) -> None:
    file = tmp_path_factory.mktemp("much") / "mock.db"
    table = Table("journal", share * 1000, f"size + {each}")
    with closing(SqliteStore(file, LIFECYCLE)) as store:
        for world, size in notes:
            store.record(world, note(1, size))
        store.flush()
        with closing(sqlite3.connect(file)) as db:
            assert holding_much(db, table, each) == added_up(db, table)


def steps(store: SqliteStore, number: int) -> int:
    """How much SQLite has to do, in hundreds of its instructions, to write some entries."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    with store._database.reading() as db:
        db.set_progress_handler(count, 100)
        for _ in range(number):
            store.record("loud", note(1))
        store.flush()
        db.set_progress_handler(None, 0)
    return counted


@pytest.mark.parametrize("worlds", [1, 500])
def test_writing_an_entry_costs_the_same_however_long_the_journal_is(
    tmp_path: Path, worlds: int
) -> None:
    costs = []
    for most in (500, 5000):
        store = SqliteStore(tmp_path / f"{most}.db", LIFECYCLE, Bounds(journal_entries=most))
        with closing(store):
            for number in range(most):
                store.record(f"world {number % worlds}", note(1))
            store.flush()
            costs.append(steps(store, 160))
            assert store.counts()["journal"] == most
    assert costs[1] <= 1.2 * costs[0]
