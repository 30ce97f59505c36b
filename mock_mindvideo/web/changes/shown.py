"""What the log shows of a task's states, and of the money that moves with them."""

from collections.abc import Iterator
from typing import Any

from mock_mindvideo.domain.instant import Instant, rfc3339
from mock_mindvideo.domain.journal import Entry
from mock_mindvideo.domain.ledger import entries_of
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.masking import mask_text
from mock_mindvideo.domain.representation import FAILED
from mock_mindvideo.domain.task import UNCOUNTED, Task, timeline
from mock_mindvideo.web.control.views import entry_view, steps_view

ToldChange = tuple[str, dict[str, Any]]


def step_told(task: Task, index: int, lifecycle: Lifecycle) -> Iterator[ToldChange]:
    """A task enters its state number `index`; then what it holds, is charged or gives back."""
    steps = timeline(task, lifecycle)
    step = steps[index]
    told: dict[str, Any] = {
        "at": rfc3339(step.at),
        "task_id": task.id,
        "status": step.status,
        "before": steps[index - 1].status if index else None,
        "by": _by(task, step.at) if index else "submit",
        "model": task.model,
        "planned": steps_view(steps[index + 1 :]),
        "script": mask_text(task.script) if task.script else None,
    }
    if step.status == FAILED:
        told["error"] = {"code": task.error_code, "message": mask_text(task.error_message)}
    yield "task", told
    if task.number == UNCOUNTED:
        return
    postings = entries_of(task, lifecycle, step.at)
    if index == 0:
        yield "ledger", entry_view(postings[0])
    elif lifecycle.ended(step.status):
        yield from (("ledger", entry_view(posting)) for posting in postings[1:])


def fired_told(entry: Entry) -> Iterator[ToldChange]:
    """The scripts that were at work on a request."""
    for decides, text in (("fault", entry.fault), ("plan", entry.plan)):
        if text is not None:
            yield (
                "script",
                {
                    "at": rfc3339(entry.at),
                    "event": "fired",
                    "script": text,
                    "decides": decides,
                    "request_id": entry.request_id,
                    "task_id": entry.task_id,
                },
            )


def _by(task: Task, at: Instant) -> str:
    return "control" if any(moved == at for moved, _ in task.moves) else "plan"
