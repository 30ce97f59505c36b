import os
import re
import subprocess

import pytest


@pytest.fixture(scope="session")
def prism():
    command = [os.environ["PRISM"], "mock", "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen([*command, "openapi.yaml"], stdout=subprocess.PIPE, text=True) as server:
        found = (re.search(r"listening on (http://\S+)", line) for line in server.stdout)
        yield next(match[1] for match in found if match)
        server.terminate()


@pytest.fixture(autouse=True)
def api(prism, monkeypatch):
    monkeypatch.setenv("MINDVIDEO_BASE_URL", prism)
    monkeypatch.setattr("studio.time.sleep", lambda seconds: None)
