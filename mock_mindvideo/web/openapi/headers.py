"""The headers of answers, and which of them each answer carries."""

from collections.abc import Iterable
from typing import Any

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.domain.keys import challenge
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.demo import demo_ids
from mock_mindvideo.web.openapi.fidelity import grounds
from mock_mindvideo.web.openapi.worded import request_id_schema

#: Only the mock's, on every answer where there is something to say.
OWN = ("X-Mock-Advice", "X-Mock-Script")

#: What the mock's own statuses bring along.
_BY_STATUS = {401: "WWW-Authenticate", 405: "Allow"}
_LATER = (429, 503)


def always(catalog: Catalog) -> tuple[str, ...]:
    """The headers of every answer of the API."""
    name = catalog.dialect.answers.request_id
    return (name, *OWN) if name else OWN


def of(*names: str, always: Iterable[str]) -> dict[str, Any]:
    """The headers of an answer: those of every answer, and `names`."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*always, *names)}


def of_refusal(
    catalog: Catalog, kinds: Iterable[type[MockError]], always: Iterable[str]
) -> dict[str, Any]:
    """The headers of a refusal; what it adds goes by its kind."""
    added: dict[str, None] = {}
    said = catalog.dialect.refusals
    for kind in kinds:
        if kind.status in _BY_STATUS:
            name = _BY_STATUS[kind.status]
            added |= {} if name.lower() in said.without else {name: None}
        if kind.status in _LATER:
            added |= dict.fromkeys(catalog.dialect.refusals.headers)
    return of(*added, always=always)


def components(catalog: Catalog) -> dict[str, Any]:
    """Every header by name."""
    dialect = catalog.dialect
    described: dict[str, dict[str, Any]] = {
        dialect.answers.request_id: {
            "description": "Names this very request; support and logs know it by that.",
            "required": True,
            "schema": request_id_schema(catalog),
            "example": demo_ids(dialect.ids)[1],
        },
        "X-Mock-Advice": {
            "description": "Likely mistakes that are no errors. ASCII, other text is"
            " percent-encoded. Only the mock sends it.",
            "schema": {"type": "string"},
        },
        "X-Mock-Script": {
            "description": "The script that was at work, where one was. Only the mock sends it.",
            "schema": {"type": "string"},
        },
        dialect.replayed: {
            "description": "`true` where the idempotency key had a task already: that one is"
            " shown as it is now, and nothing was charged.",
            "schema": {"const": _mark(catalog)},
        },
        **{name: _limit(template) for name, template in dialect.refusals.headers.items()},
        "WWW-Authenticate": {
            "description": "The challenge of RFC 6750.",
            "required": True,
            "schema": {
                "type": "string",
                "pattern": f"^{PLATFORM.keys.scheme} ",
                "examples": [challenge()[0][1]],
            },
        },
        "Allow": {
            "description": "The methods that this path has.",
            "required": True,
            "schema": {"type": "string", "pattern": "^[A-Z]+(, [A-Z]+)*$"},
        },
    }
    sent = {
        name: each for name, each in described.items() if name and not _is_left_out(name, catalog)
    }
    return {name: header | grounds(catalog, f"header:{name}") for name, header in sent.items()}


def _is_left_out(name: str, catalog: Catalog) -> bool:
    return name.lower() in catalog.dialect.refusals.without


def _mark(catalog: Catalog) -> str:
    mark = catalog.dialect.answers.replayed
    return "true" if mark is None else mark[1].decode()


def _limit(template: str) -> dict[str, Any]:
    """A header of a refusal that says when to come again."""
    if template == "{retry_after}":
        return {
            "description": "Seconds to wait; a request after that is taken.",
            "schema": {"type": "integer", "minimum": 0},
        }
    return {"description": "About a limit that was reached.", "schema": {"type": "string"}}
