"""What the query of a list asks for: which page, how many tasks, and of which kind."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from mock_mindvideo.domain.dialect import Dialect
from mock_mindvideo.domain.errors import InvalidRequest
from mock_mindvideo.web.answers import Scope
from mock_mindvideo.worlds import World
from mock_mindvideo.worlds.listing import PageWish
from mock_mindvideo.worlds.tasks import Service

#: Parameters of one query that are looked at.
_MOST = 64

#: No page lies further on.
_LAST = 1_000_000


def asked(scope: Scope, known: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The parameters by what the mock calls them, and advice about those that are not known.

    `known` is what the dialect calls them. Raises InvalidRequest.
    """
    query = scope.get("query_string", b"").decode("latin-1")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST)
    except ValueError:
        raise InvalidRequest(f"the query has more than {_MOST} parameters") from None
    own = {word: name for name, word in known.items()}
    found: dict[str, str] = {}
    for word, value in pairs:
        if own.get(word) in found:
            raise InvalidRequest(f"?{word}= is given twice")
        if word in own:
            found[own[word]] = value
    strange = [word[:40] for word, _ in pairs if word not in own]
    listed = ", ".join(f"?{word}=" for word in own) or "none"
    return found, tuple(f"?{word}= is not known here; there are: {listed}" for word in strange[:1])


def wanted(
    query: Mapping[str, str],
    said: Mapping[str, Any],
    dialect: Dialect,
    service: Service,
    world: World,
) -> tuple[int, PageWish]:
    """The number of the page, and what is wanted; raises InvalidRequest, TaskNotFound."""
    names: Mapping[str, str] = said["parameters"]
    number = _count(query, names, "page", 1, _LAST)
    size = _count(query, names, "size", said["size"], said["most"])
    states = tuple(service.catalog.lifecycle.states)
    return number, PageWish(
        size=size,
        skip=(number - 1) * size,
        before=_before(query, service, world),
        statuses=_statuses(query, names, {state: dialect.tasks.word(state) for state in states}),
        model=query.get("model"),
    )


def _count(
    query: Mapping[str, str], names: Mapping[str, str], name: str, usual: int, most: int
) -> int:
    if name not in query:
        return usual
    text = query[name]
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= most):
        raise InvalidRequest(f"?{names[name]}= must be from 1 to {most}; it is {text[:20]!r}")
    return int(text)


def _before(query: Mapping[str, str], service: Service, world: World) -> int | None:
    """The number of the task that the client has seen last."""
    return service.glance(world, query["after"]).task.number if "after" in query else None


def _statuses(
    query: Mapping[str, str], names: Mapping[str, str], words: Mapping[str, str]
) -> frozenset[str] | None:
    if "status" not in query:
        return None
    found = frozenset(state for state, word in words.items() if word == query["status"])
    if not found:
        known = ", ".join(dict.fromkeys(words.values()))
        shown = query["status"][:40]
        raise InvalidRequest(f"?{names['status']}= must be one of {known}; it is {shown!r}")
    return found
