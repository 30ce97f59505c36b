"""The parameters of requests: the task's id, and three headers."""

from typing import Any

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.payload import MAX_IDEMPOTENCY_KEY
from mock_mindvideo.domain.script import WORDS
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.demo import demo_ids
from mock_mindvideo.web.openapi.fidelity import grounds
from mock_mindvideo.web.openapi.worded import task_id_schema

#: What `check_idempotency_key` takes, in the dialect of JSON Schema.
IDEMPOTENCY_KEY = "^[!-~]([ -~]*[!-~])?$"


def of(*names: str) -> list[dict[str, str]]:
    """References to the parameters `names`."""
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def components(catalog: Catalog) -> dict[str, Any]:
    """Every parameter by its component's name."""
    headers = {
        "IdempotencyKey": _idempotency_key(),
        "LastEventId": _last_event_id(),
        "Script": _script(catalog.lifecycle),
    }
    return {"TaskId": _task_id(catalog)} | {
        name: {**header, "in": "header", **grounds(catalog, f"header:{header['name']}")}
        for name, header in headers.items()
    }


def _task_id(catalog: Catalog) -> dict[str, Any]:
    return {
        "name": "task_id",
        "in": "path",
        "required": True,
        "description": "As the answer to the submit has it. Another world's task is not found.",
        "schema": task_id_schema(catalog),
        "example": demo_ids(catalog.dialect.ids)[0],
    }


def _idempotency_key() -> dict[str, Any]:
    return {
        "name": PLATFORM.headers.idempotency_key,
        "description": "Unique for each business request: a second request with the same key and"
        " the same payload gives the first one's task and is not charged. Payloads are the same"
        " if they are equal as JSON values; an explicit default and a missing value differ."
        " Printable ASCII, no space at either end; the limits are the mock's own.",
        "schema": {
            "type": "string",
            "minLength": 1,
            "maxLength": MAX_IDEMPOTENCY_KEY,
            "pattern": IDEMPOTENCY_KEY,
        },
    }


def _last_event_id() -> dict[str, Any]:
    return {
        "name": "Last-Event-ID",
        "description": "Resume after the event of this `sequence`. Any other text: every event is"
        " sent again.",
        "schema": {"type": "string", "examples": ["1"]},
    }


def _script(lifecycle: Lifecycle) -> dict[str, Any]:
    return {
        "name": "X-Mock-Script",
        "description": "Only the mock knows it: decides what becomes of the task, or disturbs the"
        " answer. The schema takes the scripts under which this document holds; the others"
        " leave a task unfinished or an answer broken. Known words are"
        f" {', '.join(WORDS)}, in any order, separated by `;`. What cannot be read as a script, or"
        " would do nothing, is refused with 422; with `--no-magic` the header is ignored.",
        "schema": {"type": "string", "enum": scripts(lifecycle)},
    }


def scripts(lifecycle: Lifecycle) -> list[str]:
    """Scripts under which every answer is as the document has it: the task comes to an end.

    A list, since generators make no type of several forms, and fuzzers do not come upon a script
    by a pattern.
    """
    stays = [f"{state}=1" for state in lifecycle.waiting if state in WORDS]
    outcomes = [f"outcome={status}" for status in lifecycle.terminal]
    return [*outcomes, f"error={lifecycle.error}", "; ".join([*stays, outcomes[0]])]
