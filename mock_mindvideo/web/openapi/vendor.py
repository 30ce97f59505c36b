"""The document without what is the mock's own: what the vendor says, and nothing that it does not.

Left out are the headers, parameters, codes and refusals that were invented, the form of errors and
of events, the limits of ids and keys, and the members that only the mock is known to send. Objects
of answers are open: a vendor may add to them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from mock_mindvideo.domain.keys import DOCUMENTED_KEY
from mock_mindvideo.web.openapi.fidelity import EXTENSION, behaviours_named
from mock_mindvideo.web.openapi.operations import TAG
from mock_mindvideo.web.openapi.relocation import component
from mock_mindvideo.web.openapi.schemas import ERROR, EVENT, EVENT_STREAM, EVENTS, TASK

_ABOUT = """\
What MindVideo's documentation says of its task API: paths, methods, members, statuses and the
inputs of models. It says nothing of the form of errors and events, nor of limits; so neither does
this document. `x-fidelity` names the facts that a part rests on, `x-behaviours` tells them."""

#: Kinds of behaviour of which no public source speaks.
_OWN = ("invented", "extension")

_PARTS = ("parameters", "headers", "responses")


def vendor_only(document: Mapping[str, Any]) -> dict[str, Any]:
    """`document`, as `openapi` makes it, without what only the mock has."""
    document = {name: each for name, each in document.items() if name != "webhooks"}
    document |= {"paths": _of_the_vendor(document["paths"]), "tags": [TAG]}
    parts = document["components"]
    told = document["x-behaviours"]
    kept = {kind: _documented(parts[kind], told) for kind in _PARTS}
    gone = {
        f"#/components/{kind}/{name}"
        for kind in _PARTS
        for name in parts[kind].keys() - kept[kind].keys()
    }
    smaller: dict[str, Any] = _without({**document, "components": parts | kept}, gone)
    _open_up(smaller, told)
    facts = {name: each for name, each in told.items() if each["kind"] not in _OWN}
    _name_facts(smaller, facts)
    return smaller | {"x-behaviours": behaviours_named(smaller, facts)}


def _of_the_vendor(paths: Mapping[str, Any]) -> dict[str, Any]:
    """The paths without extensions, which the vendor does not have."""
    kept = {
        path: {
            method: operation
            for method, operation in item.items()
            if TAG["name"] in operation["tags"]
        }
        for path, item in paths.items()
    }
    return {path: item for path, item in kept.items() if item}


def _documented(parts: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """The parts that do not rest on inventions alone."""
    return {
        name: part
        for name, part in parts.items()
        if not part.get(EXTENSION)
        or any(told[each]["kind"] not in _OWN for each in part[EXTENSION])
    }


def _without(node: Any, gone: set[str]) -> Any:
    """The node without references to what is gone."""
    if isinstance(node, list):
        return [_without(each, gone) for each in node if not _leads(each, gone)]
    if isinstance(node, dict):
        return {name: _without(each, gone) for name, each in node.items() if not _leads(each, gone)}
    return node


def _leads(node: Any, gone: set[str]) -> bool:
    return isinstance(node, dict) and node.get("$ref") in gone


def _open_up(document: dict[str, Any], told: Mapping[str, Any]) -> None:
    """Take out of the rest what the vendor does not say."""
    document["info"] |= {"title": "MindVideo task API, as documented", "description": _ABOUT}
    parts = document["components"]
    parts["securitySchemes"]["ApiKey"]["description"] = f"An API key, such as `{DOCUMENTED_KEY}`."
    for name in (ERROR, EVENT, EVENTS, EVENT_STREAM, f"{TASK}.error"):
        parts["schemas"].pop(name, None)
    task = parts["schemas"][TASK]
    for word in ("if", "then"):
        task.pop(word, None)
    task["properties"].pop("error", None)
    for schema in (task, *_below(parts["schemas"], f"{TASK}.")):
        _relax(schema)
    for name, parameter in parts["parameters"].items():
        parameter["schema"] = {"type": "string"}
        parameter["description"] = _SAYS[name]
    parts["responses"] = {"Conflict": {"description": told[_CONFLICT]["statement"]}}
    _operations(document["paths"], told)


#: What the vendor says of its parameters.
_SAYS = {
    "TaskId": "As the answer to the submit has it.",
    "IdempotencyKey": "Unique for each business request. The same key with the same payload gives"
    " the original task and is not charged again.",
}


_ANSWERS = {
    "createTask": "The task that was made, or the one that the idempotency key has already.",
    "getTask": "The task as it is.",
    "getTaskEvents": "The task's events; their form is not documented.",
}


#: The fact behind the one refusal that is documented.
_CONFLICT = "D11"


def _operations(paths: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    for item in paths.values():
        for operation in item.values():
            operation["description"] = told[operation[EXTENSION][0]]["statement"]
            operation["responses"].pop("204", None)
            if "409" in operation["responses"]:
                operation["responses"]["409"] = {"$ref": "#/components/responses/Conflict"}
            answer = operation["responses"]["200"]
            answer["description"] = _ANSWERS[operation["operationId"]]
            answer.pop("headers", None)
            if operation["operationId"] == "getTaskEvents":
                answer.pop("content")
            for media in answer.get("content", {}).values():
                _plain_examples(media["examples"])
                media["schema"] = component(TASK)


def _plain_examples(examples: dict[str, Any]) -> None:
    """Without the example of a failed task, whose error's form is not known."""
    for name in [name for name, each in examples.items() if "error" in each["value"]]:
        del examples[name]


def _below(schemas: Mapping[str, Any], beginning: str) -> Iterator[dict[str, Any]]:
    return (schema for name, schema in schemas.items() if name.startswith(beginning))


def _relax(schema: Any) -> None:
    """Let objects have more members, and texts any form."""
    if isinstance(schema, list):
        for each in schema:
            _relax(each)
    elif isinstance(schema, dict):
        for word in ("pattern", "minProperties", "maxProperties"):
            schema.pop(word, None)
        if schema.get("additionalProperties") is False:
            del schema["additionalProperties"]
        for each in schema.values():
            _relax(each)


def _name_facts(node: Any, facts: Mapping[str, Any]) -> None:
    """Keep the names of facts alone; a part that rests on none names none."""
    if isinstance(node, list):
        for each in node:
            _name_facts(each, facts)
    elif isinstance(node, dict):
        if EXTENSION in node:
            node[EXTENSION] = [each for each in node[EXTENSION] if each in facts]
            if not node[EXTENSION]:
                del node[EXTENSION]
        for each in node.values():
            _name_facts(each, facts)
