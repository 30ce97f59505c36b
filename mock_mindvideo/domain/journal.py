"""The journal: what was asked and answered, and what was done to the world; no key in clear."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import orjson

from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.masking import SECRET_HEADERS, mask_bytes, mask_header, mask_text

#: How a journal names itself in a file, so that others know what they read.
FORMAT = "mock-mindvideo-journal/1"

#: Bytes of a body that the journal keeps.
MAX_BODY = 16 * 1024

#: Acts that the journal keeps beside its exchanges, over all worlds.
MOST_ACTS = 20_000

#: Bytes of an entry beside its texts: no entry takes less.
LIGHTEST = 400


class Entry(NamedTuple):
    """One exchange, or one act upon the world. `headers` has a line each.

    `fault` is the script that disturbed it, `plan` the one that decided the plan of its
    new task.
    `at` is the world's time as it came, `ms` real milliseconds until the answer began,
    `retry_after` what the answer's header of that name said, in the client's seconds.
    An `act`, such as "clock", is nobody's request: its `body` is JSON that says what was done.
    """

    at: Instant
    request_id: str
    method: str
    path: str
    headers: bytes
    body: bytes
    status: int
    code: str | None
    task_id: str | None
    answer: bytes
    ms: float
    fault: str | None = None
    plan: str | None = None
    advice: str | None = None
    retry_after: int | None = None
    act: str | None = None


class Note(NamedTuple):
    """What a store is given to keep: an entry as it came, keys and all.

    Masking it takes as long as writing it down, and few entries are ever read. So stores make the
    entry (`entry_of`) when it leaves them: when it is asked for, or written to a file. A tuple of
    atoms; the members are those of `Entry`, but the headers' names and values stand apart.
    """

    at: Instant
    request_id: str
    method: str
    path: str
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes
    status: int
    code: str | None
    task_id: str | None
    answer: bytes
    ms: float
    fault: str | None = None
    plan: str | None = None
    advice: str | None = None
    retry_after: int | None = None
    act: str | None = None


class LogPage(NamedTuple):
    """A part of a world's log, exchanges and acts, each with its number, oldest first.

    `last` is the number up to which it was looked; `lost` says that what came after the number
    that was asked for may have been dropped already.
    """

    entries: tuple[tuple[int, Entry], ...]
    last: int
    lost: bool = False


def act_note(at: Instant, act: str, task_id: str | None, told: Mapping[str, object]) -> Note:
    """An act upon a world at a moment of its time."""
    return Note(at, "", "", "", (), orjson.dumps(dict(told)), 0, None, task_id, b"", 0.0, act=act)


def entry_of(note: Note) -> Entry:
    """What was noted, with every key masked."""
    return Entry._make(note)._replace(
        path=mask_text(note.path),
        headers=_lines(note.headers),
        body=mask_bytes(note.body),
        task_id=_masked(note.task_id),
        answer=mask_bytes(note.answer),
        fault=_masked(note.fault),
        plan=_masked(note.plan),
    )


def note_of(entry: Entry) -> Note:
    """An entry as a note of which the same entry is made."""
    lines = entry.headers.split(b"\n") if entry.headers else ()
    named = [(name, value) for name, _, value in (line.partition(b": ") for line in lines)]
    return Note._make(entry)._replace(headers=named)


def _lines(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Headers as the journal keeps them, a line each. Nearly all are kept as they came."""
    lines = [
        b"%b: %b" % (name, value) if name not in SECRET_HEADERS else _masked_line(name, value)
        for name, value in headers
    ]
    return mask_bytes(b"\n".join(lines))


@lru_cache(maxsize=1024)
def _masked_line(name: bytes, value: bytes) -> bytes:
    label = name.decode("latin-1")
    return f"{label}: {mask_header(label, value[:4096].decode('latin-1'))}".encode()


def _masked(text: str | None) -> str | None:
    return None if text is None else mask_text(text)


def weight(entry: Entry) -> int:
    """About how many bytes an entry takes."""
    return LIGHTEST + len(entry.headers) + len(entry.body) + len(entry.answer)
