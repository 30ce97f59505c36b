"""Schemas of answers as a dialect words them, made of its templates.

Where a template says what the documentation says, the platform's own schema file is taken as it is.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.domain.dialect.ids import pattern_of
from mock_mindvideo.domain.dialect.tasks import LATER, MEMBERS, MOMENTS, having
from mock_mindvideo.domain.dialect.template import NULL, alone, filled, names
from mock_mindvideo.web.openapi.given import GivenSchema, JsonSchema, one_of_all, with_shapes

Parts = Mapping[str, JsonSchema]

_TASK, _EVENT, _ERROR = "task.schema.json", "event.schema.json", "error.schema.json"
_TEXT: JsonSchema = {"type": "string"}
_COUNT: JsonSchema = {"type": "integer", "minimum": 0}
_OPEN = {"additionalProperties": True}


def task_schema(catalog: Catalog) -> JsonSchema:
    """A task, as of one moment."""
    own, form = catalog.schemas[_TASK], catalog.dialect.tasks
    parts = task_parts(catalog)
    if form.plain:
        kept = {member: parts[name] for name, member in MEMBERS.items()}
        return {**own, "properties": kept}
    said = {name: own[name] for name in ("$schema", "title", "description")}
    made = [
        described(with_shapes(template, at, form.schemas), parts, _late(), nulls=form.nulls)
        for at, template in _templates(catalog).items()
    ]
    rules = [] if form.nulls or len(made) > 1 else _presence(form.body, catalog)
    return {
        **said,
        **one_of_all(made),
        **({"allOf": rules} if rules else {}),
        "$defs": _definitions(catalog),
    }


def _templates(catalog: Catalog) -> Mapping[str, Any]:
    """Every template that a task is shown by, with its pointer from `tasks`."""
    form, states = catalog.dialect.tasks, catalog.lifecycle.states
    own = {f"/bodies/{name}": each for name, each in form.bodies.items()}
    return own if all(state in form.bodies for state in states) else {"/body": form.body, **own}


def event_schema(catalog: Catalog) -> JsonSchema:
    """The schema of one event."""
    own, form, ids = catalog.schemas[_EVENT], catalog.dialect.events, catalog.dialect.ids
    known: Parts = own["properties"]
    parts = {
        "event_id": known["event_id"] | _beginning(ids.event),
        "sequence": known["sequence"],
        "type": {**known["type"], "enum": event_types(catalog)},
        "created_at": known["created_at"],
        "created": _COUNT,
        "created_ms": _COUNT,
        "index": _COUNT,
        "status": {"enum": _states(catalog)},
        "status_upper": {"enum": [each.upper() for each in _states(catalog)]},
        "previous": {"enum": [*_states(catalog), None]},
        "task_id": task_parts(catalog)["task_id"],
        "task": known["task"],
    }
    said = {name: own[name] for name in ("$schema", "title", "description")}
    return {**said, **described(with_shapes(form.event, "/event", form.schemas), parts)}


def error_schema(catalog: Catalog) -> JsonSchema:
    """The envelope of every refusal."""
    own, said = catalog.schemas[_ERROR], catalog.dialect.refusals
    inner = own["properties"]["error"]["properties"]
    codes = [kind["code"] for kind in said.kinds.values()]
    plain = all(isinstance(code, str) and re.fullmatch("[a-z_]+", code) for code in codes)
    parts = {
        "request_id": request_id_schema(catalog),
        "status": {"type": "integer", "minimum": 100, "maximum": 599},
        "code": inner["code"] if plain else {"enum": list(dict.fromkeys(codes))},
        "type": _TEXT,
        "message": inner["message"],
        "details": inner["details"],
        "param": _TEXT,
    }
    words = {name: own[name] for name in ("$schema", "title", "description")}
    template = with_shapes(said.envelope, "/envelope", said.schemas)
    return {**words, **described(template, parts, ("type", "param"), nulls=said.nulls)}


def request_id_schema(catalog: Catalog) -> JsonSchema:
    """The schema of a request's id."""
    known: JsonSchema = catalog.schemas[_ERROR]["properties"]["request_id"]
    return known | _beginning(catalog.dialect.ids.request)


def task_id_schema(catalog: Catalog) -> JsonSchema:
    """The schema of a task's id."""
    return dict(task_parts(catalog)["task_id"])


def events_schema(catalog: Catalog, event: JsonSchema) -> JsonSchema:
    """The events so far as one value; `event` is the schema of one."""
    parts = {
        "events": {"type": "array", "items": event},
        "task_id": task_parts(catalog)["task_id"],
    }
    form = catalog.dialect.events
    return described(with_shapes(form.list, "/list", form.schemas), parts)


def event_types(catalog: Catalog) -> list[str]:
    """What the type of an event can be."""
    said = catalog.dialect.events.type
    return [
        filled(said, {"status": word, "status_upper": word.upper()}) for word in _states(catalog)
    ]


