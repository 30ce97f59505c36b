"""What can befall the file while it is open: refused by its name, and forgotten once it is over."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores import sqlite_file
from mock_mindvideo.stores.sqlite import SqliteStore
from mock_mindvideo.system.clock import FakeClock
from mock_mindvideo.web.app import App, create_app, create_worker
from tests.conftest import TASKS, client_of, example

from .making import LIFECYCLE, create, entry, note, opened, start

#: Does something to the file, and undoes it.
Trouble = Callable[[Path], "contextmanager[None]"]


@contextmanager
def moved_away(file: Path) -> Iterator[None]:
    away = file.with_name("away.db")
    file.rename(away)
    yield
    away.rename(file)


@contextmanager
def replaced_by_a_copy(file: Path) -> Iterator[None]:
    copy = file.with_name("copy.db")
    shutil.copy(file, copy)
    file.unlink()
    yield
    copy.rename(file)


@contextmanager
def log_moved_away(file: Path) -> Iterator[None]:
    log, away = Path(f"{file}-wal"), file.with_name("away-wal")
    log.rename(away)
    yield
    away.rename(log)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


TROUBLES = (moved_away, replaced_by_a_copy, log_moved_away, locked)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mock.db"


@pytest.fixture
def client(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(sqlite_file, "_SEEN", 0)
    monkeypatch.setattr(sqlite_file, "BUSY", 0.01)
    app = App(Settings(db=file, progress="manual"))
    with closing(app.store), client_of(app) as client:
        yield client


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_submit_answers_503_in_one_sentence_with_the_files_name_until_it_is_over(
    client: TestClient, file: Path, trouble: Trouble, caplog: pytest.LogCaptureFixture
) -> None:
    first = client.post(TASKS, json=example(), headers={"Idempotency-Key": "a"})
    with trouble(file):
        for _ in range(3):
            answer = client.post(TASKS, json=example(), headers={"Idempotency-Key": "b"})
            error = answer.json()["error"]
            assert (answer.status_code, error["code"]) == (503, "unavailable")
            assert str(file) in error["message"]
            assert "\n" not in error["message"]
    again = client.post(TASKS, json=example(), headers={"Idempotency-Key": "a"})
    assert again.json() == first.json()
    assert client.post(TASKS, json=example(), headers={"Idempotency-Key": "b"}).status_code == 200
    assert len(client.get("/_mock/tasks").json()["tasks"]) == 2
    assert not any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize("trouble", [moved_away, replaced_by_a_copy])
@pytest.mark.parametrize("path", ["/_mock/health", "/_mock/tasks", "/_mock/ledger"])
def test_a_look_answers_503_with_the_files_name_too(
    client: TestClient, file: Path, trouble: Trouble, path: str
) -> None:
    client.post(TASKS, json=example())
    with trouble(file):
        answer = client.get(path)
        assert (answer.status_code, str(file) in answer.text) == (503, True)
    assert client.get(path).status_code == 200


def test_what_is_written_while_the_log_is_gone_is_not_lost(file: Path) -> None:
    with opened(file) as store:
        first = create(store, start())
        Path(f"{file}-wal").unlink()
        with pytest.raises(Unavailable, match=r"mock\.db-wal: was removed"):
            create(store, start())
    with opened(file) as store:
        assert list(store.tasks("default")) == [first]


def test_a_damaged_page_answers_503_until_it_is_mended(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "_SEEN", 0)
    with opened(file) as store:
        made = [create(store, start(), f"key-{number}") for number in range(200)]
    whole = file.read_bytes()
    damaged = whole[:4096] + b"\x5a" * (len(whole) - 4096)
    file.write_bytes(damaged)
    with pytest.raises((Unavailable, sqlite_file.StoreError), match=str(file)), opened(file):
        pass  # the clock's table is damaged too
    file.write_bytes(whole)
    with opened(file) as store:
        assert list(store.tasks("default")) == made
        store._database._leave()
        file.write_bytes(damaged)
        for _ in range(3):
            with pytest.raises(Unavailable, match=str(file)):
                store.task("default", made[0].id)
        file.write_bytes(whole)
        assert store.task("default", made[0].id) == made[0]
        assert create(store, start()).number == 201


def test_what_is_read_and_makes_no_sense_answers_503(file: Path) -> None:
    with opened(file) as store:
        made = create(store, start())
        with closing(sqlite3.connect(file, isolation_level=None)) as db:
            db.execute("UPDATE tasks SET moves = '[['")
            db.execute("UPDATE worlds SET state = '{\"name\": 1}'")
        with pytest.raises(Unavailable, match=f"{file}: .*a task cannot be read"):
            store.task("default", made.id)
        with pytest.raises(Unavailable, match=f"{file}: .*a world cannot be read"):
            store.world(start())


def test_a_locked_file_is_waited_for_once_and_then_hardly(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(sqlite_file, "BUSY", 0.2)
    with opened(file) as store:
        create(store, start())
        waiting = store._database._wait
        monkeypatch.setattr(
            store._database, "_wait", lambda db, s: waits.append(s) or waiting(db, s)
        )
        with locked(file):
            for _ in range(3):
                with pytest.raises(Unavailable, match="locked"):
                    create(store, start())
        create(store, start())
        create(store, start())
    assert waits == [0.2, *[sqlite_file.BRIEFLY] * 3, 0.2]


def test_what_the_journal_holds_back_while_the_file_is_locked_is_written_afterwards(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY", 0.01)
    with opened(file) as store:
        store.world(start())
        with locked(file):
            for number in range(150):
                store.record("default", note(number))
            with pytest.raises(Unavailable):
                store.flush()
        assert store.journal("default", 1000) == tuple(entry(number) for number in range(150))


def test_the_journal_holds_back_no_more_than_its_bound(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY", 0.01)
    with opened(file) as store:
        store.world(start())
        with locked(file):
            store.record("quiet", note(1))
            for number in range(2500):
                store.record("default", note(number))
        assert len(store.journal("default", 10_000)) == 1999
        assert store.journal("quiet", 10_000) == (entry(1),)
        assert store.counts()["dropped_journal"] == 501


def test_the_file_is_for_its_owners_eyes_only(file: Path) -> None:
    before = os.umask(0)
    try:
        with opened(file) as store:
            create(store, start())
            assert {each.stat().st_mode & 0o777 for each in file.parent.iterdir()} == {0o600}
    finally:
        os.umask(before)


@pytest.mark.parametrize(("durability", "synchronous"), [("process", 1), ("power", 2)])
def test_the_durability_decides_whether_a_write_waits_for_the_disk(
    file: Path, durability: str, synchronous: int
) -> None:
    store = SqliteStore(file, LIFECYCLE, durability=durability)
    with store._database.reading() as db:
        assert db.execute("PRAGMA synchronous").fetchone() == (synchronous,)
    store.close()


def test_a_process_that_comes_while_the_file_is_gone_makes_no_other_one(file: Path) -> None:
    with closing(SqliteStore(file, LIFECYCLE)) as first:
        made = create(first, start())
        before = first.clock.real()
    with moved_away(file):
        late = SqliteStore(file, LIFECYCLE, existing=True)
        for asked in (lambda: late.world(start()), lambda: create(late, start()), late.poll):
            with pytest.raises(Unavailable, match=r"mock\.db: was removed"):
                asked()
        assert late.clock.real() < before  # a moment that nobody was told
        assert not file.exists()
    with closing(late):
        assert late.task("default", made.id) == made
        assert late.clock.real() >= before


def test_a_file_that_was_damaged_and_then_removed_is_not_created_again(file: Path) -> None:
    with closing(SqliteStore(file, LIFECYCLE)) as store:
        store._database._leave()
        file.unlink()
        with pytest.raises(Unavailable, match=r"mock\.db: was removed"):
            store.world(start())
        assert not file.exists()


def test_a_worker_takes_the_file_that_its_parent_has_made(file: Path) -> None:
    settings = Settings(db=file, progress="manual")
    create_app(settings).store.close()
    with moved_away(file):
        app = create_worker(settings, file.parent)
        worker = client_of(app)
        for _ in range(2):
            answer = worker.post(TASKS, json=example())
            assert (answer.status_code, f"{file}: was removed" in answer.text) == (503, True)
        assert not file.exists()
    with closing(app.store):
        assert worker.post(TASKS, json=example()).status_code == 200


@pytest.mark.parametrize(
    "path", ["ledger", "tasks", "requests", "deliveries", "scripts", "keys", "health", "rules"]
)
def test_a_look_at_the_control_plane_writes_nothing(file: Path, path: str) -> None:
    app = App(Settings(db=file, progress="manual"), clock=FakeClock())
    with (
        closing(app.store),
        client_of(app) as client,
        closing(sqlite3.connect(file)) as other,
    ):
        client.post(TASKS, json=example())
        client.post("/_mock/credit", json={"credit": "5"})
        app.store.flush()
        heard: list[str | None] = []
        app.store.subscribe(heard.append)
        before = other.execute("PRAGMA data_version").fetchone()
        client.get(f"/_mock/{path}")
        app.store.flush()
        assert other.execute("PRAGMA data_version").fetchone() == before
        assert heard == []
        client.post("/_mock/clock", json={"advance": 1})
        assert other.execute("PRAGMA data_version").fetchone() != before
        assert heard == ["default"]
