"""Kinds of request, as scripts tell them apart: on which of them a word can act at all."""

from collections.abc import Iterator, Mapping
from enum import IntFlag

from mock_mindvideo.domain.script.paths import reaches
from mock_mindvideo.platform import PLATFORM

TASKS, _TASK, _EVENTS = PLATFORM.paths.submit, PLATFORM.paths.show, PLATFORM.paths.events


class Kind(IntFlag):
    """A request of the emulated API; several together are a set.

    EXTENDED is any request for what a dialect adds.
    """

    NONE = 0
    SUBMIT = 1
    SHOW = 2
    LIST = 4
    STREAM = 8
    HEAD = 16
    EXTENDED = 32
    ANY = SUBMIT | SHOW | LIST | STREAM | HEAD | EXTENDED
    WITH_BODY = SUBMIT | SHOW | LIST | STREAM | EXTENDED
    WHOLE = SUBMIT | SHOW | LIST | HEAD | EXTENDED


#: Requests that a dialect adds: the method of each, and its path.
Added = tuple[tuple[str, str], ...]

#: How a kind is called, its method, and the paths it has.
_TABLE: Mapping[Kind, tuple[str, str, tuple[str, ...]]] = {
    Kind.SUBMIT: (f"POST {TASKS}", "POST", (TASKS,)),
    Kind.SHOW: (f"GET {_TASK}", "GET", (_TASK,)),
    Kind.LIST: (f"GET {_EVENTS} as JSON", "GET", (_EVENTS,)),
    Kind.STREAM: (f"GET {_EVENTS} as a stream", "GET", (_EVENTS,)),
    Kind.HEAD: (f"HEAD {_TASK} and its events", "HEAD", (_TASK, _EVENTS)),
}


def kind_of(method: str, path: str, *, streaming: bool = False) -> Kind:
    """What kind a request to one of the API's paths is; `streaming` if it asks for a stream."""
    if method == "POST" and path == TASKS:
        return Kind.SUBMIT
    if streaming:
        return Kind.STREAM
    listed = PLATFORM.paths.to_events.fullmatch(path)
    if method not in ("GET", "HEAD") or not (listed or PLATFORM.paths.to_task.fullmatch(path)):
        return Kind.EXTENDED
    if method == "HEAD":
        return Kind.HEAD
    return Kind.LIST if listed else Kind.SHOW


def within(method: str | None, path: str | None, added: Added = ()) -> Kind:
    """The kinds that a script with these modifiers can meet; None leaves one open."""
    found = Kind.NONE
    for kind, own, template in _meetable(added):
        if method in (None, own) and (path is None or reaches(path, template)):
            found |= kind
    return found | (Kind.EXTENDED if method is path is None else Kind.NONE)


def _meetable(added: Added) -> Iterator[tuple[Kind, str, str]]:
    for kind, (_, method, templates) in _TABLE.items():
        yield from ((kind, method, template) for template in templates)
    yield from ((Kind.EXTENDED, method, template) for method, template in added)


def names(kinds: Kind, added: Added = ()) -> tuple[str, ...]:
    """Each kind of a set, as a person reads it; those that a dialect adds, one by one."""
    own = tuple(name for kind, (name, _, _) in _TABLE.items() if kind in kinds)
    return (*own, *map(" ".join, added)) if Kind.EXTENDED in kinds else own


def named(kinds: Kind) -> str:
    """A set of kinds in a sentence."""
    return "any request" if kinds == Kind.ANY else ", or ".join(names(kinds))
