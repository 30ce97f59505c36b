"""A request that has come whole is answered at once; nobody can tell but by the time it takes."""

import json
import re
from collections.abc import Iterator
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_mindvideo import MockServer, Settings
from tests.conftest import TASKS, example
from tests.effort import examples

from .talking import Heard, request, talking

GOOD = json.dumps(example()).encode()

#: Requests whose answers the two ways in must agree on; "{task}" is a task of the world.
REQUESTS: dict[str, dict[str, Any]] = {
    "a submit": {"method": "POST", "path": TASKS, "body": GOOD},
    "a submit under a key": {"method": "POST", "path": TASKS, "body": GOOD, "Idempotency_Key": "k"},
    "another payload": {
        "method": "POST",
        "path": TASKS,
        "body": json.dumps(example(prompt="other")).encode(),
        "Idempotency_Key": "k",
    },
    "a bad key": {"method": "POST", "path": TASKS, "body": GOOD, "Idempotency_Key": " "},
    "no JSON": {"method": "POST", "path": TASKS, "body": b"{"},
    "no input": {"method": "POST", "path": TASKS, "body": b"{}"},
    "advice": {
        "method": "POST",
        "path": TASKS,
        "body": json.dumps(example(prompt="图7")).encode(),
        "Origin": "http://localhost:5173",
    },
    "a magic URL": {
        "method": "POST",
        "path": TASKS,
        "body": GOOD.replace(b"example.com", b"stuck.mock.invalid"),
    },
    "a media type": {"method": "POST", "path": TASKS, "body": GOOD, "Content_Type": "text/plain"},
    "a poll": {"method": "GET", "path": TASKS + "/{task}"},
    "an unknown task": {"method": "GET", "path": f"{TASKS}/none"},
    "an encoded path": {"method": "GET", "path": f"{TASKS}/%41"},
    "a query": {"method": "GET", "path": TASKS + "/{task}?x=1"},
    "events as JSON": {
        "method": "GET",
        "path": TASKS + "/{task}/events",
        "Accept": "application/json",
    },
    "no such path": {"method": "GET", "path": "/api/v2"},
    "another method": {"method": "POST", "path": TASKS + "/{task}", "body": GOOD},
    "a script": {"method": "POST", "path": TASKS, "body": GOOD, "X_Mock_Script": "status=503"},
    "no key": {"method": "GET", "path": f"{TASKS}/x", "Authorization": "none"},
}


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    manual = Settings(port=0, progress="manual", seed=7, log_level="warning")
    with MockServer(manual) as running:
        yield running


_worlds = count()


def answers(server: MockServer, names: list[str], **more: str) -> list[Heard]:
    """What a fresh world answers to the named requests."""
    world = f"w{next(_worlds)}"
    with talking(server) as talk:
        talk.say(request("POST", TASKS, GOOD, world))
        task_id = json.loads(talk.hear().body)["task_id"]
        heard = []
        for name in names:
            given_request = {"world": world} | REQUESTS[name] | more
            given_request["path"] = given_request["path"].replace("{task}", task_id)
            talk.say(request(**given_request))
            heard.append(talk.hear())
    return [_anonymous(each, world) for each in heard]


def _anonymous(heard: Heard, world: str) -> Heard:
    """Without what is another each time: ids, and the name of the world."""
    headers = {name: value for name, value in heard.headers.items() if name != "x-request-id"}
    body = re.sub(rb"(req|task|evt)_[0-9a-f]{24}", rb"\1", heard.body).replace(world.encode(), b"w")
    return Heard(heard.status, headers, body)


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(REQUESTS)), min_size=1, max_size=6))
def test_who_asks_for_100_continue_is_answered_no_other_way(
    server: MockServer, names: list[str]
) -> None:
    """Such a request goes uvicorn's own way, through the ASGI application."""
    assert answers(server, names) == answers(server, names, Expect="100-continue")


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.integers(1, 400), max_size=5))
def test_however_a_request_is_cut_it_is_answered_once(server: MockServer, cuts: set[int]) -> None:
    said = request("POST", TASKS, GOOD)
    borders = [0, *sorted(cuts), len(said)]
    with talking(server) as talk:
        for start, end in pairwise(borders):
            talk.say(said[start:end])
        assert talk.hear().status == 200
        talk.say(request("GET", f"{TASKS}/none", Connection="close"))
        assert talk.hear().status == 404
        assert talk.rest() == b""


def test_answers_come_in_the_order_of_the_requests_whoever_has_to_wait(server: MockServer) -> None:
    with talking(server) as talk:
        talk.say(
            request("GET", f"{TASKS}/first")
            + request("GET", f"{TASKS}/second", X_Mock_Script="delay=0.05")
            + request("GET", f"{TASKS}/third")
            + request("GET", "/_mock/fourth")
            + request("GET", f"{TASKS}/fifth")
        )
        heard = [talk.hear().body for _ in range(5)]
    for place, word in enumerate((b"first", b"second", b"third", b"no such path", b"fifth")):
        assert word in heard[place]


def test_what_the_parser_refuses_does_not_overtake_an_answer(server: MockServer) -> None:
    with talking(server) as talk:
        talk.say(request("GET", f"{TASKS}/first") + b"no HTTP at all\r\n\r\n")
        assert b"first" in talk.hear().body
        refused = talk.hear()
        assert (refused.status, json.loads(refused.body)["error"]["code"]) == (400, "invalid_http")
        assert talk.rest() == b""


def test_a_request_that_has_to_wait_is_written_down_once(server: MockServer) -> None:
    with talking(server) as talk:
        for script in ("delay=0.01", "times=1; status=503", "outcome=stuck"):
            talk.say(request("POST", TASKS, GOOD, "written", X_Mock_Script=script))
            talk.hear()
        talk.say(request("GET", "/_mock/requests", world="written"))
        entries = json.loads(talk.hear().body)["requests"]
    assert [entry["status"] for entry in entries] == [200, 503, 200]


@pytest.mark.parametrize("sent", ["HTTP/1.0", "close"])
def test_a_connection_that_is_not_kept_alive_is_closed_after_its_answer(
    server: MockServer, sent: str
) -> None:
    said = request("GET", f"{TASKS}/x", **({"Connection": "close"} if sent == "close" else {}))
    with talking(server) as talk:
        talk.say(said.replace(b"HTTP/1.1", b"HTTP/1.0") if sent == "HTTP/1.0" else said)
        assert talk.hear().status == 404
        assert talk.rest() == b""
