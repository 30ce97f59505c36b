"""What the control plane takes: one small JSON Schema for each body."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from starlette.requests import Request

from mock_mindvideo.catalog import Rules
from mock_mindvideo.domain.errors import Detail, InvalidRequest, PayloadTooLarge
from mock_mindvideo.domain.in_flight import MOST
from mock_mindvideo.domain.payload import read_json
from mock_mindvideo.domain.world import PROGRESSES
from mock_mindvideo.web.control.pact_states import STATES

MAX_BODY = 64 * 1024

_SECONDS = {"type": "number", "minimum": 0, "maximum": 1_000_000_000}


class Form:
    """What a body must be like, compiled when the first one comes: most tests send none."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema

    @cached_property
    def rules(self) -> Rules:
        """The rules of the schema."""
        return Rules(Path("control.schema.json"), self.schema)


def _form(properties: Mapping[str, Any], *required: str, least: int = 0) -> Form:
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "minProperties": least,
        "additionalProperties": False,
    }
    return Form(schema)


NOTHING = _form({})
CLOCK = _form(
    {
        "advance": _SECONDS,
        "progress": {"enum": list(PROGRESSES)},
        "speed": {"type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000},
    },
    least=1,
)
CREDIT = _form(
    {
        "credit": {
            "type": ["string", "number", "null"],
            "pattern": r"^[0-9]{1,12}(\.[0-9]{1,9})?$",
            "minimum": 0,
            "exclusiveMaximum": 10**12,
        }
    },
    "credit",
)
FAIL = _form(
    {
        "code": {"type": "string", "pattern": "^[a-z0-9_]{1,64}$"},
        "message": {"type": "string", "minLength": 1, "maxLength": 1000},
    }
)
KEY = _form({"disabled": {"type": "boolean"}}, "disabled")
LIMITS = _form(
    {
        "in_flight": {"type": ["integer", "null"], "minimum": 1, "maximum": MOST},
        "quotas": {"type": "array", "maxItems": 16, "items": {"type": "string"}},
    },
    least=1,
)
NEW_KEY = _form({"key": {"type": "string", "pattern": "^[!-~]{1,512}$"}})
RESET = _form({"seed": {"type": ["string", "integer"], "pattern": "^-?[0-9]{1,30}$"}})
PROVIDER_STATE = _form(
    {
        "state": {"type": "string", "maxLength": 1000, "examples": [*STATES]},
        "params": {
            "type": "object",
            "properties": {
                "status": {"type": "string"},
                "code": {"type": "string", "pattern": "^[a-z0-9_]{1,64}$"},
                "idempotency_key": {"type": "string"},
                "body": {"type": "object"},
            },
        },
        "action": {"enum": ["setup", "teardown"]},
    },
    "state",
)
SCRIPT = _form(
    {
        "script": {"type": ["string", "object"], "minLength": 1, "maxProperties": 32},
        "origin": {"enum": ["fixture", "control"]},
    },
    "script",
)


async def read_form(request: Request, form: Form) -> dict[str, Any]:
    """The body as `form` has it; no body is an empty object.

    Raises PayloadTooLarge, InvalidJson, InvalidRequest.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise PayloadTooLarge(f"the body is over {MAX_BODY} bytes")
    value = read_json(body) if body.strip() else {}
    broken = form.rules.violations(value)
    if broken:
        details = tuple(Detail(each.pointer, each.keyword, each.message) for each in broken)
        raise InvalidRequest(
            f"{broken[0].pointer or 'the body'}: {broken[0].message}", details=details
        )
    return dict(value)  # type: ignore[call-overload, no-any-return]
