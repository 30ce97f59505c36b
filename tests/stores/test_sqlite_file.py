"""The SQLite store's file: which are refused, what survives, what a locked or full one answers."""

import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores import open_store, sqlite_file
from mock_mindvideo.stores.sqlite_migrations import VERSION, StoreError

from .making import LIFECYCLE, PAYLOAD, create, opened, start

NOBODY = 65534


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mock.db"


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program holds the file for writing."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def write(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def refusal(file: Path) -> str:
    with pytest.raises(StoreError) as refused, opened(file):
        pass  # nobody comes here
    return str(refused.value)


def test_the_settings_choose_the_file(file: Path) -> None:
    store = open_store(Settings(db=file), LIFECYCLE, clock=None)  # type: ignore[arg-type]
    create(store, start(), "k")
    store.close()
    with opened(file) as again:
        assert len(list(again.tasks("default"))) == 1


def test_a_file_that_is_no_database_is_refused_and_left_alone(file: Path) -> None:
    file.write_bytes(b"just some text, longer than the header of a database" * 100)
    before = file.read_bytes()
    assert refusal(file) == f"{file}: cannot be used as a database: file is not a database"
    assert file.read_bytes() == before


def test_another_programs_database_is_refused_and_left_alone(file: Path) -> None:
    write(file, "CREATE TABLE mine (a)", "INSERT INTO mine VALUES (1)")
    before = file.read_bytes()
    words = "is a database of another program; name another file"
    assert refusal(file) == f"{file}: {words}"
    assert file.read_bytes() == before


def test_the_tables_of_a_newer_version_are_refused_and_left_alone(file: Path) -> None:
    with opened(file) as store:
        create(store, start())
    write(file, "PRAGMA user_version = 99")
    before = file.read_bytes()
    assert refusal(file) == (
        f"{file}: was written by a newer mock-mindvideo (its tables have version 99, this one"
        f" knows those up to {VERSION}); use that one, or another file"
    )
    assert file.read_bytes() == before


def test_a_folder_is_refused(tmp_path: Path) -> None:
    words = "cannot be used as a database: unable to open database file"
    assert refusal(tmp_path) == f"{tmp_path}: {words}"


def test_a_file_in_no_folder_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "none" / "mock.db"
    assert refusal(file) == f"{file}: cannot be used as a database: unable to open database file"


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing can be made in `folder`, not even by root, who becomes nobody meanwhile."""
    for each in (folder, *folder.parents[:2]):
        each.chmod(0o755)
    folder.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        folder.chmod(0o755)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")
def test_a_folder_that_cannot_be_written_to_is_refused(file: Path) -> None:
    with read_only(file.parent):
        words = refusal(file)
    assert words == f"{file}: cannot be used as a database: unable to open database file"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")
def test_a_file_that_cannot_be_written_to_is_refused(file: Path) -> None:
    with opened(file) as store:
        create(store, start())
    file.chmod(0o444)
    with read_only(file.parent):
        words = refusal(file)
    assert words.startswith(f"{file}: cannot be used as a database: ")  # SQLite words vary


def test_a_locked_file_answers_503_until_it_is_let_go(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY", 0.01)
    with opened(file) as store:
        first = create(store, start(), "k")
        with locked(file), pytest.raises(Unavailable, match="database is locked") as refused:
            create(store, start())
        assert refused.value.status == 503
        assert create(store, start()).number == first.number + 1


def test_a_locked_file_can_still_be_read(file: Path) -> None:
    with opened(file) as store:
        first = create(store, start(), "k")
        with locked(file):
            assert store.task("default", first.id) == first
            assert store.world(start()) == start()


@contextmanager
def full(file: Path) -> Iterator[None]:
    """No file can grow: where the disk is full, SQLite hears the same of the system."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    wal = file.with_name(f"{file.name}-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (max(file.stat().st_size, wal.stat().st_size), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_of_many_pages_answers_503_and_stores_nothing_until_it_may_grow(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connecting(*given: Any, **more: Any) -> sqlite3.Connection:
        made.append(connect(*given, **more))
        return made[-1]

    connect, made = sqlite3.connect, list[sqlite3.Connection]()
    monkeypatch.setattr(sqlite3, "connect", connecting)
    large = PAYLOAD._replace(input=bytes(1_000_000))
    with opened(file) as store:
        before = create(store, start())
        made[0].execute("PRAGMA max_page_count = 30")
        with pytest.raises(Unavailable, match="database or disk is full"):
            create(store, start(), "k", large)
        assert list(store.tasks("default")) == [before]
        made[0].execute("PRAGMA max_page_count = 10000")
        assert create(store, start(), "k", large).number == 2


def test_a_full_disk_answers_503_and_stores_nothing_until_there_is_room(file: Path) -> None:
    large = PAYLOAD._replace(input=bytes(1_000_000))
    with opened(file) as store:
        before = create(store, start())
        with full(file), pytest.raises(Unavailable, match="disk"):
            create(store, start(), "k", large)
        assert list(store.tasks("default")) == [before]
        assert create(store, start(), "k", large).number == 2
