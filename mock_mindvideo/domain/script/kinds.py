"""Kinds of request, as scripts tell them apart: on which of them a word can act at all."""

from collections.abc import Mapping
from enum import IntFlag

from mock_mindvideo.domain.script.paths import reaches
from mock_mindvideo.platform import PLATFORM

TASKS, _TASK, _EVENTS = PLATFORM.paths.submit, PLATFORM.paths.show, PLATFORM.paths.events


class Kind(IntFlag):
    """A request of the emulated API; several together are a set."""

    NONE = 0
    SUBMIT = 1
    SHOW = 2
    LIST = 4
    STREAM = 8
    HEAD = 16
    ANY = SUBMIT | SHOW | LIST | STREAM | HEAD
    WITH_BODY = SUBMIT | SHOW | LIST | STREAM
    WHOLE = SUBMIT | SHOW | LIST | HEAD


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
    if method in ("POST", "HEAD"):
        return Kind.SUBMIT if method == "POST" else Kind.HEAD
    if streaming:
        return Kind.STREAM
    return Kind.LIST if PLATFORM.paths.to_events.fullmatch(path) else Kind.SHOW


def within(method: str | None, path: str | None) -> Kind:
    """The kinds that a script with these modifiers can meet; None leaves one open."""
    found = Kind.NONE
    for kind, (_, own, templates) in _TABLE.items():
        reached = path is None or any(reaches(path, template) for template in templates)
        if method in (None, own) and reached:
            found |= kind
    return found


def names(kinds: Kind) -> tuple[str, ...]:
    """Each kind of a set, as a person reads it."""
    return tuple(name for kind, (name, _, _) in _TABLE.items() if kind in kinds)


def named(kinds: Kind) -> str:
    """A set of kinds in a sentence."""
    return "any request" if kinds == Kind.ANY else ", or ".join(names(kinds))
