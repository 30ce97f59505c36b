"""Recorded exchanges as what they mean: for which operation, and of which task."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from mock_mindvideo.contract.exchange import HttpResponse
from mock_mindvideo.contract.traffic.answers import response
from mock_mindvideo.contract.traffic.recorded import Recorded
from mock_mindvideo.platform import PLATFORM

SUBMIT, LOOK, EVENTS, OTHER = "submit", "look", "events", "other"

_NAMES, _PATHS = PLATFORM.members, PLATFORM.paths

Recordings = Mapping[Path, Sequence[Recorded]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something was seen: the entry of a file, and the pointer from the file's root."""

    file: str
    entry: int
    pointer: str


@dataclass(frozen=True, slots=True)
class SeenExchange:
    """One exchange. `value` is the answer as JSON or as text, None where it was not recorded.

    `task_id` is the task that the path names, or that the answer does.
    """

    file: Path
    entry: Recorded
    operation: str
    answer: HttpResponse
    value: Any
    task_id: str | None

    @property
    def went_well(self) -> bool:
        return 200 <= self.entry.status < 300

    @property
    def refused(self) -> bool:
        """Whether the request was refused; `refusals.py` says with what, if with 200."""
        return self.entry.status >= 400

    @property
    def task(self) -> Mapping[str, Any] | None:
        """The task in the answer, where it is one."""
        shows = self.went_well and self.operation in (SUBMIT, LOOK)
        known = shows and isinstance(self.value, dict)
        return self.value if known and isinstance(self.value.get(_NAMES.status), str) else None

    def evidence(self, part: str = "answer", at: str = "") -> Evidence:
        """That it was seen in a `part` of this exchange, at a pointer within the JSON there."""
        pointer = self.entry.pointer + self.entry.places[part]
        return Evidence(str(self.file), self.entry.number, f"{pointer}{at}")


def sightings(recordings: Recordings) -> tuple[SeenExchange, ...]:
    """All exchanges that were answered and not disturbed on purpose, file by file in time."""
    return tuple(
        _sighting(file, entry)
        for file, entries in recordings.items()
        for entry in entries
        if entry.status and not entry.disturbed and "x-mock-script" not in entry.headers
    )


def _sighting(file: Path, entry: Recorded) -> SeenExchange:
    answer = response(entry)
    value = None if entry.answer is None else answer.value
    operation, name = _operation(entry)
    if name is None and isinstance(value, dict) and isinstance(value.get(_NAMES.task_id), str):
        name = value[_NAMES.task_id]
    return SeenExchange(file, entry, operation, answer, value, name)


def _operation(entry: Recorded) -> tuple[str, str | None]:
    """What a request is for, and the task that its path names."""
    path = entry.path
    if path == _PATHS.submit:
        return (SUBMIT if entry.method == "POST" else OTHER), None
    for operation, pattern in ((EVENTS, _PATHS.to_events), (LOOK, _PATHS.to_task)):
        found = pattern.fullmatch(path)
        if found:
            return (operation if entry.method == "GET" else OTHER), unquote(found[1])
    return OTHER, None


def of_operation(seen: Sequence[SeenExchange], *operations: str) -> Iterator[SeenExchange]:
    """Those for one of the operations."""
    return (each for each in seen if each.operation in operations)
