"""What an API may have beside what MindVideo documents: each part is off until a dialect has it.

`extensions` in the platform's file says of each whether it is `on`, where it is and how it answers.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mock_mindvideo.domain.dialect.template import names
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.platform.value import with_group

CANCEL, LIST, BALANCE, MODELS = "cancel", "list", "balance", "models"

#: Those that clients ask; each has a method and a path.
ASKED = (CANCEL, LIST, BALANCE, MODELS)

#: What the templates of their answers can name.
CANCEL_NAMES = ("task", "task_id", "status", "request_id")
LIST_NAMES = ("tasks", "page", "size", "total", "pages", "more", "first", "last", "request_id")
BALANCE_NAMES = ("balance", "held", "charged", "request_id")
MODEL_NAMES = ("model", "title", "output", "cost")
MODELS_NAMES = ("models", "request_id")


@dataclass(frozen=True, slots=True)
class Extension:
    """One that is on: `said` is what the file has of it."""

    name: str
    said: Mapping[str, Any]
    methods: tuple[str, ...]
    path: str
    _pattern: re.Pattern[str] = field(repr=False)

    def task_at(self, path: str) -> str | None:
        """None where `path` is not its own, else the task that it names, or an empty text."""
        found = self._pattern.fullmatch(path)
        return None if found is None else "".join(found.groups())

    @property
    def body(self) -> Any:
        """The template of its answer."""
        return self.said["body"]

    @property
    def named(self) -> frozenset[str]:
        """What its answer names."""
        return frozenset(name for _, name in names(self.body))


class Extensions:
    """`extensions` in the platform's file, those that are on."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.on = tuple(_extension(name, raw[name]) for name in ASKED if raw[name]["on"])

    def __iter__(self) -> Iterator[Extension]:
        return iter(self.on)

    def __bool__(self) -> bool:
        return bool(self.on)

    def __contains__(self, name: object) -> bool:
        return any(each.name == name for each in self.on)

    def at(self, path: str) -> list[tuple[Extension, str | None]]:
        """Those that a path leads to, each with the task that the path names."""
        found = ((each, each.task_at(path)) for each in self.on)
        return [(each, task_id or None) for each, task_id in found if task_id is not None]

    @property
    def requests(self) -> tuple[tuple[str, str], ...]:
        """Method and path of each."""
        return tuple((method, each.path) for each in self.on for method in each.methods)


def _extension(name: str, said: Mapping[str, Any]) -> Extension:
    methods = (said["method"],) if name == CANCEL else ("GET", "HEAD")
    return Extension(name, said, methods, said["path"], re.compile(with_group(said["path"])))


def clash(method: str, path: str) -> bool:
    """Whether a documented endpoint takes what an extension would have for itself."""
    paths, example = PLATFORM.paths, path.replace("{task_id}", "task")
    if method == "POST":
        return example == paths.submit
    reads = method in ("GET", "HEAD")
    return reads and any(each.fullmatch(example) for each in (paths.to_task, paths.to_events))
