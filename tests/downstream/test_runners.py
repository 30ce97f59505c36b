"""behave and Locust run what the guide says of them, as their users do."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from mock_mindvideo import MockServer, Settings
from tests.downstream.conftest import Project
from tests.packaging.documents import DOCS, write_files

pytestmark = pytest.mark.slow

GUIDE = DOCS / "guides" / "without-pytest.md"


@pytest.fixture
def runners(project: Callable[[str], Project]) -> Project:
    """A project with the guide's files in their places."""
    made = project("behave_and_locust")
    write_files(GUIDE.read_text(encoding="utf-8"), Path(made.folder))
    return made


def test_behave_gives_each_scenario_a_world(runners: Project) -> None:
    output = runners._run("-m", "behave", "--no-capture")

    assert re.search(r"2 scenarios passed, 0 failed", output)
    assert re.search(r"5 steps passed, 0 failed", output)


def test_locust_loads_a_server(runners: Project) -> None:
    options = ("--headless", "--users", "3", "--spawn-rate", "3", "--run-time", "5s")

    with MockServer(Settings(port=0, log_level="warning")) as server:
        runners._run("-m", "locust", *options, "--exit-code-on-error", "1", "--host", server.url)
        key = {"Authorization": "Bearer mv_test_load"}
        requests = httpx.get(f"{server.url}/_mock/requests", headers=key).json()["requests"]

    assert requests
    assert {(each["method"], each["path"], each["status"]) for each in requests} == {
        ("POST", "/api/v1/tasks", 200)
    }
