"""Every operation of the control plane, in the order in which a reader looks for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from mock_mindvideo.domain.errors import (
    IdempotencyKeyReused,
    InvalidIdempotencyKey,
    PayloadTooLarge,
    TaskNotFound,
)
from mock_mindvideo.web.control import forms
from mock_mindvideo.web.control.document.operation import (
    ANY,
    FILE,
    MOVED,
    PROBED,
    TAKES,
    TASK,
    Endpoint,
    in_path,
    links,
)
from mock_mindvideo.web.control.document.shapes import Reply, listed, shown
from mock_mindvideo.web.control.forms import Form
from mock_mindvideo.worlds.tasks import MOVES

#: The groups that a reader sees, in their order.
GROUPS: Mapping[str, str] = {
    "Tasks": "What was submitted, and what becomes of it.",
    "Time": "The clock of a world.",
    "Scripts": "What decides the next requests.",
    "Journal": "What was asked, answered and sent.",
    "Files": "What references can lead to.",
    "Money": "What is held and charged.",
    "Keys": "Who may ask.",
    "Worlds": "The worlds, and how each begins anew.",
    "Mock": "What the mock is.",
}

_ID = (in_path("task_id", "^task_[0-9A-Za-z_-]+$"),)
_KEY = (in_path("key_id", "^key_[0-9a-z_]+$"),)
_LIMIT = (
    {
        "name": "limit",
        "in": "query",
        "description": "How many of the newest are answered.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 1_000_000, "default": 100},
    },
)
_FOLLOW: Sequence[Mapping[str, Any]] = (
    {
        "name": "follow",
        "in": "query",
        "description": "0 ends the stream when all that happened was told.",
        "schema": {"enum": ["0"]},
    },
    {
        "name": "Last-Event-ID",
        "in": "header",
        "description": "Go on after this event.",
        "schema": {"type": "string"},
    },
)


def _move(move: str) -> Endpoint:
    return Endpoint(
        f"{move}Task",
        "Tasks",
        "POST",
        f"/tasks/{{task_id}}/{move}",
        shown("Task", "The task after it."),
        forms.FAIL if move == "fail" else forms.NOTHING,
        _ID,
        MOVED,
        about=f"let a task {move} now",
        of="/tasks/{task_id}/{move}",
    )


_TASKS = (
    Endpoint(
        "listTasks", "Tasks", "GET", "/tasks", listed("tasks", "Task"), None, _LIMIT,
        links=links("/tasks/0/task_id", "task_id", "showTask", "startTask", "failTask",
                    "cutStreams"),
    ),
    Endpoint("showTask", "Tasks", "GET", "/tasks/{task_id}", shown("Task", "The task."), None,
              _ID, TASK),
    *map(_move, MOVES),
    Endpoint("cutStreams", "Tasks", "POST", "/tasks/{task_id}/cut",
              shown("Cut", "How many were open."), forms.NOTHING, _ID, (*TAKES, TaskNotFound)),
)  # fmt: skip

_TIME = (
    Endpoint("showClock", "Time", "GET", "/clock", shown("Clock", "The world's time.")),
    Endpoint("setClock", "Time", "POST", "/clock",
              shown("MovedClock", "The time then, and the states that tasks entered until then."),
              forms.CLOCK, refused=TAKES),
)  # fmt: skip

_SCRIPTS = (
    Endpoint("listScripts", "Scripts", "GET", "/scripts", listed("scripts", "Script")),
    Endpoint("addScript", "Scripts", "POST", "/scripts", shown("Script", "As it is kept."),
              forms.SCRIPT, refused=TAKES, status=201),
    Endpoint("clearScripts", "Scripts", "DELETE", "/scripts", status=204),
)  # fmt: skip

_JOURNAL = (
    Endpoint("listRequests", "Journal", "GET", "/requests", shown("Journal", "Oldest first."),
              None, _LIMIT),
    Endpoint("listDeliveries", "Journal", "GET", "/deliveries", listed("deliveries", "Delivery"),
              None, _LIMIT),
    Endpoint("followChanges", "Journal", "GET", "/changes",
              Reply("Server-sent events, without end.", {"type": "string"}, "text/event-stream"),
              None, _FOLLOW),
    Endpoint("uploadFile", "Files", "POST", "/uploads", shown("Upload", "Where it is served."),
              refused=FILE, status=201),
)  # fmt: skip

_MONEY = (
    Endpoint("showLedger", "Money", "GET", "/ledger", shown("Ledger", "Oldest entry first."),
              None, _LIMIT),
    Endpoint("estimate", "Money", "POST", "/estimate", shown("Estimate", "The cost, or why not."),
              Form({}), refused=(*ANY, PayloadTooLarge)),
    Endpoint("setCredit", "Money", "POST", "/credit", shown("Ledger", "The ledger then."),
              forms.CREDIT, refused=TAKES),
)  # fmt: skip

_KEYS = (
    Endpoint("listKeys", "Keys", "GET", "/keys", listed("keys", "Key")),
    Endpoint("addKey", "Keys", "POST", "/keys", shown("Key", "The key, with its secret."),
              forms.NEW_KEY, refused=TAKES, status=201,
              links=links("/id", "key_id", "setKey", "dropKey")),
    Endpoint("setKey", "Keys", "PATCH", "/keys/{key_id}", shown("Key", "The key then."),
              forms.KEY, _KEY, TAKES),
    Endpoint("dropKey", "Keys", "DELETE", "/keys/{key_id}", None, None, _KEY, status=204),
)  # fmt: skip

_WORLDS = (
    Endpoint("listWorlds", "Worlds", "GET", "/worlds", listed("worlds", "World")),
    Endpoint("showLimits", "Worlds", "GET", "/limits", shown("Limits", "What it bears.")),
    Endpoint("setLimits", "Worlds", "POST", "/limits", shown("Limits", "What it bears then."),
              forms.LIMITS, refused=TAKES),
    Endpoint("resetWorld", "Worlds", "POST", "/reset", shown("WorldName", "The world."),
              forms.RESET, refused=TAKES),
    Endpoint("setUpState", "Worlds", "POST", "/provider-states",
              shown("Values", "What the expressions of interactions stand for."),
              forms.PROVIDER_STATE,
              refused=(*MOVED, InvalidIdempotencyKey, IdempotencyKeyReused)),
)  # fmt: skip

_MOCK = (
    Endpoint("index", "Mock", "GET", "/", shown("Index", "The paths.")),
    Endpoint("health", "Mock", "GET", "/health", shown("Health", "Its state.")),
    Endpoint("metrics", "Mock", "GET", "/metrics",
              Reply("Prometheus' text form.", {"type": "string"}, "text/plain")),
    Endpoint("live", "Mock", "GET", "/live", shown("Probe", "It answers.")),
    Endpoint("ready", "Mock", "GET", "/ready", shown("Probe", "It works."), refused=PROBED,
             unready=shown("Probe", "The store cannot be had.")),
    Endpoint("rules", "Mock", "GET", "/rules", shown("Rules", "The rules.")),
    Endpoint("listModels", "Mock", "GET", "/models", listed("models", "Model")),
    Endpoint("openapi", "Mock", "GET", "/openapi.json", shown("Document", "The document.")),
    Endpoint("controlOpenapi", "Mock", "GET", "/control-openapi.json",
              shown("Document", "This document.")),
)  # fmt: skip

OPERATIONS: Sequence[Endpoint] = (
    *_TASKS, *_TIME, *_SCRIPTS, *_JOURNAL, *_MONEY, *_KEYS, *_WORLDS, *_MOCK,
)  # fmt: skip
