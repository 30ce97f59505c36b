"""The operations that are extensions: in the document only where the dialect has them on."""

from collections.abc import Iterator, Mapping
from typing import Any

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.domain import errors
from mock_mindvideo.domain.dialect.extensions import BALANCE, CANCEL, LIST, MODELS, Extension
from mock_mindvideo.web.openapi import headers, parameters, refusals
from mock_mindvideo.web.openapi.examples import Examples
from mock_mindvideo.web.openapi.fidelity import grounds
from mock_mindvideo.web.openapi.relocation import component
from mock_mindvideo.web.openapi.schemas import TASK
from mock_mindvideo.web.openapi.worded import (
    described,
    request_id_schema,
    task_id_schema,
    task_parts,
)

TAG = {
    "name": "Extensions",
    "description": "What MindVideo does not document, and the dialect in force has on.",
}

#: By the name that the platform's file has: the operation, what it is for, what it answers.
_WORDS: Mapping[str, tuple[str, str, str]] = {
    CANCEL: ("cancelTask", "Cancel a task", "The task is cancelled, or was already."),
    LIST: ("listTasks", "List tasks", "A page of the tasks, the newest first."),
    BALANCE: ("getBalance", "Look at the balance", "What is left to spend; null is no limit."),
    MODELS: ("listModels", "List models", "The models that can be ordered."),
}

#: What a request to each can be refused with.
KINDS: Mapping[str, refusals.Kinds] = {
    CANCEL: (*refusals.LOOK, errors.TaskNotCancellable, errors.PayloadTooLarge),
    LIST: (*refusals.ANY, errors.TaskNotFound),
    BALANCE: refusals.ANY,
    MODELS: refusals.ANY,
}

_AMOUNT = {"type": "number", "minimum": 0}
_COUNT = {"type": "integer", "minimum": 0}
_TEXT = {"type": "string"}
_FLAG = {"type": "boolean"}


def paths(catalog: Catalog, examples: Examples) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation of each that is on."""
    for each in catalog.dialect.extensions:
        operation = {"tags": [TAG["name"]], **_operation(catalog, examples, each)}
        grounded = grounds(catalog, f"extension:{each.name}")
        yield each.path, each.methods[0].lower(), operation | grounded


def webhooks(catalog: Catalog, examples: Examples) -> dict[str, Any]:
    """What the API sends by itself; empty where that is off."""
    if catalog.dialect.webhooks is None:
        return {}
    ended = {
        status: each
        for status, each in examples.tasks().items()
        if status in catalog.lifecycle.terminal
    }
    sent = {"schema": component(TASK), "examples": ended}
    message = {
        "operationId": "taskEnded",
        "tags": [TAG["name"]],
        "summary": "A task has ended",
        "description": "The task as a look at it shows it, signed as Standard Webhooks has it. A"
        " message that is not answered with 2xx comes again, so it may come more than once.",
        "security": [],
        "parameters": [
            {"name": name, "in": "header", "required": True, "description": words, "schema": _TEXT}
            for name, words in _SIGNED.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": sent}},
        "responses": {
            "204": {"description": "It was taken; any 2xx says so."},
            "400": {"description": "It was not; any other status says so."},
        },
        **grounds(catalog, "extension:webhooks"),
    }
    return {"taskEnded": {"post": message}}


#: The headers of a message.
_SIGNED: Mapping[str, str] = {
    "webhook-id": "Names the message, the same whenever it comes again.",
    "webhook-timestamp": "When it was sent, in seconds since 1970.",
    "webhook-signature": "`v1,` and the HMAC-SHA256 of id, time and body in base64.",
}


def groups(catalog: Catalog) -> Iterator[refusals.Kinds]:
    """What requests to those that are on can be refused with."""
    return (KINDS[each.name] for each in catalog.dialect.extensions)


def _operation(catalog: Catalog, examples: Examples, each: Extension) -> dict[str, Any]:
    name, summary, words = _WORDS[each.name]
    always = headers.always(catalog)
    status = str(each.said.get("status", 200))
    answer: dict[str, Any] = {"description": words, "headers": headers.of(always=always)}
    if status != "204":
        media_type = catalog.dialect.answers.media_type
        answer["content"] = {
            media_type: {"schema": _body(catalog, each), "examples": _examples(examples, each)}
        }
    told = refusals.beside(catalog, examples, KINDS[each.name], {status: answer})
    return {
        "operationId": name,
        "summary": summary,
        "description": _description(catalog, each),
        "parameters": _parameters(catalog, each),
        "responses": told,
    }


def _description(catalog: Catalog, each: Extension) -> str:
    if each.name != CANCEL:
        return f"{_WORDS[each.name][2]} A request of this kind moves no clock."
    states = " or ".join(f"`{catalog.dialect.tasks.word(state)}`" for state in each.said["states"])
    again = "stays as it is" if each.said["again"] else "is refused like any other"
    return f"While the task is {states}. One that is cancelled already {again}."


def _parameters(catalog: Catalog, each: Extension) -> list[dict[str, Any]]:
    if each.name == CANCEL:
        return list(parameters.of("TaskId"))
    if each.name != LIST:
        return []
    states = [catalog.dialect.tasks.word(state) for state in catalog.lifecycle.states]
    known: Mapping[str, tuple[str, dict[str, Any]]] = {
        "page": ("Counts from 1.", {"type": "integer", "minimum": 1, "maximum": 1_000_000}),
        "size": (
            f"Tasks of a page; {each.said['size']} if none are asked for.",
            {"type": "integer", "minimum": 1, "maximum": each.said["most"]},
        ),
        "after": ("The id of the last task of the page before.", task_id_schema(catalog)),
        "status": ("Only tasks of this status.", {"enum": list(dict.fromkeys(states))}),
        "model": ("Only tasks of this model.", _TEXT),
    }
    return [
        {"name": word, "in": "query", "description": known[name][0], "schema": known[name][1]}
        for name, word in each.said["parameters"].items()
    ]


def _body(catalog: Catalog, each: Extension) -> dict[str, Any]:
    return described(each.body, _parts(catalog, each), _ABSENT, nulls=True)


#: What may have no value, and is shown as null then.
_ABSENT = frozenset(("first", "last"))


def _parts(catalog: Catalog, each: Extension) -> Mapping[str, dict[str, Any]]:
    """The schema of each value that a template can name."""
    task = task_parts(catalog)
    models: dict[str, dict[str, Any]] = {
        "model": {"enum": list(catalog.models)},
        "title": _TEXT,
        "output": _TEXT,
        "cost": _AMOUNT,
    }
    model = described(each.said["model"], models) if each.name == MODELS else {}
    return {
        "request_id": request_id_schema(catalog),
        "task": component(TASK),
        "task_id": task["task_id"],
        "status": task["status"],
        "tasks": {"type": "array", "items": component(TASK)},
        **dict.fromkeys(("page", "size", "total", "pages"), _COUNT),
        "more": _FLAG,
        "first": task["task_id"],
        "last": task["task_id"],
        "balance": {"type": ["number", "null"]},
        "held": _AMOUNT,
        "charged": _AMOUNT,
        "models": {"type": "array", "items": model},
    }


def _examples(examples: Examples, each: Extension) -> dict[str, Any]:
    return {each.name: {"value": examples.extension(each)}}
