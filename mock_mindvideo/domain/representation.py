"""Tasks as the documentation has them (D04, D12); a dialect may show them otherwise."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.pricing import amount
from mock_mindvideo.domain.task import Task
from mock_mindvideo.platform import PLATFORM

_NAMES = PLATFORM.members

OutputKind = Literal["videos", "images"]

#: `{"videos": [{"url": …}]}`
Output = Mapping[str, Sequence[Mapping[str, str]]]

SUCCEEDED = "succeeded"
FAILED = "failed"


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
