"""What a header says is said once and without space around it, at every door."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from mock_mindvideo import MockServer, Settings, create_app
from mock_mindvideo.domain.errors import InvalidHttp
from mock_mindvideo.web.fields import SINGLE, check, is_authority
from tests.conftest import TASKS, client_of, example
from tests.serving.wire.talking import talking

BODY = json.dumps(example()).encode()
JSON = ("Content-Type", "application/json")
KEY = ("Authorization", "Bearer mv_live_xxx")
HOST = ("Host", "mock.test")

Said = tuple[int, dict[str, Any]]


def over_a_socket(server: MockServer, *headers: tuple[str, str], version: str = "1.1") -> Said:
    lines = "".join(f"{name}:{value}\r\n" for name, value in headers)
    said = f"POST {TASKS} HTTP/{version}\r\n{lines}Content-Length: {len(BODY)}\r\n\r\n".encode()
    with talking(server) as talk:
        talk.say(said + BODY)
        heard = talk.hear()
    return heard.status, json.loads(heard.body)


def in_process(server: MockServer, *headers: tuple[str, str]) -> Said:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    heard = client_of(server.app).post(TASKS, content=BODY, headers=raw)  # type: ignore[arg-type]
    return heard.status_code, heard.json()


DOORS = pytest.mark.parametrize("door", [over_a_socket, in_process])


@DOORS
@pytest.mark.parametrize("space", [" ", "\t", " \t \t"])
def test_space_around_a_value_is_not_part_of_it(door: Any, server: MockServer, space: str) -> None:
    first = door(server, HOST, KEY, JSON, ("Idempotency-Key", "space"))[1]
    padded = [(name, f"{space}{value}{space}") for name, value in (HOST, KEY, JSON)]
    for key in ("space", f"{space}space", f"space{space}"):
        status, body = door(server, *padded, ("Idempotency-Key", key))
        assert (status, body["task_id"]) == (200, first["task_id"])


@DOORS
@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("Idempotency-Key", "k1", "k9"),
        ("Idempotency-Key", "k1", "k1"),
        ("Authorization", "Bearer mv_live_xxx", "Bearer mv_test_other"),
        ("Content-Type", "application/json", "text/plain"),
        ("X-Mock-Script", "delay=0", "outcome=failed"),
        ("Origin", "http://localhost", "http://evil.test"),
        ("Last-Event-ID", "1", "2"),
        ("Range", "bytes=0-", "bytes=1-"),
        ("Host", "mock.test", "other.test"),
        ("Host", "mock.test", "mock.test"),
    ],
)
def test_a_header_with_one_value_is_refused_in_two_lines(
    door: Any, server: MockServer, name: str, one: str, other: str
) -> None:
    known = [each for each in (HOST, KEY, JSON) if each[0] != name]
    status, body = door(server, *known, (name, one), (name.lower(), other))
    assert (status, body["error"]["code"]) == (400, "invalid_http")
    assert name.lower() in body["error"]["message"].lower()


@pytest.mark.parametrize("host", ["", "a b", "a/b", "u@a", "a:x", "a:99999", "[::1", "[a]"])
@DOORS
def test_a_host_that_is_none_is_refused(door: Any, server: MockServer, host: str) -> None:
    status, body = door(server, ("Host", host), KEY, JSON)
    assert (status, body["error"]["code"]) == (400, "invalid_http")


@pytest.mark.parametrize(
    "host", ["a", "mock_mindvideo:8080", "127.0.0.1:", "[::1]:80", "[v1.a:b]", "a%20b", "a.", "ä"]
)
def test_a_host_as_the_standard_has_it_is_taken(host: str) -> None:
    assert is_authority(host.encode("ascii", "ignore") or b"a")


def test_http_1_1_needs_a_host_and_1_0_does_not(server: MockServer) -> None:
    assert over_a_socket(server, KEY, JSON)[0] == 400
    assert over_a_socket(server, KEY, JSON, version="1.0")[0] == 200


@given(
    st.lists(
        st.tuples(
            st.sampled_from([b"host", b"range", b"accept", b"cookie", b"origin", b"x-y"]),
            st.sampled_from([b"a", b"b"]),
        ),
        max_size=6,
    )
)
def test_only_names_that_are_no_lists_are_refused_twice(lines: list[tuple[bytes, bytes]]) -> None:
    names = [name for name, _ in lines]
    good = names.count(b"host") == 1 and all(names.count(each) < 2 for each in SINGLE)
    try:
        check(lines, dict(lines))
    except InvalidHttp:
        assert not good
    else:
        assert good


def test_the_refusal_can_be_read_by_a_page(client: TestClient) -> None:
    twice = [(b"Idempotency-Key", b"a"), (b"Idempotency-Key", b"b"), (b"Origin", b"http://x.test")]
    answer = client.post(TASKS, json=example(), headers=twice)  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


def test_a_repeated_header_is_refused_under_any_asgi_server() -> None:
    """Under any ASGI server the application looks itself; Starlette's client stands for one."""
    plain = TestClient(create_app(Settings()), headers={"Authorization": "Bearer mv_live_xxx"})
    twice = [(b"Idempotency-Key", b"a"), (b"Idempotency-Key", b"b")]
    assert plain.post(TASKS, json=example(), headers=twice).status_code == 400  # type: ignore[arg-type]
