"""The write-ahead log is copied into its file beside what goes on, and is bounded."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.stores import sqlite_checkpoints, sqlite_file
from mock_mindvideo.stores.sqlite_checkpoints import copy, has_pages

from .making import BRIEFLY, PAYLOAD, create, opened, start

#: Pages from which on the log is copied here, and at which SQLite does it itself.
LONG, TOO_LONG = 20, 60

#: Bytes of a page with its header.
PAGE = 4096 + 24


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sqlite_checkpoints, "_LONG", LONG)
    monkeypatch.setattr(sqlite_checkpoints, "_MORE", 5)
    monkeypatch.setattr(sqlite_checkpoints, "_SELDOM", 1)
    monkeypatch.setattr(sqlite_file, "TOO_LONG", TOO_LONG)
    return tmp_path / "mock.db"


def large(pages: int) -> dict[str, object]:
    return {"payload": PAYLOAD._replace(input=bytes(pages * 4096))}


def copied(file: Path) -> int:
    """The tasks in the file without its log."""
    alone = file.with_name("alone.db")
    shutil.copy(file, alone)
    with closing(sqlite3.connect(f"file:{alone}?immutable=1", uri=True)) as db:
        return int(db.execute("SELECT count(*) FROM tasks").fetchone()[0])


def length(file: Path) -> int:
    """Pages of the log, those of former ones behind its end included."""
    return Path(f"{file}-wal").stat().st_size // PAGE


def test_what_is_written_reaches_the_file_and_the_log_begins_anew(file: Path) -> None:
    with opened(file) as store:
        for number in range(1, 40):
            create(store, start(), **large(LONG))
            store._database._checkpoints.wait()
            assert copied(file) == number
        assert length(file) < 3 * LONG


class Outrun(sqlite3.Connection):
    """What others write while it copies is always more than it has copied."""

    def execute(self, statement: str, *given: Any) -> sqlite3.Cursor:
        passive = statement == "PRAGMA wal_checkpoint(PASSIVE)"
        return super().execute("SELECT 0, 1, 1" if passive else statement, *given)


def test_a_checkpoint_copies_the_whole_log_while_others_write(tmp_path: Path) -> None:
    file = tmp_path / "mock.db"
    log = Path(f"{file}-wal")
    with opened(file) as store, closing(sqlite3.connect(file, factory=Outrun)) as db:
        create(store, start(), **large(LONG))
        copy(db, log)
        assert copied(file) == 1
        create(store, start())
        assert has_pages(log, 1)
        assert not has_pages(log, LONG)


def test_a_reader_of_a_former_moment_is_waited_for_only_briefly(tmp_path: Path) -> None:
    file = tmp_path / "mock.db"
    with opened(file) as store, closing(sqlite3.connect(file, isolation_level=None)) as reader:
        create(store, start())
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM tasks").fetchone()
        create(store, start())
        with closing(sqlite3.connect(file, timeout=0.01)) as db:
            copy(db, Path(f"{file}-wal"))
        assert reader.execute("SELECT count(*) FROM tasks").fetchone() == (1,)
        assert create(store, start()).number == 3


def test_a_short_log_is_left_alone(file: Path) -> None:
    with opened(file) as store:
        store._database._checkpoints.wait()
        before = copied(file)
        create(store, start())
        assert copied(file) == before == 0
        assert store._database._checkpoints._thread is None


def test_writers_go_on_while_the_log_is_copied_and_the_end_waits_for_it(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, written, ended = Event(), Event(), Event()

    def copying(db: sqlite3.Connection, log: Path) -> None:
        begun.set()
        assert written.wait(timeout=30)
        copy(db, log)
        ended.set()

    monkeypatch.setattr(sqlite_checkpoints, "copy", copying)
    with opened(file) as store:
        create(store, start(), **large(LONG))
        assert begun.wait(timeout=30)
        assert create(store, start()).number == 2
        written.set()
    assert ended.is_set()
    assert copied(file) == 2


@pytest.fixture(params=["no thread", "failing"])
def trouble(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object) -> None:
        raise RuntimeError("can't start new thread")

    def fail(db: sqlite3.Connection, log: Path) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    if request.param == "no thread":
        monkeypatch.setattr(Thread, "start", refuse)
    else:
        monkeypatch.setattr(sqlite_checkpoints, "copy", fail)


@pytest.mark.usefixtures("trouble")
def test_the_log_is_bounded_also_where_no_thread_copies_it(file: Path) -> None:
    with opened(file) as store:
        for _ in range(60):
            create(store, start(), **large(5))
        assert copied(file) > 40
        assert length(file) < TOO_LONG + 30
    assert copied(file) == 60


def test_two_stores_on_a_file_copy_its_log_without_harm(file: Path) -> None:
    with opened(file) as store, opened(file) as other:
        for number in range(1, 41):
            one = store if number % 2 else other
            create(one, start(), **large(5))
            one._database._checkpoints.wait()
        assert [task.number for task in other.tasks("default")] == list(range(1, 41))
        assert length(file) < 2 * TOO_LONG
    assert copied(file) == 40
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_file_that_went_away_is_neither_made_again_nor_another_touched(file: Path) -> None:
    with opened(file) as store:
        create(store, start())
        checkpoints = store._database._checkpoints
        away, log = file.with_name("away.db"), Path(f"{file}-wal")
        file.rename(away)
        checkpoints._copy()
        assert not file.exists()
        file.write_bytes(b"another's")
        checkpoints._copy()
        assert file.read_bytes() == b"another's"
        file.unlink()
        away.rename(file)
        log.rename(log.with_name("log"))
        checkpoints._copy()
        assert not log.exists()
        log.with_name("log").rename(log)
        assert create(store, start()).number == 2


@BRIEFLY
@given(st.lists(st.one_of(st.integers(1, 8), st.none()), min_size=1, max_size=20))
def test_the_log_is_as_long_as_sqlite_says(
    tmp_path_factory: pytest.TempPathFactory, acts: list[int | None]
) -> None:
    """A number is so many pages that are written, None a checkpoint."""
    file = tmp_path_factory.mktemp("log") / "mock.db"
    log = Path(f"{file}-wal")
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA wal_autocheckpoint = 0")
        db.execute("CREATE TABLE things (thing)")
        for pages in acts:
            if pages is None:
                db.execute("PRAGMA wal_checkpoint(PASSIVE)")
                continue
            db.execute("INSERT INTO things VALUES (?)", (bytes(4096 * pages),))
            _, said, _ = db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            assert has_pages(log, said)
            assert not has_pages(log, said + 1)


def test_where_there_is_no_log_none_is_long(file: Path) -> None:
    assert not has_pages(Path(f"{file}-wal"), 1)


def test_a_store_is_closed_twice_without_harm(file: Path) -> None:
    with opened(file) as store:
        create(store, start())
        store.close()
