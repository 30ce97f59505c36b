"""Tasks and events as the API shows them (D04, D12 for the task; the event's shape is invented)."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from mock_mindvideo.domain.instant import rfc3339
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.pricing import amount
from mock_mindvideo.domain.task import Task, Transition
from mock_mindvideo.platform import PLATFORM

_NAMES = PLATFORM.members

OutputKind = Literal["videos", "images"]

#: `{"videos": [{"url": …}]}`
Output = Mapping[str, Sequence[Mapping[str, str]]]

SUCCEEDED = "succeeded"
FAILED = "failed"


def event_id(task_id: str, sequence: int) -> str:
    """The id of a task's `sequence`-th event."""
    return f"{PLATFORM.ids.event}{task_id.removeprefix(PLATFORM.ids.task)}_{sequence}"


def task_body(task: Task, status: str, lifecycle: Lifecycle, output: Output) -> dict[str, Any]:
    """The task as of `status`; `output` shows only once it succeeded."""
    body: dict[str, Any] = {
        _NAMES.request_id: task.request_id,
        _NAMES.task_id: task.id,
        _NAMES.status: status,
        _NAMES.estimate: float(task.estimate),
    }
    if lifecycle.ended(status):
        body[_NAMES.cost] = amount(task.cost(status))
    if status == SUCCEEDED:
        body[_NAMES.output] = output
    if status == FAILED:
        body[_NAMES.error] = {"code": task.error_code, "message": task.error_message}
    return body


def event_body(
    task: Task, sequence: int, step: Transition, lifecycle: Lifecycle, output: Output
) -> dict[str, Any]:
    """The `sequence`-th event of a task, with the task as of then."""
    return {
        "event_id": event_id(task.id, sequence),
        "sequence": sequence,
        "type": f"task.{step.status}",
        "created_at": rfc3339(step.at),
        "task": task_body(task, step.status, lifecycle, output),
    }
