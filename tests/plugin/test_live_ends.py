"""The end of a live world: what its handle still tells, and what beginning and ending it costs."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from mock_mindvideo import MindVideo, MockServer, Settings, mock_live
from mock_mindvideo.plugin.control import ControlError, EmbeddedControl, HttpControl
from tests.plugin.conftest import Run

TASKS = "/api/v1/tasks"
BODY = {
    "model": "wan2-7-r2v",
    "input": {"prompt": "a cat", "video_urls": ["https://example.com/cat.mp4"]},
}


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(Settings(port=0, progress="polls", log_level="warning")) as running:
        yield running


@pytest.fixture(params=["of this process", "of another"])
def place(request: pytest.FixtureRequest, server: MockServer) -> MockServer | str:
    """The server, or where nothing but its address is known, as if it were another's."""
    return server if request.param == "of this process" else server.url


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each request to a control plane, in process or over HTTP."""
    seen: list[str] = []
    for kind in (EmbeddedControl, HttpControl):
        call = kind.call

        def counted(self: Any, method: str, path: str, *body: Any, call: Any = call) -> Any:
            seen.append(f"{method} {path}")
            return call(self, method, path, *body)

        monkeypatch.setattr(kind, "call", counted)
    return seen


def told(world: MindVideo) -> dict[str, Any]:
    """All that a handle knows of what happened."""
    return {
        "requests": world.requests,
        "newest": world.newest_request,
        "forgotten": world.forgotten_requests,
        "tasks": world.tasks,
        "each": [world.task(each.id) for each in world.tasks],
        "ledger": world.ledger,
        "scripts": [(each.text, each.used, each.unused) for each in world.scripts],
        "unused": world.unused_scripts,
        "deliveries": world.control.call("GET", "/deliveries"),
        "now": world.now,
        "seed": world.seed,
        "strays": world.stray_lines,
    }


def use(world: MindVideo) -> None:
    """Something of everything: tasks in several states, an event, a refusal, scripts, strays."""
    with world.client() as client:
        for number in range(3):
            client.post(TASKS, json=BODY, headers={"Idempotency-Key": f"key-{number}"})
        client.post(TASKS, json=BODY | {"model": "none"})
        world.succeed(world.tasks[0].id)
        client.get(f"{TASKS}/{world.tasks[0].id}/events", headers={"Accept": "text/event-stream"})
    world.script("status=503; times=1")
    world.script("outcome=failed; times=1")
    with world.client() as client:
        assert client.get(f"{TASKS}/{world.tasks[1].id}").status_code == 503
    httpx.get(f"{world.base_url}{TASKS}/x", headers={"Authorization": "Bearer mv_live_xxx"})


def test_a_handle_tells_after_its_worlds_end_what_it_told_before(
    place: MockServer | str, server: MockServer
) -> None:
    def credited() -> set[str]:
        return {state.name for state in server.app.store.worlds() if state.credit}

    with ExitStack() as end:
        world = end.enter_context(mock_live(server=place, progress="manual", credit=100))
        use(world)
        world.advance(1000)
        before = told(world)
        assert credited() == {world.name}
        with pytest.warns(match="never used"):
            end.close()
    assert not credited()
    assert told(world) == before
    assert len(before["requests"]) == 6
    assert before["deliveries"]["deliveries"]
    assert before["strays"][0].startswith("1 request with the key mv_live_xxx")


def test_an_ended_world_stands_still_and_takes_no_orders(place: MockServer | str) -> None:
    with mock_live(server=place, progress="time", speed=1e6) as world, world.client() as client:
        client.post(TASKS, json=BODY)
    ended = told(world)
    with pytest.raises(ControlError, match="the world has ended"):
        world.advance(1)
    with pytest.raises(ControlError, match="the world has ended"):
        world.script("status=503")
    with mock_live(server=place) as namesake, namesake.client() as client:
        client.post(TASKS, json=BODY)
        client.post(TASKS, json=BODY)
    assert told(world) == ended
    assert len(world.requests) == 1


LIVE = """
@pytest.mark.parametrize("number", range(3))
def test(number, mindvideo_live):
    with mindvideo_live.client() as client:
        made = client.post("/api/v1/tasks", json={"model": "wan2-7-r2v", "input": INPUT}).json()
        assert client.get(f"/api/v1/tasks/{made['task_id']}").json()["status"] == "queued"
"""


def test_a_live_test_asks_the_server_of_its_process_nothing(run: Run, asked: list[str]) -> None:
    run(LIVE).assert_outcomes(passed=3)
    assert asked == []


def test_a_live_test_asks_a_server_of_another_process_little(
    run: Run, asked: list[str], server: MockServer
) -> None:
    run(LIVE, f"--mindvideo-server={server.url}").assert_outcomes(passed=3)
    assert len(asked) <= 3 * 12
