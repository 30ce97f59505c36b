import os
import re
import subprocess

import httpx
import pytest


@pytest.fixture(scope="session")
def wiremock(tmp_path_factory):
    files = str(tmp_path_factory.mktemp("wiremock"))
    command = [os.environ["WIREMOCK"], "--port", "0", "--bind-address", "127.0.0.1"]
    with subprocess.Popen(
        [*command, "--root-dir", files, "--disable-banner"], stdout=subprocess.PIPE, text=True
    ) as server:
        port = next(re.findall(r"\d+", line)[0] for line in server.stdout if "port:" in line)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/__admin") as admin:
            yield admin
            admin.post("/shutdown")


@pytest.fixture
def api(wiremock, monkeypatch):
    monkeypatch.setenv("MINDVIDEO_BASE_URL", str(wiremock.base_url.join("/")).rstrip("/"))
    monkeypatch.setattr("studio.time.sleep", lambda seconds: None)
    yield wiremock
    wiremock.post("/reset")
    wiremock.post("/mappings/reset")
