"""Where a path of the emulated API leads. It is compared whole, as it was sent."""

import difflib
import re
from typing import NamedTuple
from urllib.parse import unquote

from mock_mindvideo.domain.errors import NotFound

PREFIX = "/api/"
TASKS = "/api/v1/tasks"

SUBMIT = "submit"
SHOW = "show"
EVENTS = "events"

#: Characters of a path that are looked at, and shown, when it leads nowhere.
_LONGEST = 300

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
    if path == TASKS:
        return _SUBMIT
    found = _TASK.fullmatch(path)
    if found is None or (raw.find(b"%2") >= 0 and b"%2f" in raw.lower()):
        raise NotFound(f"no such path; {hint(path)}the API is at {TASKS}")
    return Route(_READ, EVENTS if found[2] else SHOW, found[1])


def methods_of(path: str) -> str:
    """The methods that `path` takes, for a preflight; none where it leads nowhere."""
    try:
        return ", ".join(route(path).methods)
    except NotFound:
        return ""


def hint(path: str) -> str:
    """Which path of the API was probably meant, as a part of a message; empty if none."""
    meant = _meant(path[:_LONGEST])
    return f"did you mean {meant}? " if meant else ""


def _meant(path: str) -> str | None:
    """The path of the API that is nearest, None if none is near."""
    words = [word for word in unquote(path).split("/") if word]
    while words and words[0].lower() in ("api", "v1", "v2"):
        del words[0]
    if not words or not _near(words[0], "tasks"):
        return None
    events = len(words) == 3 and _near(words[2], "events")
    return "/".join([TASKS, *words[1:2], *(["events"] if events else [])])


def _near(word: str, known: str) -> bool:
    return bool(difflib.get_close_matches(word.lower(), [known], cutoff=0.7))
