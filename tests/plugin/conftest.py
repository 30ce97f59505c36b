"""Suites of an imaginary application, run by a pytest inside this one."""

from collections.abc import Callable
from typing import Any

import pytest

# Inner runs unload what they have imported: what is loaded late is loaded here, once for all.
from mock_mindvideo.catalog import authority  # noqa: F401
from mock_mindvideo.plugin import (  # noqa: F401
    choosing,
    ended,
    factory,
    failure,
    matrix,
    moving,
    stash,
    strays,
    verdict,
    worlds,
)
from mock_mindvideo.render.clip import can_render_clips
from mock_mindvideo.transports import by_hand, http_clients  # noqa: F401
from mock_mindvideo.virtual import installed  # noqa: F401
from mock_mindvideo.web import beside, chores, control  # noqa: F401
from mock_mindvideo.worlds import expiry  # noqa: F401

can_render_clips()

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

#: What an inner run loads: to look through every installed plugin costs more than most suites.
#: A suite that has to do with another plugin names it: `-ppytest_timeout`.
LOADED = "mock_mindvideo.pytest_plugin"


#: A socket that another test of this process has left, and the garbage collector finds now.
NOT_ITS_OWN = "ignore:unclosed <socket:ResourceWarning"


@pytest.fixture
def run_here(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs what is in the folder."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run_here(*arguments: str) -> pytest.RunResult:
        # For a name after `-p`, pytest asks every installed distribution whether it means that.
        with monkeypatch.context() as patched:
            patched.setenv("PYTEST_PLUGINS", LOADED)
            return pytester.runpytest_inprocess("-pno:cacheprovider", *arguments)

    return run_here


@pytest.fixture
def run(pytester: pytest.Pytester, run_here: Run) -> Run:
    """Runs a suite of one file; `ini` lines and arguments as one would give them."""

    def run(suite: str, *arguments: str, ini: str = "") -> pytest.RunResult:
        pytester.makepyfile(test_app=HEAD + suite)
        pytester.makeini(f"[pytest]\n{ini}\n")
        return run_here("-W", "default", "-W", NOT_ITS_OWN, *arguments)

    return run


def error_lines(result: Any) -> list[str]:
    """What pytest shows of the exceptions, without its own marks."""
    return [line[4:].strip() for line in result.outlines if line.startswith("E   ")]
