"""The headers of answers, and which of them each answer carries."""

from collections.abc import Iterable
from typing import Any

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.domain.keys import challenge
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.demo import REQUEST_ID
from mock_mindvideo.web.openapi.fidelity import grounds
from mock_mindvideo.web.openapi.schemas import part

#: On every answer, though the last two only where there is something to say.
ALWAYS = (PLATFORM.headers.request_id, "X-Mock-Advice", "X-Mock-Script")

REPLAYED = PLATFORM.headers.replayed

_BY_STATUS = {401: "WWW-Authenticate", 405: "Allow", 429: "Retry-After", 503: "Retry-After"}


def of(*names: str, always: Iterable[str] = ALWAYS) -> dict[str, Any]:
    """The headers of an answer: those of every answer, and `names`."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*always, *names)}


def of_refusal(kinds: Iterable[type[MockError]], always: Iterable[str] = ALWAYS) -> dict[str, Any]:
    """The headers of a refusal; what it adds goes by its status."""
    added = {_BY_STATUS[kind.status] for kind in kinds if kind.status in _BY_STATUS}
    return of(*added, always=always)


def components(catalog: Catalog) -> dict[str, Any]:
    """Every header by name."""
    described: dict[str, dict[str, Any]] = {
        PLATFORM.headers.request_id: {
            "description": "Names this very request; support and logs know it by that.",
            "required": True,
            "schema": part(catalog, "error.schema.json", PLATFORM.members.request_id),
            "example": REQUEST_ID,
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
        REPLAYED: {
            "description": "`true` where the idempotency key had a task already: that one is"
            " shown as it is now, and nothing was charged.",
            "schema": {"const": "true"},
        },
        "Retry-After": {
            "description": "Seconds to wait; a request after that is taken.",
            "schema": {"type": "integer", "minimum": 0},
        },
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
    return {name: header | grounds(catalog, f"header:{name}") for name, header in described.items()}
