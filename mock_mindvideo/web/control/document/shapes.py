"""What the control plane answers, as JSON Schema: closed, so that nothing is sent unsaid."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.domain.journal import FORMAT
from mock_mindvideo.domain.script import WORDS
from mock_mindvideo.domain.world import PROGRESSES
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.media.intake import TYPES
from mock_mindvideo.web.openapi.generators import OPEN
from mock_mindvideo.web.openapi.given import JsonSchema
from mock_mindvideo.web.openapi.relocation import component
from mock_mindvideo.web.openapi.schemas import FILES, platform

_TEXT: JsonSchema = {"type": "string"}
_MAYBE: JsonSchema = {"type": ["string", "null"]}
_FLAG: JsonSchema = {"type": "boolean"}
_COUNT: JsonSchema = {"type": "integer", "minimum": 0}
_INSTANT: JsonSchema = {"type": "string", "format": "date-time", "description": "The world's time."}
_MONEY: JsonSchema = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "description": "USD."}
_ANY: JsonSchema = {"type": "object", **OPEN}
_SCHEMA: JsonSchema = {"type": ["object", "boolean", "null"], **OPEN}


class Reply(NamedTuple):
    """The body of an answer."""

    words: str
    schema: JsonSchema
    media_type: str = "application/json"


def shown(name: str, words: str) -> Reply:
    """An answer that is one of the components."""
    return Reply(words, component(name))


def listed(name: str, item: str) -> Reply:
    """An answer that is a list of one of the components."""
    return Reply("The list.", _closed({name: _each(component(item))}))


def components(catalog: Catalog) -> dict[str, Any]:
    """Every component by name; tasks and refusals are the platform's own."""
    api = platform(catalog)
    return {FILES[file]: api[FILES[file]] for file in ("error.schema.json",)} | {
        "Task": _task(api[FILES["task.schema.json"]]),
        **{name: _closed(members) for name, members in _members(catalog).items()},
        "Behaviour": _closed(_BEHAVIOUR) | {"required": [*_BEHAVIOUR][:4]},
        "Estimate": _estimate(),
        "Probe": _closed({"status": _TEXT, "reason": _TEXT}) | {"required": ["status"]},
        "Values": {"type": "object", "additionalProperties": {"type": "string"}},
        "Document": _ANY,
    }


def _members(catalog: Catalog) -> dict[str, dict[str, Any]]:
    clock = {
        "world": _TEXT,
        "now": _INSTANT,
        "progress": {"enum": [*PROGRESSES]},
        "speed": {"type": "number", "exclusiveMinimum": 0},
        "seed": {"type": "string", "pattern": "^-?[0-9]+$"},
    }
    transition = {"task_id": _TEXT, **_step(catalog)}
    return {
        "Step": _step(catalog),
        "Transition": transition,
        "Clock": clock,
        "MovedClock": clock | {"transitions": _each(component("Transition"))},
        "World": clock | {"tasks": {**_COUNT, "description": "Ever submitted."}},
        "WorldName": {"world": _TEXT},
        "Limits": {"in_flight": {"type": ["integer", "null"], "minimum": 1},
                   "quotas": _each(_TEXT)},
        "Cut": {"streams": _COUNT},
        "Script": _SCRIPT,
        "Key": _KEY,
        "Request": _REQUEST,
        "Journal": {
            "format": {"const": FORMAT},
            "forgotten": {**_COUNT, "description": "Requests that it no longer has."},
            "sample": {"type": "integer", "minimum": 1, "description":
                       "Of so many requests that went well, one is kept."},
            "requests": _each(component("Request")),
        },
        "Delivery": {"world": _TEXT, "task_id": _TEXT, "request_id": _TEXT, "sequence": _COUNT},
        "Posting": {"at": _INSTANT, "kind": {"enum": ["hold", "charge", "release"]},
                    "task_id": _TEXT, "amount": _MONEY},
        "Ledger": {"held": _MONEY, "charged": _MONEY, "credit": {**_MONEY, "type": _MAYBE["type"]},
                   "entries": _each(component("Posting"))},
        "Upload": {"url": {"type": "string", "format": "uri"}, "media_type": {"enum": [*TYPES]},
                   "bytes": _COUNT},
        "Index": {"name": _TEXT, "about": _TEXT, "world": _TEXT, "paths": _each(_closed(
            {"method": _TEXT, "path": _TEXT, "about": _TEXT}))},
        "Health": _HEALTH,
        "Rules": _RULES,
        "Model": _MODEL | _FOLDER | {"shipped": {"oneOf": [_closed(_FOLDER), {"type": "null"}]}},
    }  # fmt: skip


def _task(api: JsonSchema) -> dict[str, Any]:
    """The task as the API shows it, and what it does not show."""
    more: dict[str, JsonSchema] = {
        "model": _TEXT,
        "input": _ANY,
        "idempotency_key": _MAYBE,
        "script": {**_MAYBE, "description": "The script that decided its plan."},
        "timeline": _each(component("Step")),
        "planned": _each(component("Step")),
        "next_at": {**_INSTANT, "type": _MAYBE["type"]},
    }
    return {
        **api,
        "required": [*api["required"], *more],
        "properties": {**api["properties"], **more},
    }


