"""The baseline for kept tasks: a hand-written mock that keeps one dict for each task.

No validation, no keys, no journal: only the parsed body and four members, under Python's own
garbage-collection settings. It shows what a million plain dicts cost in memory and in pauses.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from tests.benchmarks.bare import Message, read_body

TASKS: dict[str, dict[str, Any]] = {}


def _keep(body: bytes) -> bytes:
    number = len(TASKS)
    task = {
        "request_id": f"req_{number:024}",
        "task_id": f"task_{number:024}",
        "status": "queued",
        "cost_estimate": 0.6165,
    }
    TASKS[f"task_{number:024}"] = {**task, "body": json.loads(body)}
    return json.dumps(task).encode()


def _show(path: str) -> bytes:
    return json.dumps({**TASKS[path.rpartition("/")[2]], "body": None}).encode()


async def app(
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """Keep the task of a POST, or show that of a GET."""
    body = await read_body(receive)
    answer = _keep(body) if body else _show(scope["path"])
    length = str(len(answer)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})
