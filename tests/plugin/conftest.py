"""Suites of an imaginary application, run by a pytest inside this one."""

from collections.abc import Callable
from typing import Any

import pytest

from mock_mindvideo.plugin import worlds  # noqa: F401  before inner runs, which unload their imports

#: What every inner suite begins with.
HEAD = """
import asyncio, time
import httpx, pytest

URL = "https://api.mindvideo.ai/api/v1/tasks"
KEY = {"Authorization": "Bearer mv_live_xxx"}
INPUT = {
    "prompt": "a cat",
    "video_urls": ["https://example.com/cat.mp4"],
}

def submit(**changes):
    body = {"model": "wan2-7-r2v", "input": INPUT | changes}
    return httpx.post(URL, json=body, headers=KEY)

def poll(task_id):
    return httpx.get(f"{URL}/{task_id}", headers=KEY).json()["status"]
"""

Run = Callable[..., pytest.RunResult]

#: Plugins that an inner run does without: what it imports is unloaded at its end, and costs anew.
ABSENT = [
    f"-pno:{name}" for name in ("randomly", "asyncio", "cacheprovider", "schemathesis", "pact")
]


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Runs a suite of one file; `ini` lines and arguments as one would give them."""

    def run(suite: str, *arguments: str, ini: str = "") -> pytest.RunResult:
        pytester.makepyfile(test_app=HEAD + suite)
        pytester.makeini(f"[pytest]\n{ini}\n")
        return pytester.runpytest_inprocess(*ABSENT, "-W", "default", *arguments)

    return run


def error_lines(result: Any) -> list[str]:
    """What pytest shows of the exceptions, without its own marks."""
    return [line[4:].strip() for line in result.outlines if line.startswith("E   ")]
