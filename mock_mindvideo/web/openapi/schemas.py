"""The component schemas: the platform's own, and for each model its input, rules and body."""

from collections.abc import Mapping
from typing import Any

from mock_mindvideo.catalog import Catalog, Model
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.openapi.fidelity import grounds
from mock_mindvideo.web.openapi.generators import OPEN, defined, hoisted, narrowed, optional
from mock_mindvideo.web.openapi.relocation import component, relocated

TASK, EVENT, ERROR = "Task", "Event", "Error"
EVENTS, EVENT_STREAM = "Events", "EventStream"
CREATE_TASK = "CreateTask"

#: The files that are components of their own, and what they are called there.
FILES: Mapping[str, str] = {
    "task.schema.json": TASK,
    "event.schema.json": EVENT,
    "error.schema.json": ERROR,
}
ENVELOPE = "create-task.schema.json"


def components(catalog: Catalog, *, strict: bool) -> dict[str, Any]:
    """Every component schema by name; with `strict` the inferred rules of inputs too."""
    models = {
        name: schema
        for model in catalog.models.values()
        for name, schema in _model(catalog, model, strict).items()
    }
    return hoisted(
        platform(catalog)
        | {
            EVENTS: _events(),
            EVENT_STREAM: _event_stream(catalog),
            CREATE_TASK: _create_task(catalog),
            **models,
        }
    )


def platform(catalog: Catalog) -> dict[str, Any]:
    """The platform's own schemas by name."""
    return {
        name: _apart(relocated(catalog.schemas[file], name, FILES))
        | grounds(catalog, f"schema:{file}")
        for file, name in FILES.items()
    }


def part(catalog: Catalog, file: str, name: str) -> dict[str, Any]:
    """The schema of one property of a platform file."""
    return dict(catalog.schemas[file]["properties"][name])


def _apart(schema: dict[str, Any]) -> dict[str, Any]:
    """A platform's schema with its conditions apart from the type that it describes."""
    rules = schema.pop("allOf", ())
    return narrowed(schema, *rules) if rules else schema


def _create_task(catalog: Catalog) -> dict[str, Any]:
    """The body of a submit: that of one of the models, told apart by `model`."""
    envelope = catalog.schemas[ENVELOPE]
    bodies = {slug: component(_named(slug, CREATE_TASK)) for slug in catalog.models}
    return {
        "title": envelope["title"],
        "description": envelope["description"],
        "oneOf": list(bodies.values()),
        "discriminator": {
            "propertyName": "model",
            "mapping": {slug: body["$ref"] for slug, body in bodies.items()},
        },
        **grounds(catalog, f"schema:{ENVELOPE}"),
    }


def _model(catalog: Catalog, model: Model, strict: bool) -> dict[str, Any]:
    sources = {
        "Input": model.input_schema,
        "Rules": model.rules_schema,
        "Upstream": model.upstream_schema if strict else None,
    }
    kept = {
        _named(model.slug, kind): _moved(schema, model.slug, kind)
        | grounds(catalog, f"schema:{kind.lower()}.schema.json")
        for kind, schema in sources.items()
        if schema is not None
    }
    return {_named(model.slug, CREATE_TASK): _body(catalog, model, tuple(kept)), **kept}


def _moved(schema: dict[str, Any], slug: str, kind: str) -> dict[str, Any]:
    moved = relocated(schema, _named(slug, kind))
    return optional(moved) if kind == "Input" else dict(defined(moved))


def _body(catalog: Catalog, model: Model, parts: tuple[str, ...]) -> dict[str, Any]:
    envelope = relocated(catalog.schemas[ENVELOPE], CREATE_TASK)
    named, names = envelope["properties"], PLATFORM.members
    schema, *rules = [component(name) for name in parts]
    body = envelope | {
        "title": f"{envelope['title']} for {model.slug}",
        "description": model.title,
        "properties": {
            names.model: named[names.model] | {"const": model.slug},
            names.input: schema,
        },
    }
    further = ({"properties": {names.input: rule}, **OPEN} for rule in rules)
    return narrowed(body, *further) if rules else body


def _named(slug: str, kind: str) -> str:
    """The component's name; slugs are lower case, so it clashes with none of the platform's.

    It has no dot, which generators take for a module.
    """
    return f"{slug}_{kind}"


def _events() -> dict[str, Any]:
    return {
        "title": "Events",
        "description": "The task's events so far, or those after `Last-Event-ID`.",
        "type": "object",
        "required": ["events"],
        "properties": {"events": {"type": "array", "items": component(EVENT)}},
        "additionalProperties": False,
    }


def _event_stream(catalog: Catalog) -> dict[str, Any]:
    """Text, and what each event in it is made of.

    OpenAPI 3.1 has no word for a stream of events; this form is one that linters, runners of
    workflows and fuzzers all take.
    """
    return {
        "title": "EventStream",
        "description": "Server-sent events: `retry: 1000`, then one message for each event, and a"
        " comment after 15 s of silence. The stream closes after the terminal event.",
        "type": ["string", "object"],
        "properties": {
            "id": {"type": "string", "description": "The event's `sequence`."},
            "event": part(catalog, "event.schema.json", "type"),
            "data": {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": component(EVENT),
            },
        },
    }
