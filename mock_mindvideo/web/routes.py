"""Where a path of the emulated API leads. It is compared whole, as it was sent."""

import re
from typing import NamedTuple

from mock_mindvideo.domain.errors import NotFound
from mock_mindvideo.domain.script import kinds
from mock_mindvideo.web.hints import hint

PREFIX = "/api/"
TASKS = kinds.TASKS

SUBMIT = "submit"
SHOW = "show"
EVENTS = "events"

_TASK = re.compile(re.escape(TASKS) + r"/([^/]+)(/events)?")


class Route(NamedTuple):
    """What a path leads to: the methods it takes, which endpoint that is, the task it names."""

    methods: tuple[str, ...]
    endpoint: str
    task_id: str | None = None


_SUBMIT = Route(("POST",), SUBMIT)
_READ = ("GET", "HEAD")


def route(path: str, raw: bytes = b"") -> Route:
    """Where a decoded path leads; raises NotFound, with what was probably meant.

    `raw` is the path as it was sent: a slash that is encoded there separates nothing.
    """
    submits = path == TASKS
    found = None if submits else _TASK.fullmatch(path)
    if hides_slash(raw) or not (submits or found):
        raise NotFound(f"no such path; {hint(path)}the API is at {TASKS}")
    if found is None:
        return _SUBMIT
    return Route(_READ, EVENTS if found[2] else SHOW, found[1])


def hides_slash(raw: bytes) -> bool:
    """Whether a path as it was sent has an encoded slash, which separates nothing."""
    return raw.find(b"%2") >= 0 and b"%2f" in raw.lower()


def methods_of(path: str) -> str:
    """The methods that `path` takes, for a preflight; none where it leads nowhere."""
    try:
        return ", ".join(route(path).methods)
    except NotFound:
        return ""
