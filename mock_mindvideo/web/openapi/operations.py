"""The three operations: what each takes, and what it answers when it goes well."""

from collections.abc import Mapping
from typing import Any

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.domain.dialect import EventForm
from mock_mindvideo.domain.dialect.events import NONE
from mock_mindvideo.domain.dialect.template import names
from mock_mindvideo.domain.pointer import pointer
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.openapi import extensions, headers, parameters, refusals
from mock_mindvideo.web.openapi.examples import Examples
from mock_mindvideo.web.openapi.fidelity import grounds
from mock_mindvideo.web.openapi.relocation import bare, component
from mock_mindvideo.web.openapi.schemas import CREATE_TASK, EVENT_STREAM, EVENTS, TASK

TAG = {"name": "Tasks", "description": "Asynchronous generation tasks: submit, poll, follow."}

_JSON = "application/json"


def paths(catalog: Catalog, examples: Examples) -> dict[str, Any]:
    """The paths, with what is common to all operations filled in."""
    table = (
        (PLATFORM.paths.submit, "post", _create_task(catalog, examples)),
        (PLATFORM.paths.show, "get", _get_task(catalog, examples)),
        (PLATFORM.paths.events, "get", _get_task_events(catalog, examples)),
    )
    found: dict[str, Any] = {
        path: {
            method: {
                "tags": [TAG["name"]],
                **operation,
                **grounds(catalog, f"endpoint:{method.upper()} {path}"),
            }
        }
        for path, method, operation in table
    }
    for path, method, operation in extensions.paths(catalog, examples):
        found.setdefault(path, {})[method] = operation
    return found


def _create_task(catalog: Catalog, examples: Examples) -> dict[str, Any]:
    said = catalog.dialect.answers
    marks = () if said.replayed is None else (catalog.dialect.replayed,)
    links = _task_links(catalog)
    taken = {
        "description": "The task was taken and its estimate is held, or the idempotency key had"
        " one already.",
        "headers": headers.of(*marks, always=headers.always(catalog)),
        "content": {
            bare(said.media_type): {"schema": component(TASK), "examples": examples.submitted()}
        },
        **({"links": links} if links else {}),
    }
    taken_as = dict.fromkeys((str(said.submit), str(said.replay)), taken)
    body = {"schema": component(CREATE_TASK), "examples": examples.bodies()}
    return {
        "operationId": "createTask",
        "summary": "Submit a task",
        "description": "Checks come in one order: path and method, key, media type, size, JSON,"
        " envelope, model, input, idempotency, credit. Nothing is stored for a refused request.",
        "parameters": parameters.of("IdempotencyKey", "Script"),
        "requestBody": {"required": True, "content": {_JSON: body}},
        "responses": refusals.beside(catalog, examples, refusals.SUBMIT, taken_as),
    }


def _get_task(catalog: Catalog, examples: Examples) -> dict[str, Any]:
    said = catalog.dialect.answers
    shown = {
        "description": "The task as it is. Result links need no key.",
        "headers": headers.of(always=headers.always(catalog)),
        "content": {
            bare(said.media_type): {"schema": component(TASK), "examples": examples.tasks()}
        },
        "links": _links("$request.path.task_id", "getTaskEvents"),
    }
    return {
        "operationId": "getTask",
        "summary": "Look at a task",
        "description": "Poll until `status` is terminal.",
        "parameters": parameters.of("TaskId"),
        "responses": refusals.beside(
            catalog,
            examples,
            refusals.LOOK,
            dict.fromkeys((str(said.look), str(said.waiting)), shown),
        ),
    }


def _get_task_events(catalog: Catalog, examples: Examples) -> dict[str, Any]:
    said, form, always = catalog.dialect.answers, catalog.dialect.events, headers.always(catalog)
    streams = form.stream != NONE
    list_type, stream_type = bare(form.list_type or said.media_type), bare(form.media_type)
    stream = {"schema": component(EVENT_STREAM), "examples": examples.stream()}
    listed = {"schema": component(EVENTS), "examples": examples.events()}
    listing = {
        "description": _form_words(form),
        "headers": headers.of(always=always),
        "content": {list_type: listed},
    }
    streaming = {**listing, "content": {stream_type: stream}}
    both = {**listing, "content": {stream_type: stream, list_type: listed}}
    answers = {str(said.look): listing} | ({"200": streaming} if streams else {})
    if streams and said.look == 200:
        answers = {"200": both}
    if streams and not form.lists:
        answers = {"200": streaming}
    over = {
        "description": "The stream of a task that has ended, to a client that has seen its"
        " terminal event: there is nothing more to come.",
        "headers": headers.of(always=always),
    }
    answers |= {"204": over} if streams else {}
    return {
        "operationId": "getTaskEvents",
        "summary": "Follow a task",
        "description": "`sequence` counts from 1 without gaps. The browser's EventSource cannot"
        " send a key; read the body of a fetch as a stream instead.",
        "parameters": parameters.of("TaskId", "LastEventId"),
        "responses": refusals.beside(catalog, examples, refusals.LOOK, answers),
    }


def _form_words(form: EventForm) -> str:
    if form.stream == NONE:
        return "The events so far."
    if form.prefers_list:
        return (
            f"The events: as they happen, for `Accept: {form.media_type}`; for any other, so far."
        )
    return (
        "The events: so far, for `Accept: application/json`; for any other, a"
        " stream until the task has ended."
    )


def _task_links(catalog: Catalog) -> Mapping[str, Any]:
    """Where the answer to a submit leads: its task's id stands wherever the dialect has it."""
    body = catalog.dialect.tasks.body
    at = next((path for path, name in names(body) if name == "task_id"), None)
    if at is None:
        return {}
    return _links(f"$response.body#{pointer(at)}", "getTask", "getTaskEvents")


def _links(task_id: str, *operations: str) -> Mapping[str, Any]:
    return {
        operation: {"operationId": operation, "parameters": {"task_id": task_id}}
        for operation in operations
    }
