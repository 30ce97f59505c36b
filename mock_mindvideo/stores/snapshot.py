"""One world as it was at a moment, and as a file: to look at a bug where it happened, and to open
it elsewhere.

Keys are kept as digests only, as in every store; the journal is masked already.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from mock_mindvideo.domain.delivery import Delivery
from mock_mindvideo.domain.journal import Entry, note_of
from mock_mindvideo.domain.keys import Key
from mock_mindvideo.domain.task import Task
from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.stores.base import Payload, Store
from mock_mindvideo.stores.encoding import decode_task, decode_world, encode_task, encode_world
from mock_mindvideo.stores.private import write_private
from mock_mindvideo.system.files import read_file

FORMAT = "mock-mindvideo world"
VERSION = 2

#: Journal entries in a file, the newest.
ENTRIES = 10_000

#: More than any store keeps.
_ALL = 1_000_000

logger = logging.getLogger("mock_mindvideo")


class SnapshotError(Exception):
    """A file that holds no world: which, and why."""


class Snapshot(NamedTuple):
    """A world at one moment, at which its `state` is anchored. `journal_left_out` counts the older
    requests that are not in it; deliveries are in no file."""

    state: WorldState
    tasks: tuple[Task, ...]
    keys: tuple[Key, ...]
    journal: tuple[Entry, ...]
    journal_left_out: int
    deliveries: tuple[Delivery, ...] = ()


def take_snapshot(store: Store, state: WorldState, entries: int = _ALL) -> Snapshot:
    """A world as of now, with the newest `entries` of its journal."""
    real, name = store.clock.real(), state.name
    journal = store.journal(name, _ALL)
    kept = journal[-entries:]
    return Snapshot(
        replace(state, anchor=state.now(real), anchored=real),
        tuple(store.tasks(name)),
        store.keys(name),
        kept,
        len(journal) - len(kept) + store.forgotten(name),
        store.deliveries(name, _ALL),
    )


def put_snapshot(store: Store, snapshot: Snapshot) -> None:
    """Put a world into the store, in place of one of its name: it goes on from its moment."""
    state = replace(snapshot.state, anchored=store.clock.real())
    store.reset(state.name)
    for task in snapshot.tasks:
        _put(store, state, task)
    store.change(state, lambda _: (state, None))
    for key in snapshot.keys:
        store.add_key(key)
    for entry in snapshot.journal:
        store.record(state.name, note_of(entry))
    for delivery in snapshot.deliveries:
        store.deliver(delivery)


def write_snapshot(store: Store, state: WorldState, file: Path) -> int:
    """Write a world to `file`, as of now: opened later, it goes on from here.

    Returns how many older requests are not in it, for its bound or the store's.
    """
    taken = take_snapshot(store, state, ENTRIES)
    world = {
        "format": FORMAT,
        "version": VERSION,
        "world": json.loads(encode_world(taken.state)),
        "tasks": [_texts(Task._fields, encode_task(task)) for task in taken.tasks],
        "keys": [key._asdict() for key in taken.keys],
        "journal": [_texts(Entry._fields, each) for each in taken.journal],
        "journal_left_out": taken.journal_left_out,
    }
    write_private(file, json.dumps(world, indent=1))
    return taken.journal_left_out


def load_snapshot(store: Store, file: Path) -> str:
    """Put the world in `file` into the store, in place of one of its name; returns the name.

    Raises SnapshotError, and nothing is stored then.
    """
    raw = _read(file)
    try:
        read = Snapshot(
            decode_world(json.dumps(raw["world"])),
            tuple(_task(each) for each in raw["tasks"]),
            tuple(Key(**each) for each in raw["keys"]),
            tuple(Entry(*_values(Entry._fields, each)) for each in raw["journal"]),
            raw.get("journal_left_out", 0),
        )
    except (LookupError, TypeError, ValueError) as problem:
        raise SnapshotError(f"{file}: is damaged: {problem!r}") from None
    put_snapshot(store, read)
    if left_out := read.journal_left_out:
        logger.warning("%s: its journal is without the %d oldest requests", file, left_out)
    return read.state.name


def saved_name(file: Path) -> str:
    """The name of the world in `file`; raises SnapshotError."""
    try:
        return str(_read(file)["world"]["name"])
    except (LookupError, TypeError) as problem:
        raise SnapshotError(f"{file}: is damaged: {problem!r}") from None


def _put(store: Store, state: WorldState, task: Task) -> None:
    payload = Payload(task.model, task.input)
    store.create(state, task.idempotency_key, payload, lambda ground: (ground.state, task))


def _read(file: Path) -> dict[str, Any]:
    try:
        raw = json.loads(read_file(file))
    except OSError as problem:
        raise SnapshotError(f"{file}: cannot be read: {problem.strerror}") from None
    except (ValueError, RecursionError):
        raise SnapshotError(f"{file}: is not JSON") from None
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise SnapshotError(f"{file}: is not a saved world; --mindvideo-save writes them")
    if raw.get("version") != VERSION:
        raise SnapshotError(f"{file}: was written by another version of mock-mindvideo")
    return raw


def _task(row: Mapping[str, Any]) -> Task:
    """A task as it was saved; what it had no fact of by then has its default."""
    return decode_task(tuple(_values(Task._fields, Task._field_defaults | dict(row))))


def _texts(names: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    """A row by its names; bytes, which JSON has not, are an object with their text."""
    return {
        name: {"utf8": value.decode("utf-8", "surrogateescape")}
        if isinstance(value, bytes)
        else value
        for name, value in zip(names, values, strict=True)
    }


def _values(names: tuple[str, ...], row: Mapping[str, Any]) -> list[Any]:
    return [
        row[name]["utf8"].encode("utf-8", "surrogateescape")
        if isinstance(row[name], dict)
        else row[name]
        for name in names
    ]
