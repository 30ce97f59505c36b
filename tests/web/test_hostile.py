"""Whatever a client sends: a clear answer, never a 500, and never more memory than the bounds."""

import json
import re
import socket
from collections.abc import Iterable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from mock_mindvideo import MockServer
from mock_mindvideo.settings import Settings
from mock_mindvideo.web.app import create_app
from tests.conftest import TASKS, client_of
from tests.effort import examples

HEAD = b"Host: 127.0.0.1\r\nAuthorization: Bearer mv_test_hostile\r\n"
JSON = b"Content-Type: application/json\r\n"


def exchange(server: MockServer, *parts: bytes) -> tuple[int, str]:
    """Send raw bytes; the answer's status and error code."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        _send(connection, parts)
        answer = b""
        while (got := connection.recv(65536)) != b"":
            answer += got
            if answer.startswith(b"HTTP/1.1 100"):
                answer = answer.partition(b"\r\n\r\n")[2]
            head, _, body = answer.partition(b"\r\n\r\n")
            length = re.search(rb"content-length: ([0-9]+)", head)
            if length and len(body) >= int(length[1]):
                break
    status = int(head.split()[1])
    return status, json.loads(body)["error"]["code"] if status >= 400 else ""


def _send(connection: socket.socket, parts: Iterable[bytes]) -> None:
    with suppress(OSError):  # the server has answered and closed; the caller reads what it said
        for part in parts:
            connection.sendall(part)


def post(body: bytes, *headers: bytes, length: int | None = None) -> bytes:
    size = b"Content-Length: %d\r\n" % (len(body) if length is None else length)
    return (
        b"POST /api/v1/tasks HTTP/1.1\r\n" + HEAD + JSON + b"".join(headers) + size + b"\r\n" + body
    )


def with_seed(number: bytes) -> bytes:
    return (
        b'{"model":"wan2-7-r2v","input":{"prompt":"x","video_urls":["https://a/b"],"seed":%s}}'
        % number
    )


BODIES = {
    "empty": (b"", 400, "invalid_json"),
    "byte order mark": (b"\xef\xbb\xbf{}", 400, "invalid_json"),
    "bad UTF-8": (b'{"a":"\xff"}', 400, "invalid_json"),
    "NaN": (with_seed(b"NaN"), 400, "invalid_json"),
    "Infinity": (with_seed(b"-Infinity"), 400, "invalid_json"),
    "100,000 arrays": (b"[" * 100_000, 400, "invalid_json"),
    "100,000 closed arrays": (b"[" * 100_000 + b"]" * 100_000, 400, "invalid_json"),
    "100,000 objects": (b'{"a":' * 100_000, 400, "invalid_json"),
    "100 levels": (b'{"model":"m","input":' + b"[" * 100 + b"]" * 100 + b"}", 400, "invalid_json"),
    "lone surrogate": (b'{"model":"\\ud800","input":{}}', 400, "invalid_json"),
    "300 digits": (with_seed(b"9" * 300), 200, ""),
    "5,000 digits": (with_seed(b"9" * 5000), 400, "invalid_json"),
    "beyond a double": (with_seed(b"1e400"), 400, "invalid_json"),
    "zero with a vast exponent": (with_seed(b"0e999999999"), 200, ""),
    "a tiny number": (with_seed(b"1e-999999999"), 200, ""),
    "null": (b"null", 422, "invalid_request"),
    "a million items": (
        with_seed(b'1,"image_with_roles":[' + b"1," * 999_999 + b"1]"),
        413,
        "payload_too_large",
    ),
    "5,000 items": (
        with_seed(b'1,"image_with_roles":[' + b"1," * 4_999 + b"1]"),
        422,
        "invalid_input",
    ),
    "300,000 unknown names": (
        with_seed(b"1," + b",".join(b'"k%d":1' % n for n in range(300_000))),
        413,
        "payload_too_large",
    ),
    "nul in a name": (with_seed(b'1,"\\u0000":1'), 422, "invalid_input"),
}


@pytest.mark.parametrize("name", BODIES)
def test_no_body_is_answered_with_500(server: MockServer, name: str) -> None:
    body, status, code = BODIES[name]
    assert exchange(server, post(body)) == (status, code)


def test_a_body_of_100_mb_is_refused_before_it_is_read_and_the_answer_arrives(
    server: MockServer,
) -> None:
    parts = [post(b"", length=100_000_000), *[bytes(1_000_000)] * 100]
    assert exchange(server, *parts) == (413, "payload_too_large")


def test_a_chunked_body_is_refused_once_it_is_over_the_bound(server: MockServer) -> None:
    head = b"POST /api/v1/tasks HTTP/1.1\r\n" + HEAD + JSON + b"Transfer-Encoding: chunked\r\n\r\n"
    chunk = b"100000\r\n" + bytes(0x100000) + b"\r\n"
    assert exchange(server, head, *[chunk] * 100) == (413, "payload_too_large")


def test_a_body_that_comes_byte_by_byte_is_read_like_any_other(server: MockServer) -> None:
    sent = post(with_seed(b"1"))
    assert exchange(server, *(bytes([byte]) for byte in sent)) == (200, "")


HEADERS = {
    "length and chunks": (post(b"{}", b"Transfer-Encoding: chunked\r\n"), 400, "invalid_http"),
    "two lengths": (post(b"{}", b"Content-Length: 5\r\n"), 400, "invalid_http"),
    "a negative length": (post(b"{}", length=-1), 400, "invalid_http"),
    "a vast length": (post(b"{}", length=10**30), 400, "invalid_http"),
    "a control character": (post(b"{}", b"X: a\x00b\r\n"), 400, "invalid_http"),
    "a name with a space": (post(b"{}", b"X Y: a\r\n"), 400, "invalid_http"),
    "a head of a megabyte": (post(b"{}", b"X: " + b"a" * 1_000_000 + b"\r\n"), 400, "invalid_http"),
    "100,000 headers": (post(b"{}", b"X: a\r\n" * 100_000), 400, "invalid_http"),
    "an offer of WebSocket": (
        post(with_seed(b"1"), b"Connection: Upgrade\r\nUpgrade: websocket\r\n"),
        200,
        "",
    ),
    "an offer of HTTP/2": (
        post(
            with_seed(b"1"),
            b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n",
        ),
        200,
        "",
    ),
    "expect": (post(with_seed(b"1"), b"Expect: 100-continue\r\n"), 200, ""),
    "a key beyond ASCII": (
        post(with_seed(b"1"), b"Idempotency-Key: \xc3\xa9\r\n"),
        400,
        "invalid_idempotency_key",
    ),
    "a script beyond ASCII": (post(b"{}", b"X-Mock-Script: \xff\r\n"), 422, "invalid_request"),
    "a coding": (post(b"{}", b"Content-Encoding: br\r\n"), 415, "unsupported_media_type"),
    "an unheard-of Accept": (post(with_seed(b"1"), b"Accept: \xff;q=\xff,,;;\r\n"), 200, ""),
}


@pytest.mark.parametrize("name", HEADERS)
def test_no_header_is_answered_with_500(server: MockServer, name: str) -> None:
    sent, status, code = HEADERS[name]
    assert exchange(server, sent) == (status, code)


PATHS = {
    b"GET /api/v1/tasks/%ff%00%2f HTTP/1.1": (404, "not_found"),
    b"GET /api/v1/tasks/%ED%A0%80 HTTP/1.1": (404, "task_not_found"),
    b"GET /api/v1/tasks/" + b"a" * 60_000 + b" HTTP/1.1": (404, "task_not_found"),
    b"GET /api/v1/tasks/\xff HTTP/1.1": (400, "invalid_http"),
    b"GET /api/v1/tasks/../../x HTTP/1.1": (404, "not_found"),
    b"GET //api/v1/tasks HTTP/1.1": (404, "not_found"),
    b"GET http://api.mindvideo.ai/api/v1/tasks/x HTTP/1.1": (404, "task_not_found"),
    b"GET * HTTP/1.1": (400, "invalid_http"),
    b"CONNECT a:1 HTTP/1.1": (400, "invalid_http"),
    b"FOO /api/v1/tasks HTTP/1.1": (400, "invalid_http"),
    b"TRACE /api/v1/tasks HTTP/1.1": (405, "method_not_allowed"),
    b"GET /_mock/tasks/%ff%00 HTTP/1.1": (404, "task_not_found"),
    b"GET /_mock/tasks?limit=%ff HTTP/1.1": (422, "invalid_request"),
    b"GET /_mock/tasks?limit=" + b"9" * 5000 + b" HTTP/1.1": (422, "invalid_request"),
    b"GET /media/..%2f..%2fetc/passwd HTTP/1.1": (404, "not_found"),
    b"GET /media/default/%2e%2e/1.mp4 HTTP/1.1": (404, "not_found"),
    b"\x16\x03\x01\x02\x00\x01": (400, "invalid_http"),
    b"GET /": (400, "invalid_http"),
    b"GET": (400, "invalid_http"),
}


@pytest.mark.parametrize("line", PATHS)
def test_no_path_is_answered_with_500(server: MockServer, line: bytes) -> None:
    assert exchange(server, line + b"\r\n" + HEAD + b"\r\n") == PATHS[line]


def test_a_connection_is_as_good_as_new_after_a_refused_body(server: MockServer) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        for _ in range(2):
            _send(connection, [post(b"", length=11_000_000), *[bytes(1_000_000)] * 11])
            assert connection.recv(65536).startswith(b"HTTP/1.1 413")


#: One application for every example of the properties below: none of them may change it.
hostile = client_of(create_app(Settings(progress="manual")))

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
names = st.sampled_from(
    ["prompt", "image_with_roles", "video_urls", "duration", "url", "role", "x"]
)
odd_inputs = st.dictionaries(names, json_values | st.lists(st.dictionaries(names, json_values)))


def answered(client: TestClient, content: bytes) -> int:
    headers = {"Content-Type": "application/json"}
    answer = client.post(TASKS, content=content, headers=headers)
    assert "request_id" in answer.json()
    return answer.status_code


@given(st.binary())
def test_any_bytes_are_answered(content: bytes) -> None:
    assert answered(hostile, content) in (400, 422)


@given(json_values)
def test_any_json_is_answered(value: object) -> None:
    assert answered(hostile, json.dumps(value).encode()) in (400, 422)


@pytest.mark.slow
@given(odd_inputs)
@settings(max_examples=examples(100))
def test_any_input_is_answered(given_input: dict[str, object]) -> None:
    body = json.dumps({"model": "wan2-7-r2v", "input": given_input}).encode()
    assert answered(hostile, body) in (200, 400, 422)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "Accept",
                "Last-Event-ID",
                "Origin",
                "X-Mock-Script",
                "Range",
                "Content-Type",
                "Idempotency-Key",
                "Host",
            ]
        ),
        st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f")),
    )
)
def test_any_header_is_answered(headers: dict[str, str]) -> None:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    for path in (f"{TASKS}/x", f"{TASKS}/x/events", "/_mock/health", "/media/a/b/1.mp4"):
        assert hostile.get(path, headers=raw).status_code in (200, 400, 403, 404, 422)  # type: ignore[arg-type]


def test_pipelined_requests_are_answered_in_their_order(server: MockServer) -> None:
    """Three at once: an unknown task, a good submit, a path that is not there."""
    host, port = server.url.removeprefix("http://").split(":")
    sent = (
        b"GET /api/v1/tasks/first HTTP/1.1\r\n" + HEAD + b"\r\n",
        post(with_seed(b"1")),
        b"GET /api/v1/third HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n",
    )
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(b"".join(sent))
        answer = b""
        while (got := connection.recv(65536)) != b"":
            answer += got
    assert re.findall(rb"HTTP/1.1 ([0-9]{3})", answer) == [b"404", b"200", b"404"]
    assert answer.index(b"'first'") < answer.index(b'"queued"') < answer.index(b'"not_found"')