def _estimate() -> dict[str, Any]:
    """What a submit would cost; or, of one that would be refused, how."""
    cost = PLATFORM.members.estimate
    detail = {"pointer": _TEXT, "keyword": _TEXT, "message": _TEXT}
    valid: dict[str, JsonSchema] = {
        "valid": {"const": True},
        cost: _MONEY,
        "currency": _TEXT,
        "advice": _each(_TEXT),
    }
    error = _closed({"code": _TEXT, "message": _TEXT, "details": _each(_closed(detail))})
    refused: dict[str, JsonSchema] = {
        "valid": {"const": False},
        cost: {"type": "null"},
        "status": _COUNT,
        "error": error,
    }
    return {"type": "object", "oneOf": [_closed(valid), _closed(refused)]}


def _step(catalog: Catalog) -> dict[str, JsonSchema]:
    return {"at": _INSTANT, "status": {"enum": [*catalog.lifecycle.states]}}


def _each(items: JsonSchema) -> JsonSchema:
    return {"type": "array", "items": items}


def _closed(members: Mapping[str, JsonSchema]) -> dict[str, Any]:
    """An object of these members, each of which is always there."""
    return {
        "type": "object",
        "required": list(members),
        "properties": dict(members),
        "additionalProperties": False,
    }


_KEY: dict[str, JsonSchema] = {
    "id": _TEXT,
    "key": {**_TEXT, "description": "Masked, but in the answer that creates it."},
    "world": _TEXT,
    "created_at": _INSTANT,
    "disabled": _FLAG,
}
_SCRIPT: dict[str, JsonSchema] = {
    "id": _TEXT,
    "script": _TEXT,
    "origin": _TEXT,
    "seen": {**_COUNT, "description": "Requests on which it could have acted."},
    "used": {**_COUNT, "description": "Requests on which it acted."},
    "spent": _FLAG,
    "unused": _FLAG,
}
_REQUEST: dict[str, JsonSchema] = {
    "at": _INSTANT,
    "request_id": _TEXT,
    "method": _TEXT,
    "path": _TEXT,
    "headers": _each({"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 2}),
    "body": _TEXT,
    "status": {**_COUNT, "description": "0 for an answer that was lost."},
    "code": _MAYBE,
    "task_id": _MAYBE,
    "answer": _TEXT,
    "ms": {"type": "number", "minimum": 0},
    "fault": {**_MAYBE, "description": "The script that disturbed it."},
    "plan": {**_MAYBE, "description": "The script that decided its task's plan."},
    "advice": _MAYBE,
    "retry_after": {"type": ["integer", "null"], "minimum": 0},
}
_HEALTH: dict[str, JsonSchema] = {
    "status": {"enum": ["ok", "degraded"]},
    "name": _TEXT,
    "version": _TEXT,
    "store": {"enum": ["memory", "sqlite", "redis"]},
    "media": {"enum": ["rendered", "placeholder"]},
    "models": _each(_TEXT),
    "schemas_problem": {**_MAYBE, "description": "Why changed schema files were not taken over."},
    "draining": {"type": "boolean", "description": "Whether the server is about to stop."},
    "counts": {"type": "object", "additionalProperties": _COUNT},
}
_BEHAVIOUR: dict[str, JsonSchema] = {
    "id": {"type": "string", "pattern": "^[DOIXE][0-9]{2,}$"},
    "kind": {"enum": ["documented", "observed", "inferred", "invented", "extension"]},
    "statement": _TEXT,
    "source": _TEXT,
    "changed_by": _each(_TEXT),
    "fixed": _TEXT,
    "covers": _each(_TEXT),
}
_BY_WORD = {"propertyNames": {"enum": [*WORDS]}}
_RULES: dict[str, JsonSchema] = {
    "behaviours": _each(component("Behaviour")),
    "words": {"type": "object", "additionalProperties": _TEXT, **_BY_WORD},
    "words_act_on": {"type": "object", "additionalProperties": _each(_TEXT), **_BY_WORD},
    "magic_hosts": {"type": "object", "additionalProperties": _TEXT},
}
_MODEL: dict[str, JsonSchema] = {
    "slug": _TEXT,
    "title": _TEXT,
    "output": {"enum": ["videos", "images"]},
    "fidelity": {"enum": ["documented", "observed", "inferred", "invented"]},
    "example_cost": _MONEY,
}
_FOLDER: dict[str, JsonSchema] = {
    "example": _ANY,
    "references": _each(_closed({"property": _TEXT, "names": _each(_TEXT)})),
    "input_schema": _SCHEMA,
    "rules_schema": _SCHEMA,
    "upstream_schema": _SCHEMA,
    "pricing": _ANY,
}
