"""A client that leaves, wherever its request can wait: the same comes of it at every door."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
import pytest

from mock_mindvideo import MockServer
from mock_mindvideo.plugin.handle import MindVideo
from tests.conftest import TASKS, example
from tests.faults.workers import until
from tests.serving.wire.talking import request as written
from tests.serving.wire.talking import talking

#: Longer than any client of these tests stays.
LONG = 30
PATIENCE = httpx.Timeout(LONG, read=0.2)
KEY = {"Idempotency-Key": "k"}


class Door(NamedTuple):
    """A world and a client that gives up; `ask` returns what it has seen of the answer."""

    world: MindVideo
    ask: Callable[..., str]

    def gives_up(self, method: str, path: str, **headers: str) -> None:
        """Send a request, and leave before there is an answer."""
        assert self.ask(self.world, method, path, headers) == "ReadTimeout"

    def retry(self) -> httpx.Response:
        with self.world.client() as client:
            return client.post(TASKS, json=example(), headers=KEY)


def body_of(method: str) -> dict[str, Any] | None:
    return example() if method == "POST" else None


def ask(world: MindVideo, method: str, path: str, headers: dict[str, str]) -> str:
    with world.client(timeout=PATIENCE) as client:
        try:
            answer = client.request(method, path, json=body_of(method), headers=headers)
        except httpx.HTTPError as problem:
            return type(problem).__name__
        return answer.text


def ask_in_asyncio(world: MindVideo, method: str, path: str, headers: dict[str, str]) -> str:
    async def main() -> str:
        async with world.async_client(timeout=PATIENCE) as client:
            try:
                answer = await client.request(method, path, json=body_of(method), headers=headers)
            except httpx.HTTPError as problem:
                return type(problem).__name__
            return answer.text

    return asyncio.run(main())


DOORS = {
    "in process": ("mindvideo", ask),
    "in process, async": ("mindvideo", ask_in_asyncio),
    "through a socket": ("mindvideo_live", ask),
    "through a socket, async": ("mindvideo_live", ask_in_asyncio),
}


@pytest.fixture(params=DOORS.values(), ids=DOORS)
def door(request: pytest.FixtureRequest) -> Door:
    fixture, how = request.param
    return Door(request.getfixturevalue(fixture), how)


class Outcome(NamedTuple):
    """What became of a world's requests: tasks, their price, and the journal's lines."""

    tasks: int
    held: bool
    journal: list[tuple[str, int, str | None]]


def outcome(world: MindVideo) -> Outcome:
    lines = [(each.method, each.status, each.code) for each in world.requests]
    return Outcome(len(world.tasks), world.ledger.held > 0, lines)


def comes_to(world: MindVideo, expected: Outcome) -> None:
    """Hold the world to an outcome, which a server reaches once it knows that the client left."""
    assert world.app is not None
    gates = world.app.gates
    until(lambda: outcome(world) == expected and gates.quiet and not open_streams(world))
    assert outcome(world) == expected
    assert gates.quiet
    assert not open_streams(world)


def open_streams(world: MindVideo) -> int:
    assert world.app is not None
    return len(world.app.open_streams._open.get(world.name, ()))


pytestmark = pytest.mark.mindvideo(progress="manual")

#: What a script makes of a submit whose client leaves before the script's time is over.
FAULTS = {
    "delay": Outcome(1, True, [("POST", 200, None)]),
    "delay; outcome=failed": Outcome(1, True, [("POST", 200, None)]),
    "delay; malformed": Outcome(1, True, [("POST", 200, None)]),
    "delay; truncate=20": Outcome(1, True, [("POST", 200, None)]),
    "delay; status=503": Outcome(0, False, [("POST", 503, "unavailable")]),
    "delay; drop@before-commit": Outcome(0, False, [("POST", 0, "dropped")]),
    "delay; drop@after-commit": Outcome(1, True, [("POST", 0, "dropped")]),
    "drip=1": Outcome(1, True, [("POST", 200, None)]),
}


@pytest.mark.parametrize("script", FAULTS)
def test_a_submit_that_has_come_whole_is_carried_out_at_once(door: Door, script: str) -> None:
    text = script.replace("delay", f"delay={LONG}")
    door.gives_up("POST", TASKS, **{"X-Mock-Script": text}, **KEY)
    comes_to(door.world, FAULTS[script])


@pytest.mark.parametrize("script", FAULTS)
def test_a_stored_script_does_the_same(door: Door, script: str) -> None:
    door.world.script(script.replace("delay", f"delay={LONG}"), times=1)
    door.gives_up("POST", TASKS, **KEY)
    comes_to(door.world, FAULTS[script])


def test_the_key_of_a_delayed_request_is_free_once_its_client_has_left(door: Door) -> None:
    door.gives_up("POST", TASKS, **{"X-Mock-Script": f"delay={LONG}"}, **KEY)
    comes_to(door.world, FAULTS["delay"])
    assert door.retry().headers["idempotent-replayed"] == "true"
    assert len(door.world.tasks) == 1


@pytest.mark.parametrize("point", ["request", "commit"])
def test_a_gate_before_the_commit_holds_a_request_and_its_key_until_it_is_opened(
    door: Door, point: str
) -> None:
    with door.world.hold(point) as gate:
        door.gives_up("POST", TASKS, **KEY)
        gate.wait()
        assert door.retry().json()["error"]["code"] == "idempotency_in_progress"
        assert not door.world.tasks
    refused, made = ("POST", 409, "idempotency_in_progress"), ("POST", 200, None)
    comes_to(door.world, Outcome(1, True, [refused, made]))
    assert door.retry().headers["idempotent-replayed"] == "true"


def test_a_gate_before_the_answer_holds_nothing_but_the_answer(door: Door) -> None:
    with door.world.hold("answer") as gate:
        door.gives_up("POST", TASKS, **KEY)
        gate.wait()
        assert door.retry().headers["idempotent-replayed"] == "true"
    comes_to(door.world, Outcome(1, True, [("POST", 200, None), ("POST", 200, None)]))


@pytest.mark.parametrize("point", ["request", "answer"])
def test_gates_hold_polls_too(door: Door, point: str) -> None:
    with door.world.hold(point) as gate:
        door.gives_up("GET", f"{TASKS}/none")
        gate.wait()
        assert not door.world.requests
    comes_to(door.world, Outcome(0, False, [("GET", 404, "task_not_found")]))


@pytest.mark.mindvideo(progress="polls")
def test_a_poll_that_nobody_waits_for_moves_the_clock_like_any_other(door: Door) -> None:
    task_id = door.retry().json()["task_id"]
    door.gives_up("GET", f"{TASKS}/{task_id}", **{"X-Mock-Script": f"delay={LONG}"})
    comes_to(door.world, Outcome(1, False, [("POST", 200, None), ("GET", 200, None)]))
    assert door.world.tasks[0].status == "succeeded"


@pytest.mark.parametrize("script", [f"delay={LONG}", f"heartbeats={LONG}", "drip=1"])
def test_a_stream_ends_whatever_delays_it(door: Door, script: str) -> None:
    task_id = door.retry().json()["task_id"]
    seen = door.ask(door.world, "GET", f"{TASKS}/{task_id}/events", {"X-Mock-Script": script})
    assert seen == "ReadTimeout"
    comes_to(door.world, Outcome(1, True, [("POST", 200, None), ("GET", 200, None)]))
    assert deliveries(door.world) == []


def test_a_stream_ends_where_its_client_leaves(door: Door) -> None:
    task_id = door.retry().json()["task_id"]
    with door.world.client() as client, client.stream("GET", f"{TASKS}/{task_id}/events") as answer:
        lines = answer.iter_lines()
        next(line for line in lines if line.startswith("data:"))
        assert open_streams(door.world) == 1
    comes_to(door.world, Outcome(1, True, [("POST", 200, None), ("GET", 200, None)]))
    assert deliveries(door.world) == [1]


def deliveries(world: MindVideo) -> list[int]:
    told = world._control.call("GET", "/deliveries")["deliveries"]
    return [each["sequence"] for each in told]


def test_a_cancelled_request_is_one_whose_client_left(mindvideo: MindVideo) -> None:
    async def main() -> None:
        async with mindvideo.async_client(timeout=None) as client:
            asking = asyncio.create_task(client.post(TASKS, json=example(), headers=KEY))
            await gate.wait_async()
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking

    with mindvideo.hold("commit") as gate:
        asyncio.run(main())
        assert not mindvideo.tasks
    comes_to(mindvideo, FAULTS["delay"])


def said(world: MindVideo, **headers: str) -> tuple[bytes, bytes]:
    """A submit as a client says it: its head, and its body."""
    body = json.dumps(example()).encode()
    whole = written("POST", TASKS, body, world.name, **headers)
    return whole.removesuffix(body), body


@pytest.mark.parametrize("script", [{}, {"X_Mock_Script": f"delay={LONG}"}])
@pytest.mark.parametrize("length", [0, 10, 100])
def test_a_request_whose_body_never_came_whole_is_none(
    mindvideo_live: MindVideo, mindvideo_server: MockServer, script: dict[str, str], length: int
) -> None:
    head, body = said(mindvideo_live, **script)
    with talking(mindvideo_server) as talk:
        talk.say(head)
        talk.say(body[:length])
    assert Door(mindvideo_live, ask).retry().status_code == 200
    comes_to(mindvideo_live, FAULTS["delay"])


def test_a_body_that_comes_while_a_script_delays_makes_the_request_whole(
    mindvideo_live: MindVideo, mindvideo_server: MockServer
) -> None:
    head, body = said(mindvideo_live, X_Mock_Script=f"delay={LONG}")
    with talking(mindvideo_server) as talk:
        for part in (head, body):
            talk.say(part)
            with mindvideo_live.client() as client:  # whose answer comes after the part was read
                client.get(f"{TASKS}/none")
    polled = ("GET", 404, "task_not_found")
    comes_to(mindvideo_live, Outcome(1, True, [polled, polled, ("POST", 200, None)]))
