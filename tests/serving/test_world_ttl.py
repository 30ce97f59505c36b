"""A real server forgets worlds that nobody uses; what is used stays."""

import time

import httpx2
import pytest

from mock_mindvideo import MockServer, Settings
from tests.conftest import TASKS, example

pytestmark = pytest.mark.slow

#: Real seconds until the test gives up.
PATIENCE = 60


def authorization(world: str) -> dict[str, str]:
    return {"Authorization": f"Bearer mv_test_{world}"}


def test_a_server_forgets_a_world_that_is_idle_and_keeps_one_that_is_used() -> None:
    settings = Settings(port=0, world_ttl=3, progress="manual", log_level="warning")
    with MockServer(settings) as server, httpx2.Client(base_url=server.url) as client:
        for world in ("idle", "used"):
            assert client.post(TASKS, json=example(), headers=authorization(world)).is_success
        until = time.monotonic() + PATIENCE
        names = {"idle"}
        while "idle" in names:
            assert time.monotonic() < until
            shown = client.get("/_mock/worlds", headers=authorization("used")).json()["worlds"]
            names = {each["world"] for each in shown}
        assert names == {"used"}
        assert client.get(f"{TASKS}/task_x", headers=authorization("idle")).status_code == 404
