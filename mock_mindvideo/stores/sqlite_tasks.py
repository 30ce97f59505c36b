"""The tasks in the SQLite file, as statements on a connection that is at hand."""

from collections.abc import Iterator
from sqlite3 import Connection

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.settlement import settlement
from mock_mindvideo.domain.task import Task
from mock_mindvideo.stores.base import not_found
from mock_mindvideo.stores.encoding import decode_task, encode_task
from mock_mindvideo.stores.sqlite_file import Database, columns, placeholders

TASK = columns(Task)

#: Tasks that are read at once, in less than a millisecond.
_PAGE = 64


def put_task(db: Connection, lifecycle: Lifecycle, world: str, task: Task) -> None:
    """Write a task over its former row, within a transaction."""
    ends_at, refund = settlement(task, lifecycle)
    row = (world, ends_at, str(refund) if refund else None, *encode_task(task))
    db.execute(
        f"INSERT OR REPLACE INTO tasks (world, ends_at, refund, {TASK})"
        f" VALUES (?, ?, ?, {placeholders(Task)})",
        row,
    )


def task_of_id(db: Connection, world: str, task_id: str) -> Task:
    """The task; raises TaskNotFound."""
    where = "world = ? AND id = ?"
    found = db.execute(f"SELECT {TASK} FROM tasks WHERE {where}", (world, task_id)).fetchone()
    if found is None:
        raise not_found(task_id)
    return decode_task(found)


def unfinished_in(db: Connection, world: str, now: Instant) -> Iterator[Task]:
    """The tasks that end after `now`, in the order of their numbers."""
    where = "world = ? AND ends_at > ? ORDER BY number"
    found = db.execute(f"SELECT {TASK} FROM tasks WHERE {where}", (world, now))
    return map(decode_task, found)


def free_at(db: Connection, world: str, most: int) -> Instant:
    """The `most`th latest end, 0 where there are fewer tasks."""
    return _greatest(db, world, "ends_at", most)


def task_under(db: Connection, world: str, idempotency_key: str | None) -> Task | None:
    """The task that has the idempotency key, if there is one."""
    where = "world = ? AND idempotency_key = ?"
    found = idempotency_key is not None and (
        db.execute(f"SELECT {TASK} FROM tasks WHERE {where}", (world, idempotency_key)).fetchone()
    )
    return decode_task(found) if found else None


def next_number(db: Connection, world: str) -> int:
    """The number of the next task."""
    highest = db.execute("SELECT coalesce(max(number), 0) FROM tasks WHERE world = ?", (world,))
    return int(highest.fetchone()[0]) + 1


def numbered(
    database: Database, world: str, first: int, last: int, now: Instant = -1
) -> Iterator[Task]:
    """The tasks from one number to another that end after `now`, read a few at a time."""
    while first <= last:
        with database.reading() as db:
            rows = db.execute(
                # The plus keeps SQLite to the order of the numbers, which needs no sorting.
                f"SELECT {TASK} FROM tasks WHERE world = ? AND number BETWEEN ? AND ?"
                " AND +ends_at > ? ORDER BY number LIMIT ?",
                (world, first, last, now, _PAGE),
            ).fetchall()
            tasks = list(map(decode_task, rows))
        yield from tasks
        if len(tasks) < _PAGE:
            return
        first = tasks[-1].number + 1


def number_of_newest(db: Connection, world: str, newest: int) -> int:
    """The number of the oldest of the `newest` tasks."""
    return _greatest(db, world, "number", newest)


def _greatest(db: Connection, world: str, column: str, nth: int) -> int:
    """The `nth` greatest value that the world's tasks have there, 0 where there are fewer."""
    query = f"SELECT {column} FROM tasks WHERE world = ? ORDER BY {column} DESC LIMIT 1 OFFSET ?"
    found = db.execute(query, (world, nth - 1)).fetchone()
    return int(found[0]) if found else 0
