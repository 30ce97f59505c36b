"""The component schemas: the platform's own, and for each model its input, rules and body."""

from collections.abc import Callable, Mapping
from typing import Any

from mock_mindvideo.catalog import Catalog, Model
from mock_mindvideo.domain.dialect import EventForm
from mock_mindvideo.domain.dialect.events import NDJSON
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.openapi.fidelity import grounds
from mock_mindvideo.web.openapi.generators import OPEN, defined, hoisted, narrowed, optional
from mock_mindvideo.web.openapi.relocation import component, relocated
from mock_mindvideo.web.openapi.worded import (
    error_schema,
    event_schema,
    event_types,
    events_schema,
    task_schema,
)

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
            EVENTS: _events(catalog),
            EVENT_STREAM: _event_stream(catalog),
            CREATE_TASK: _create_task(catalog),
            **models,
        }
    )


def platform(catalog: Catalog) -> dict[str, Any]:
    """The platform's own schemas by name."""
    return {
        name: _apart(relocated(_WORDED[file](catalog), name, FILES))
        | grounds(catalog, f"schema:{file}")
        for file, name in FILES.items()
    }


_WORDED: Mapping[str, Callable[[Catalog], dict[str, Any]]] = {
    "task.schema.json": task_schema,
    "event.schema.json": event_schema,
    "error.schema.json": error_schema,
}


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


def _events(catalog: Catalog) -> dict[str, Any]:
    return {
        "title": "Events",
        "description": "The task's events so far, or those after `Last-Event-ID`.",
        **events_schema(catalog, component(EVENT)),
    }


def _event_stream(catalog: Catalog) -> dict[str, Any]:
    """Text, and what each event in it is made of.

    OpenAPI 3.1 has no word for a stream of events; this form is one that linters, runners of
    workflows and fuzzers all take.
    """
    return {
        "title": "EventStream",
        "description": _stream_words(catalog.dialect.events),
        "type": ["string", "object"],
        "properties": {
            **_frame(catalog),
            "data": {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": component(EVENT),
            },
        },
    }


def _frame(catalog: Catalog) -> dict[str, Any]:
    """The lines beside the data of a server-sent event."""
    form = catalog.dialect.events
    lines: dict[str, Any] = {}
    if form.id is not None:
        about = "The event's `sequence`." if form.numbered else "Names the event."
        lines["id"] = {"type": "string", "description": about}
    if form.name is not None:
        typed = form.name == "{type}"
        lines["event"] = {"type": "string", **({"enum": event_types(catalog)} if typed else {})}
    return lines


def _stream_words(form: EventForm) -> str:
    beats = form.heartbeat is not None
    if form.stream == NDJSON:
        silence = f", and an empty line after {form.heartbeat:g} s of silence" if beats else ""
        return f"A JSON value on a line for each event{silence}. {_CLOSES}"
    first = "" if form.retry is None else f"`retry: {form.retry}`, then "
    silence = f", and a comment after {form.heartbeat:g} s of silence" if beats else ""
    return f"Server-sent events: {first}one message for each event{silence}. {_CLOSES}"


_CLOSES = "The stream closes after the terminal event."
