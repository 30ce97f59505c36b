"""The document, the application in this process, and a server in another."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from mock_mindvideo.catalog import builtin_catalog, every_model, load
from mock_mindvideo.web.openapi import openapi
from tests.conftest import MakeClient
from tests.openapi.contract import Contract
from tests.platform.dialects import folder_for

ORIGIN = "https://api.mindvideo.ai"


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The document of the packaged catalog."""
    return Contract(openapi(builtin_catalog(), ORIGIN))


@pytest.fixture(scope="session")
def of_all_models() -> Contract:
    """The document with every model of the platform."""
    return Contract(openapi(every_model(), ORIGIN))


@pytest.fixture(scope="session", params=["extensions", "extensions elsewhere", "model-studio"])
def extended(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """The document of dialects that add to the API."""
    folder = folder_for(request.param, tmp_path_factory.mktemp("dialect"))
    return Contract(openapi(load((folder,)), ORIGIN))


@pytest.fixture
def client(make_client: MakeClient) -> TestClient:
    """A client of a fresh application whose clock is moved by polls."""
    return make_client(progress="polls")


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    """The base URL of `mock-mindvideo serve`, in a process of its own; its keys may be disabled."""
    command = [sys.executable, "-m", "mock_mindvideo", "serve", "--port", "0"]
    options = ["--progress", "polls", "--log-level", "warning"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            assert "listening on" in line, f"the server did not start: {line!r}"
            yield line.split()[-1]
        finally:
            process.terminate()