def code_place(template: Any, schema: JsonSchema) -> JsonSchema | None:
    """A schema that holds the `{code}` of an envelope to `schema`; None if it has no place."""
    at = next((path for path, name in names(template) if name == "code"), None)
    if at is None or not all(isinstance(step, str) for step in at) or _at(template, at) != "{code}":
        return None
    for step in reversed(at):
        schema = {"properties": {step: schema}, **_OPEN}
    return schema


def described(
    template: Any, parts: Parts, absent: Collection[str] = (), *, nulls: bool = False
) -> JsonSchema:
    """The schema of what becomes of a template; `absent` names may have no value."""
    if isinstance(template, GivenSchema):
        return template.schema
    if isinstance(template, str):
        return _described_text(template, parts)
    if isinstance(template, Mapping):
        return _described_object(template, parts, absent, nulls=nulls)
    if isinstance(template, list):
        items = [described(each, parts, absent, nulls=nulls) for each in template]
        return {"type": "array", "items": {"anyOf": items} if items else {}}
    return {"const": template}


def _described_text(template: str, parts: Parts) -> JsonSchema:
    name = alone(template)
    if name == NULL:
        return {"type": "null"}
    if name is not None:
        return dict(parts[name])
    return _TEXT if any(True for _ in names(template)) else {"const": template}


def _described_object(
    template: Mapping[str, Any], parts: Parts, absent: Collection[str], *, nulls: bool
) -> JsonSchema:
    schemas = {name: described(each, parts, absent, nulls=nulls) for name, each in template.items()}
    missing = {name for name, each in template.items() if _may_be_absent(each, absent)}
    spare = {n for n, each in template.items() if isinstance(each, GivenSchema) and each.is_spare}
    if nulls:
        orders = {name: {"anyOf": [schemas[name], {"type": "null"}]} for name in missing}
        schemas, missing = schemas | orders, set()
    missing |= spare
    return {
        "type": "object",
        "required": [name for name in template if name not in missing],
        "properties": schemas,
        "additionalProperties": False,
    }


def _may_be_absent(template: Any, absent: Collection[str]) -> bool:
    return isinstance(template, str) and any(name in absent for _, name in names(template))


def task_parts(catalog: Catalog) -> Parts:
    """The schema of each value that a task's template can name."""
    known, ids = catalog.schemas[_TASK]["properties"], catalog.dialect.ids
    own = {name: known[member] for name, member in MEMBERS.items()}
    own["request_id"] = own["request_id"] | _beginning(ids.request)
    own["task_id"] = own["task_id"] | _beginning(ids.task)
    own["status"] = own["status"] | {"enum": _states(catalog)}
    moments = dict.fromkeys(MOMENTS, _COUNT)
    texts = {f"{name}_at": {"type": "string", "format": "date-time"} for name in MOMENTS}
    more = {"model": _TEXT, "progress": _COUNT | {"maximum": 100}}
    return {**own, **more, "url": {"type": "string", "format": "uri"}, **moments, **texts}


def _definitions(catalog: Catalog) -> JsonSchema:
    """The parts of the platform's schema that references lead to; the error is the dialect's."""
    parts = {"code": _TEXT, "message": _TEXT}
    error = described(catalog.dialect.tasks.error, parts)
    known = catalog.schemas[_TASK]["$defs"]
    words = {name: known["error"][name] for name in ("title", "description")}
    return {**known, "error": {**words, **error}}


def _late() -> set[str]:
    """What a task does not have in each of its states."""
    moments = [each for each in MOMENTS if each not in ("created", "updated")]
    return {*LATER, "url", *moments, *(f"{each}_at" for each in moments)}


def _presence(body: Any, catalog: Catalog) -> list[JsonSchema]:
    """In which state which member is there, where the state stands beside them."""
    status = next((name for name, each in body.items() if each == "{status}"), None)
    if status is None:
        return []
    lifecycle, word = catalog.lifecycle, catalog.dialect.tasks.word
    rules = []
    for name, each in body.items():
        states = having(alone(each), lifecycle)
        if states is not None:
            there = {"properties": {status: {"enum": [word(state) for state in states]}}, **_OPEN}
            has = {"required": [name], "properties": {name: True}, **_OPEN}
            rules.append({"if": there, "then": has, "else": {"properties": {name: False}, **_OPEN}})
    return rules


def _states(catalog: Catalog) -> list[str]:
    word = catalog.dialect.tasks.word
    return list(dict.fromkeys(word(state) for state in catalog.lifecycle.states))


def _beginning(prefix: str) -> JsonSchema:
    return {"pattern": f"^{pattern_of(prefix)}$"}


def _at(template: Any, path: Collection[str | int]) -> Any:
    for step in path:
        template = template[step]
    return template
