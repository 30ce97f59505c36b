"""The first use in a process that has httpx, pytest and a client already, in seconds of CPU.

`python -m tests.benchmarks.suites.first_use mock_mindvideo`, or `respx` with the same two calls to
static routes. All of it counts: the import, what is opened, a POST, a GET, and the end.
"""

import json
import sys
import time
from contextlib import AbstractContextManager
from typing import Any

import pytest  # noqa: F401 - a suite has it, and what it imports

from tests.benchmarks.suites.calls import ANSWER, CLIENT, URL, submit

TASKS = f"https://api.mindvideo.ai{URL}"


def ours() -> AbstractContextManager[Any]:
    """A world."""
    import mock_mindvideo  # noqa: PLC0415 - measured

    return mock_mindvideo.mock()


def theirs() -> AbstractContextManager[Any]:
    """Two routes."""
    import respx  # noqa: PLC0415 - measured

    router = respx.mock()
    router.post(TASKS).respond(json=ANSWER)
    router.get(f"{TASKS}/{ANSWER['task_id']}").respond(json=ANSWER)
    return router


def main() -> None:
    """Use it once."""
    opened = {"mock_mindvideo": ours, "respx": theirs}[sys.argv[1]]
    began = time.process_time()
    with opened():
        task_id = submit(TASKS).json()["task_id"]
        assert CLIENT.get(f"{TASKS}/{task_id}").json()["status"] == "queued"
    print("TIMES", json.dumps(time.process_time() - began))


if __name__ == "__main__":
    main()
