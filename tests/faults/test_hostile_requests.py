"""Whatever bytes a connection brings: no 5xx, and nothing is read that another parser does not."""

import socket
from contextlib import suppress
from typing import Any

import orjson
import pytest

from tests.faults.answers import Answer, Answers, Closed
from tests.faults.client import Client
from tests.faults.conftest import Serve
from tests.faults.grammar import cuts, stream
from tests.faults.oracle import Reading, Request, read
from tests.faults.scale import dice, rounds

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]

#: Connections whose requests are looked up in one world's journal.
BATCH = 500

#: Sent last: where it is answered, everything before it was read to its end.
LAST = b"GET /api/v1/tasks/last HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"

#: Seconds after which an answer that does not come fails the test.
PATIENCE = 60


def test_no_bytes_are_read_otherwise_than_by_another_parser_and_none_bring_a_5xx(
    serve: Serve,
) -> None:
    chance = dice("hostile requests")
    server = serve()
    connections = rounds(10_000, 1_000_000)
    for batch in range(connections // BATCH):
        key = f"mv_test_hostile{batch}"
        sent = [stream(chance, key) + LAST for _ in range(BATCH)]
        heard = [(each, talk(server.port, cuts(chance, each), each)) for each in sent]
        with Client(server.port, key) as client:
            journal = {
                each["request_id"]: each
                for each in client.get("/_mock/requests?limit=10000")["requests"]
            }
            client.control("reset")
        for each, answers in heard:
            check(each, answers, journal)


def talk(port: int, pieces: list[bytes], sent: bytes) -> list[Answer]:
    """Every answer to what was sent, until the server closes or nothing more can come."""
    expected = read(sent)
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answers, heard = Answers(connection), []
        with suppress(OSError):  # the server has refused what came before, and closed
            for piece in pieces:
                connection.sendall(piece)
        methods = [each.method for each in expected.requests]
        if expected.end == "incomplete":
            connection.shutdown(socket.SHUT_WR)
        try:
            for method in methods:
                heard.append(answers.next(method))
            while True:
                heard.append(answers.next("GET"))
        except Closed:
            return heard


def check(sent: bytes, heard: list[Answer], journal: dict[str, Any]) -> None:
    """Hold the answers of one connection to what the other parser read."""
    reading = read(sent)
    try:
        assert [each.status for each in heard if each.status >= 500 and not scripted(each)] == []
        assert_same_reading(reading, heard, journal)
    except AssertionError as problem:
        raise AssertionError(
            f"{problem}\n\nsent: {sent!r}\n\nh11: {reading}\n\nheard: {heard}"
        ) from None


def scripted(answer: Answer) -> bool:
    """Whether the client asked for just that answer."""
    return "x-mock-script" in answer.headers


def assert_same_reading(reading: Reading, heard: list[Answer], journal: dict[str, Any]) -> None:
    refused = next((n for n, each in enumerate(heard) if gives_up(each)), None)
    answered = heard if refused is None else heard[:refused]
    # A stricter parser is right to refuse more, and to say nothing after that. And what needs no
    # body may be answered before the body turns out to be no HTTP.
    early = answered[len(reading.requests) :]
    assert len(early) <= (reading.begun is not None), "more was read than was sent"
    if early and reading.begun is not None and reading.begun.method == "POST":
        assert early[0].status >= 400, "a submit was answered whose body had not come whole"
    if refused is None and reading.end != "refused":
        assert may_end(reading, answered), "an answer is missing"
    assert refused is None or refused == len(heard) - 1, "something was answered after a refusal"
    for request, answer in zip(reading.requests, answered, strict=False):
        if (entry := journal.get(answer.headers.get("x-request-id", ""))) is not None:
            assert_read_alike(request, entry)


def may_end(reading: Reading, answered: list[Answer]) -> bool:
    """Whether the server may close after those answers."""
    if len(answered) >= len(reading.requests):
        return True
    if any("drop" in each for it in reading.requests for each in it.values("x-mock-script")):
        return True
    if not answered:
        return False
    last = reading.requests[len(answered) - 1]
    # Refused before the body was sent for which its client asked (RFC 9110, 10.1.1).
    if last.values("expect") and answered[-1].headers.get("connection") == "close":
        return True
    # Answered before its chunks had come, of which the mock is stricter than h11.
    return bool(last.values("transfer-encoding"))


def assert_read_alike(request: Request, entry: dict[str, Any]) -> None:
    assert entry["method"] == request.method
    assert request.target.encode("latin-1").endswith(entry["path"].encode()), entry["path"]
    assert entry["body"] == request.body.decode("utf-8", "replace")[: len(entry["body"])]
    absolute = "://" in request.target  # whose own host stands for the header (RFC 9112 3.2.2)
    for name in ("content-type", "idempotency-key", *(() if absolute else ("host",))):
        kept = [value for each, value in entry["headers"] if each == name]
        sent = [each.encode("latin-1").decode("utf-8", "replace") for each in request.values(name)]
        assert [each.strip() for each in kept] == [each.strip() for each in sent]


def gives_up(answer: Answer) -> bool:
    """Whether it is the refusal of bytes in which no request can be found."""
    if answer.status != 400 or answer.headers.get("connection") != "close":
        return False
    # The answer to a HEAD has no body to look at.
    return not answer.body or bool(orjson.loads(answer.body)["error"]["code"] == "invalid_http")
