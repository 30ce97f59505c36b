"""Who is slow, silent, or does not read is let go after a while; nobody else is."""

import json

import pytest

from .alone import Alone
from .talking import request

GET = request("GET", "/api/v1/tasks/x")


def refused(connection: Alone) -> tuple[bytes, str]:
    """The status line and the code of the last answer."""
    head, _, body = connection.transport.written.rpartition(b"\r\n\r\n")
    line = head[head.rindex(b"HTTP/1.1") :].partition(b"\r\n")[0]
    return line, json.loads(body)["error"]["code"]


def test_a_connection_that_says_nothing_is_closed() -> None:
    connection = Alone(idle_timeout=75)
    connection.wait(75)
    assert not connection.transport.closed
    connection.wait(1)
    assert (connection.transport.closed, connection.transport.written) == (True, b"")


def test_a_connection_that_is_silent_after_its_answers_is_closed() -> None:
    connection = Alone(idle_timeout=10)
    connection.wait(8)
    connection.say(GET)
    connection.wait(8)
    connection.say(GET + GET)
    connection.wait(10)
    assert not connection.transport.closed
    connection.wait(1)
    assert connection.transport.closed
    assert connection.transport.written.count(b"HTTP/1.1 404") == 3


def test_line_breaks_before_a_request_do_not_keep_a_connection() -> None:
    connection = Alone(idle_timeout=10)
    for _ in range(12):
        connection.say(b"\r\n")
        connection.wait(1)
    assert connection.transport.closed


def test_a_head_that_comes_byte_by_byte_is_refused_when_its_time_is_over() -> None:
    connection = Alone(head_timeout=20)
    for byte in GET[:21]:
        connection.say(bytes([byte]))
        assert not connection.transport.finished
        connection.wait(1)
    assert refused(connection) == (b"HTTP/1.1 408 Request Timeout", "request_timeout")
    assert connection.transport.finished
    connection.wait(6)
    assert connection.transport.aborted


def test_a_client_that_is_always_within_a_head_is_not_slow_for_that() -> None:
    connection = Alone(head_timeout=5)
    connection.say(GET[:9])
    for _ in range(20):
        connection.wait(4)
        connection.say(GET[9:] + GET[:9])
    assert connection.transport.written.count(b"HTTP/1.1 404") == 20


def test_a_body_that_stops_is_refused_when_its_time_is_over() -> None:
    connection = Alone(body_timeout=30)
    connection.say(request("POST", "/api/v1/tasks", b"{}", Content_Length="1000"))
    connection.wait(30)
    assert connection.transport.written == b""
    connection.wait(1)
    assert refused(connection)[0] == b"HTTP/1.1 408 Request Timeout"


@pytest.mark.parametrize(("rate", "kept"), [(1500, True), (100, False)])
def test_a_long_body_has_more_time_if_it_comes_steadily(rate: int, kept: bool) -> None:
    connection = Alone(body_timeout=10)
    connection.say(request("POST", "/api/v1/tasks", b"{", Content_Length="10000000"))
    for _ in range(30):
        connection.say(b"a" * rate)
        connection.wait(1)
    assert connection.transport.finished is not kept


def test_a_client_that_reads_none_of_its_answer_is_cut_off() -> None:
    connection = Alone(write_timeout=30)
    connection.say(GET)
    connection.transport.unsent = 100_000
    connection.wait(29)
    connection.transport.unsent = 99_000  # it has read a little
    connection.wait(30)
    assert not connection.transport.aborted
    connection.wait(2)
    assert connection.transport.aborted


def test_what_never_ends_before_a_request_is_bounded() -> None:
    connection = Alone()
    for _ in range(40):
        connection.say(b"\r\n" * 1000)
    assert refused(connection) == (b"HTTP/1.1 400 Bad Request", "invalid_http")
