"""The use of idempotency keys, which shows only in several exchanges."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.contract.traffic.answers import response
from mock_mindvideo.contract.traffic.recorded import Recorded, TrafficFinding
from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.domain.payload import canonical, read_json
from mock_mindvideo.platform import PLATFORM

_NAME = PLATFORM.headers.idempotency_key.lower()


class _First(NamedTuple):
    """The first taken request under an idempotency key."""

    entry: Recorded
    task: Any


class IdempotencyCheck:
    """An idempotency key is one payload and one task; a retry goes under that of the first try."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._first: dict[tuple[str, str], _First] = {}
        self._unanswered: dict[bytes, str | None] = {}

    def all_faults(self, entries: Sequence[Recorded]) -> Iterator[TrafficFinding]:
        """What is wrong with the submits, which are in the order of time."""
        for entry in entries:
            if entry.submits and entry.body is not None:
                yield from self._retry(entry)
                yield from self._reuse(entry)

    def _retry(self, entry: Recorded) -> Iterator[TrafficFinding]:
        payload, idempotency_key = _payload(entry), entry.headers.get(_NAME)
        if payload in self._unanswered and self._unanswered[payload] != idempotency_key:
            words = (
                "a retry under another idempotency key, of a request without an answer,"
                " may be billed twice"
            )
            yield _fault(entry, "headers", words, ("D09",))
        if entry.status == 0 or entry.status >= 500:
            self._unanswered[payload] = idempotency_key
        else:
            self._unanswered.pop(payload, None)

    def _reuse(self, entry: Recorded) -> Iterator[TrafficFinding]:
        idempotency_key = entry.headers.get(_NAME)
        if idempotency_key is None:
            return
        value = response(entry).value if entry.answer else None
        task = value.get(PLATFORM.members.task_id) if isinstance(value, dict) else None
        taken = 200 <= entry.status < 300
        authorization = entry.headers.get("authorization", "")
        known = self._first.get((authorization, idempotency_key))
        if known is None:
            if taken:
                self._first[authorization, idempotency_key] = _First(entry, task)
            return
        if self._means_the_same(known.entry, entry):
            yield from _same_payload(known, entry, task, taken=taken)
            return
        words = "the idempotency key was used for another payload before"
        yield _fault(entry, "headers", words, ("D11",))
        if taken:
            words = (
                "another payload under a used idempotency key was answered with"
                f" {entry.status}, not 409"
            )
            yield _fault(entry, "status", words, ("D11",))

    def _means_the_same(self, first: Recorded, again: Recorded) -> bool:
        """Whether two payloads are one, perhaps with the defaults spelt out in one of them."""
        return _payload(first) == _payload(again) or self._filled(first) == self._filled(again)

    def _filled(self, entry: Recorded) -> bytes:
        try:
            value: Any = read_json((entry.body or "").encode("utf-8", "surrogatepass"))
            names = PLATFORM.members
            given = self._catalog.model(value[names.model]).fill(value[names.input])
        except (MockError, LookupError, TypeError, ValueError):
            return _payload(entry)
        return canonical({**value, "input": dict(given)})


def _same_payload(
    known: _First, entry: Recorded, task: Any, *, taken: bool
) -> Iterator[TrafficFinding]:
    """What goes against D10; where the bytes differ, whether it is the same is the mock's word."""
    facts = ("D10",) if known.entry.body == entry.body else ("X11",)
    if taken and None not in (task, known.task) and task != known.task:
        words = f"the same idempotency key and payload gave the task {task}, after {known.task}"
        yield _fault(entry, "answer", words, facts)
    elif entry.status == 409:
        words = "the same idempotency key and payload was answered with 409"
        at_once = entry.at < known.entry.until
        yield _fault(entry, "status", words, ("X12",) if at_once else facts)


def _payload(entry: Recorded) -> bytes:
    try:
        return canonical(read_json((entry.body or "").encode("utf-8", "surrogatepass")))
    except MockError:
        return json.dumps(entry.body).encode()


def _fault(entry: Recorded, part: str, message: str, proves: tuple[str, ...]) -> TrafficFinding:
    pointer = entry.pointer + entry.places[part]
    return TrafficFinding(entry.number, pointer, "idempotency", message, proves)
