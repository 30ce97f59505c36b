"""Files of every former version are brought up to date, and hold what they held."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from mock_mindvideo.domain.anchor import Anchor
from mock_mindvideo.domain.delivery import Delivery
from mock_mindvideo.domain.journal import Entry
from mock_mindvideo.domain.keys import Key
from mock_mindvideo.domain.script import parse
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.upload import Upload
from mock_mindvideo.stores.sqlite import SqliteStore
from mock_mindvideo.stores.sqlite_migrations import VERSION
from mock_mindvideo.system.clock import FakeClock

from ..worlds.making import CATALOG, Mock
from .counting import COUNTED, said, standing
from .old_files import FILES, KEYS, SCRIPTS, write

VERSIONS = range(1, VERSION + 1)

ENDED = ["failed", "failed", "succeeded", "processing", "cancelled"]

#: What is written into each table, beside the columns that the table has for itself.
ROWS = {
    "tasks": (("world", "ends_at", "refund"), Task),
    "keys": ((), Key),
    "uploads": (("file", "world", "finished"), Upload),
    "journal": (("number", "world", "size"), Entry),
    "clock": ((), Anchor),
    "deliveries": ((), Delivery),
}


@contextmanager
def opened(file: Path) -> Iterator[Mock]:
    """A mock on the file, as if it went on at the moment at which the file was left."""
    clock = FakeClock()
    clock.move(1.5)
    store = SqliteStore(file, CATALOG.lifecycle, clock=clock)
    yield Mock(clock, store=store, settings={})
    store.close()


@pytest.fixture(params=VERSIONS)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    kept = FILES / f"v{request.param}.db"
    return Path(shutil.copy(kept, tmp_path / "mock.db"))


def schema(file: Path) -> set[tuple[str, str, str]]:
    """Tables and indices, however their statements were laid out."""
    with closing(sqlite3.connect(file)) as db:
        found = db.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_schema").fetchall()
    return {(kind, name, "".join(sql.split())) for kind, name, sql in found}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_of_each_version_is_kept(version: int) -> None:
    with closing(sqlite3.connect(FILES / f"v{version}.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (version,)


def test_an_old_file_holds_what_it_held(file: Path) -> None:
    with opened(file) as mock:
        assert mock.statuses() == [*["processing"] * 4, "cancelled"]
        assert mock.statuses("other") == ["queued"]
        world = mock.world()
        assert [script.text for script in world.state.scripts] == list(SCRIPTS)
        failed, plain = parse(SCRIPTS[0]), (None, "succeeded")
        tasks = [view.task for view in mock.service.tasks(world, 10)]
        assert [task.outcome for task in tasks[:3]] == [failed.plan.outcome] * 2 + [plain[1]]
        assert tasks[0].script == SCRIPTS[0]
        assert world.credit_left() == Decimal("9.5") - 4 * Decimal("0.6165")
        assert [key.disabled for key in world.all_keys()] == [False, False, True, False]
        assert [key.deleted for key in world.all_keys()[1:]] == [name == "deleted" for name in KEYS]
        assert mock.store.files.find("default", "a.png") == Upload("a.png", "image/png", 4, 1)
        assert mock.store.files.piece("default", "a.png", 0) == b"\x89PNG"
        (entry,) = mock.store.journal("default", 10)
        assert (entry.headers, entry.retry_after, entry.advice) == (b"a: b", 3, None)
        assert (entry.fault, entry.plan) == ("status=429", None)


def test_an_old_file_goes_on(file: Path) -> None:
    with opened(file) as mock:
        first = mock.submit("prompt 0 图1", idempotency_key="order-0")
        assert first.replayed
        mock.world().advance(60)
        assert mock.submit("new").view.task.number == 6
    with opened(file) as mock:
        assert mock.statuses() == [*ENDED, "queued"]


@pytest.mark.parametrize("what", COUNTED)
def test_what_an_old_file_holds_is_counted(file: Path, what: str) -> None:
    with opened(file), closing(sqlite3.connect(file)) as db:
        assert said(db, what) == standing(db, what)


def test_no_world_of_an_old_file_goes_back_where_the_system_clock_was_behind(file: Path) -> None:
    store = SqliteStore(file, CATALOG.lifecycle)  # its anchors are of 2027, and later than now
    for state in store.worlds():
        assert state.anchored <= store.clock.real()
    before = Mock(store.clock, store=store).world("other").now()  # type: ignore[arg-type]
    while Mock(store.clock, store=store).world("other").now() == before:  # type: ignore[arg-type]
        pass  # it goes on at once
    store.close()


def test_an_old_file_ends_with_the_tables_of_a_new_one(file: Path, tmp_path: Path) -> None:
    write(tmp_path / "new.db")
    with opened(file):
        pass  # it is brought up to date
    assert schema(file) == schema(tmp_path / "new.db")


@pytest.mark.parametrize("table", ROWS)
def test_each_field_that_is_written_has_a_column_from_some_step(table: str, tmp_path: Path) -> None:
    write(tmp_path / "new.db")
    own, row = ROWS[table]
    with closing(sqlite3.connect(tmp_path / "new.db")) as db:
        names = [name for _, name, *_ in db.execute(f"PRAGMA table_info({table})")]
    assert sorted(names) == sorted([*own, *row._fields])


def test_two_processes_may_open_an_old_file_at_once(file: Path) -> None:
    stores = [SqliteStore(file, CATALOG.lifecycle) for _ in range(2)]
    assert stores[0].counts()["tasks"] == stores[1].counts()["tasks"] == 6
    for store in stores:
        store.close()
