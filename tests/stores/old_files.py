"""Writes the file that this version makes, to be kept: `python -m tests.stores.old_files`.

Run once for each new number of tables; what it wrote for the former ones stays as it is, since no
later version could write it.
"""

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

from mock_mindvideo.domain.delivery import Delivery
from mock_mindvideo.domain.journal import Note
from mock_mindvideo.domain.script import parse
from mock_mindvideo.domain.upload import Upload
from mock_mindvideo.stores.sqlite import SqliteStore
from mock_mindvideo.stores.sqlite_migrations import VERSION

from ..system.machines import FakeMachine
from ..worlds.making import CATALOG, Mock

FILES = Path(__file__).parent / "files"

#: A little of everything that a file can hold.
SCRIPTS = ("outcome=failed; error=timeout; times=2", "status=429; retry-after=3", "limit=10/60")
SETTINGS = {"progress": "time", "speed": 2.0, "seed": 7}
KEYS = ("plain", "disabled", "deleted")


def write(file: Path) -> None:
    """Fill a new file."""
    machine = FakeMachine()
    with patch("mock_mindvideo.system.clock.Machine", lambda: machine):
        store = SqliteStore(file, CATALOG.lifecycle)
    live(Mock(store.clock, store=store, settings=SETTINGS), machine)  # type: ignore[arg-type]
    store.close()
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute("VACUUM")


def live(mock: Mock, machine: FakeMachine) -> None:
    """Some life in two worlds."""
    world = mock.world()
    for text in SCRIPTS:
        world.add_script(parse(text), "control", 10)
    world.set_credit(Decimal("9.5"))
    for number in range(3):
        mock.submit(f"prompt {number} 图1", idempotency_key=f"order-{number}")
    mock.submit(script="outcome=stuck; queued=1.5")
    machine.pass_(1.5)
    mock.service.move(world, mock.submit("cancelled").view.task.id, "cancelled")
    mock.submit(world="other")
    world.run("manual")
    made = {name: world.create_key()[0].id for name in KEYS}
    world.change_key(made["disabled"], disabled=True)
    world.change_key(made["deleted"], deleted=True)
    keep_the_rest(mock)


def keep_the_rest(mock: Mock) -> None:
    mock.store.files.begin("default", Upload("a.png", "image/png", 0, 1))
    mock.store.files.add("default", "a.png", b"\x89PNG")
    mock.store.files.finish("default", "a.png")
    mock.store.deliver(Delivery("default", "task", "req_1", 0))
    note = Note(
        2, "req_1", "GET", "/", [(b"a", b"b")], b"{}", 429, "rate_limited", None, b"{}", 1.5
    )
    mock.store.record("default", note._replace(fault="status=429", retry_after=3))


if __name__ == "__main__":
    write(FILES / f"v{VERSION}.db")
