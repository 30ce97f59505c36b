"""The three operations: what each takes, and what it answers when it goes well."""

from collections.abc import Mapping
from typing import Any

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.openapi import headers, parameters, refusals
from mock_mindvideo.web.openapi.examples import Examples
from mock_mindvideo.web.openapi.fidelity import grounds
from mock_mindvideo.web.openapi.relocation import component
from mock_mindvideo.web.openapi.schemas import CREATE_TASK, EVENT_STREAM, EVENTS, TASK

TAG = {"name": "Tasks", "description": "Asynchronous generation tasks: submit, poll, follow."}

_JSON = "application/json"


def paths(catalog: Catalog, examples: Examples) -> dict[str, Any]:
    """The paths, with what is common to all operations filled in."""
    table = (
        (PLATFORM.paths.submit, "post", _create_task(examples)),
        (PLATFORM.paths.show, "get", _get_task(examples)),
        (PLATFORM.paths.events, "get", _get_task_events(examples)),
    )
    return {
        path: {
            method: {
                "tags": [TAG["name"]],
                **operation,
                **grounds(catalog, f"endpoint:{method.upper()} {path}"),
            }
        }
        for path, method, operation in table
    }


def _create_task(examples: Examples) -> dict[str, Any]:
    taken = {
        "description": "The task was taken and its estimate is held, or the idempotency key had"
        " one already.",
        "headers": headers.of(headers.REPLAYED),
        "content": {_JSON: {"schema": component(TASK), "examples": examples.submitted()}},
        "links": _links(f"$response.body#/{PLATFORM.members.task_id}", "getTask", "getTaskEvents"),
    }
    body = {"schema": component(CREATE_TASK), "examples": examples.bodies()}
    return {
        "operationId": "createTask",
        "summary": "Submit a task",
        "description": "Checks come in one order: path and method, key, media type, size, JSON,"
        " envelope, model, input, idempotency, credit. Nothing is stored for a refused request.",
        "parameters": parameters.of("IdempotencyKey", "Script"),
        "requestBody": {"required": True, "content": {_JSON: body}},
        "responses": {"200": taken, **refusals.of(refusals.SUBMIT)},
    }


def _get_task(examples: Examples) -> dict[str, Any]:
    shown = {
        "description": "The task as it is. Result links need no key.",
        "headers": headers.of(),
        "content": {_JSON: {"schema": component(TASK), "examples": examples.tasks()}},
        "links": _links("$request.path.task_id", "getTaskEvents"),
    }
    return {
        "operationId": "getTask",
        "summary": "Look at a task",
        "description": "Poll until `status` is terminal.",
        "parameters": parameters.of("TaskId"),
        "responses": {"200": shown, **refusals.of(refusals.LOOK)},
    }


def _get_task_events(examples: Examples) -> dict[str, Any]:
    sent = {
        "description": "The events: so far, for `Accept: application/json`; for any other, a"
        " stream until the task has ended.",
        "headers": headers.of(),
        "content": {
            "text/event-stream": {
                "schema": component(EVENT_STREAM),
                "examples": examples.stream(),
            },
            _JSON: {"schema": component(EVENTS), "examples": examples.events()},
        },
    }
    over = {
        "description": "The stream of a task that has ended, to a client that has seen its"
        " terminal event: there is nothing more to come.",
        "headers": headers.of(),
    }
    return {
        "operationId": "getTaskEvents",
        "summary": "Follow a task",
        "description": "`sequence` counts from 1 without gaps. The browser's EventSource cannot"
        " send a key; read the body of a fetch as a stream instead.",
        "parameters": parameters.of("TaskId", "LastEventId"),
        "responses": {"200": sent, "204": over, **refusals.of(refusals.LOOK)},
    }


def _links(task_id: str, *operations: str) -> Mapping[str, Any]:
    return {
        operation: {"operationId": operation, "parameters": {"task_id": task_id}}
        for operation in operations
    }
