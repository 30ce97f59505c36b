"""A connection is read in one way only: requests as they were meant, whatever they look like."""

import json
import socket
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_mindvideo import MockServer
from tests.conftest import TASKS, example
from tests.effort import examples

from .talking import Talk, request, talking

GOOD = json.dumps(example()).encode()
INNER = request("POST", "/_mock/reset", world="inner")


def head(*lines: str, line: str = f"POST {TASKS} HTTP/1.1") -> bytes:
    known = ("Host: x", "Authorization: Bearer mv_test_inner", "Content-Type: application/json")
    return "\r\n".join([line, *known, *lines, "", ""]).encode()


def chunked(body: bytes, trailers: bytes = b"") -> bytes:
    return b"%x\r\n%b\r\n0\r\n%b\r\n" % (len(body), body, trailers)


OFFERS = {
    "h2c": ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AA"),
    "websocket": ("Upgrade: websocket", "Connection: upgrade"),
}


@pytest.mark.parametrize("offer", OFFERS)
@pytest.mark.parametrize("chunks", [True, False], ids=["chunked", "length"])
def test_an_offer_of_another_protocol_is_declined_wherever_it_is_cut(
    server: MockServer, offer: str, *, chunks: bool
) -> None:
    """Its body looks like a request that would reset the world, and is only a body."""
    length = "Transfer-Encoding: chunked" if chunks else f"Content-Length: {len(INNER)}"
    sent = head(*OFFERS[offer], length) + (chunked(INNER) if chunks else INNER)
    with talking(server) as talk:
        talk.say(request("POST", TASKS, GOOD, "inner"))
        task = json.loads(talk.hear().body)["task_id"]
        for cut in range(1, len(sent)):
            talk.say(sent[:cut])
            talk.say(sent[cut:] + request("GET", f"{TASKS}/{task}", world="inner"))
            assert talk.hear().status == 400  # no JSON
            assert talk.hear().status == 200  # it was not reset


def test_the_second_of_two_offers_in_one_packet_keeps_its_body(server: MockServer) -> None:
    one = head(*OFFERS["h2c"], f"Content-Length: {len(GOOD)}") + GOOD
    with talking(server) as talk:
        talk.say(one * 3)
        assert [talk.hear().status for _ in range(3)] == [200, 200, 200]


def test_what_is_wrong_behind_an_offer_is_refused(server: MockServer) -> None:
    with talking(server) as talk:
        talk.say(head(*OFFERS["h2c"], "Content-Length: 2") + b"{}" + head(line="GET /#x HTTP/1.1"))
        assert [talk.hear().status for _ in range(2)] == [422, 400]
        assert talk.rest() == b""


def test_a_hundred_offers_in_one_packet_are_answered(server: MockServer) -> None:
    with talking(server) as talk:
        talk.say(b"GET / HTTP/1.1\r\nHost:x\r\nConnection:upgrade\r\nUpgrade:x\r\n\r\n" * 100)
        assert {talk.hear().status for _ in range(100)} == {404}


def test_what_comes_after_connect_is_nobodys(server: MockServer) -> None:
    with talking(server) as talk:
        talk.say(head(line="CONNECT x:80 HTTP/1.1") + INNER)
        assert talk.hear().status == 400
        assert talk.rest() == b""


@pytest.mark.parametrize(
    "trailer",
    [b"Authorization: Bearer mv_test_none_of_it\r\n", b"Idempotency-Key: k9\r\n", b"Host: y\r\n"],
)
def test_a_trailer_is_no_header(server: MockServer, trailer: bytes) -> None:
    sent = head("Transfer-Encoding: chunked", "Idempotency-Key: k1") + chunked(GOOD, trailer)
    with talking(server) as talk:
        talk.say(sent)
        first = json.loads(talk.hear().body)["task_id"]
        talk.say(sent)
        assert json.loads(talk.hear().body)["task_id"] == first


def test_a_trailer_is_no_substitute_for_a_header(server: MockServer) -> None:
    bare = head("Transfer-Encoding: chunked").replace(b"Authorization", b"X-Authorization")
    with talking(server) as talk:
        talk.say(bare + chunked(GOOD, b"Authorization: Bearer mv_live_xxx\r\n"))
        assert talk.hear().status == 401


ENDLESS = {
    "trailers": (chunked(GOOD)[:-2], b"X: a\r\n" * 100),
    "a trailer": (chunked(GOOD)[:-2] + b"X: ", b"a" * 1000),
    "the extension of a chunk": (b"1;", b"a" * 1000),
    "extensions of chunks": (b"", b"1;%b\r\na\r\n" % (b"a" * 1000)),
    "zeros of a size": (b"", b"0" * 1000),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_surrounds_a_body_is_bounded(server: MockServer, name: str) -> None:
    first, again = ENDLESS[name]
    with talking(server) as talk:
        talk.say(head("Transfer-Encoding: chunked") + first)
        with pytest.raises(OSError, match=r"reset|pipe"):
            _repeat(talk, again, 10_000_000)


def _repeat(talk: Talk, again: bytes, size: int) -> None:
    for _ in range(size // len(again)):
        talk.say(again)


def test_a_body_of_one_byte_chunks_is_read_like_any_other(server: MockServer) -> None:
    body = json.dumps(example(prompt="a" * 5000) | {"padding": "b" * 60_000}).encode()
    pieces = b"".join(b"1\r\n%b\r\n" % bytes([byte]) for byte in body) + b"0\r\n\r\n"
    assert len(pieces) > 6 * 65_000
    with talking(server) as talk:
        talk.say(head("Transfer-Encoding: chunked") + pieces)
        heard = talk.hear()
        assert (heard.status, b"padding" in heard.body) == (422, True)


SMUGGLED = {
    "a length and chunks": ("Content-Length: 5", "Transfer-Encoding: chunked"),
    "chunks and a length": ("Transfer-Encoding: chunked", "Content-Length: 5"),
    "two lengths": ("Content-Length: 5", "Content-Length: 6"),
    "a length twice": ("Content-Length: 5", "Content-Length: 5"),
    "a list of lengths": ("Content-Length: 5, 5",),
    "a signed length": ("Content-Length: +5",),
    "a length in hexadecimal": ("Content-Length: 0x5",),
    "a length with a space": ("Content-Length : 5",),
    "chunks with a space": ("Transfer-Encoding : chunked",),
    "another coding": ("Transfer-Encoding: gzip",),
    "two codings": ("Transfer-Encoding: gzip, chunked",),
    "a coding after chunks": ("Transfer-Encoding: chunked, identity",),
    "chunks in two lines": ("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
    "codings in two lines": ("Transfer-Encoding: gzip", "Transfer-Encoding: chunked"),
    "nearly chunks": ("Transfer-Encoding: xchunked",),
    "chunks in a folded line": ("Transfer-Encoding:\r\n chunked",),
    "chunks behind a tab": ("Transfer-Encoding: \x0bchunked",),
}


@pytest.mark.parametrize("name", SMUGGLED)
def test_a_body_whose_end_is_in_doubt_is_refused_and_nothing_after_it_is_read(
    server: MockServer, name: str
) -> None:
    with talking(server) as talk:
        talk.say(head(*SMUGGLED[name]) + b"0\r\n\r\n" + INNER)
        heard = talk.hear()
        assert json.loads(heard.body)["error"]["code"] == "invalid_http"
        assert (heard.status, heard.headers["connection"]) == (400, "close")
        assert talk.rest() == b""


def test_chunks_for_http_1_0_are_refused(server: MockServer) -> None:
    with talking(server) as talk:
        talk.say(head("Transfer-Encoding: chunked", line=f"POST {TASKS} HTTP/1.0") + INNER)
        assert talk.hear().status == 400
        assert talk.rest() == b""


@pytest.mark.parametrize("version", ["0.9", "1.2", "2.0", "3.0"])
def test_another_version_is_refused(server: MockServer, version: str) -> None:
    with talking(server) as talk:
        talk.say(head(line=f"GET {TASKS}/x HTTP/{version}"))
        assert talk.hear().status == 400
        assert talk.rest() == b""


@pytest.mark.parametrize(
    "said",
    [
        b"HEAD * HTTP/1.1\r\nHost: a\r\n\r\n",
        b"HEAD / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n",
        b"HEAD / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 70_000,
        b"HEAD / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"HEAD / HTTP/7.0\r\nHost: a\r\n\r\n",
        b"HEAD / HTTP/1.1\r\n\r\n",
    ],
    ids=["target", "name", "long", "coding", "version", "no host"],
)
def test_the_refusal_of_a_head_request_has_no_body(server: MockServer, said: bytes) -> None:
    with talking(server) as talk:
        talk.say(said)
        refused = talk.hear(bodiless=True)
        assert (refused.status, int(refused.headers["content-length"]) > 0) == (400, True)
        if refused.headers.get("connection") == "close":
            assert talk.rest() == b""
    with talking(server) as talk:
        talk.say(said.replace(b"HEAD ", b"GET ", 1))
        assert json.loads(talk.hear().body)["error"]["code"] == "invalid_http"


def test_what_follows_a_head_request_and_is_no_http_is_told_with_a_body(server: MockServer) -> None:
    with talking(server) as talk:
        talk.say(request("HEAD", f"{TASKS}/next") + b"no HTTP\r\n\r\n")
        assert talk.hear(bodiless=True).status == 404
        assert json.loads(talk.hear().body)["error"]["code"] == "invalid_http"


def test_a_good_request_is_answered_before_the_refusal_of_the_one_behind_it(
    server: MockServer,
) -> None:
    with talking(server) as talk:
        talk.say(
            request("GET", f"{TASKS}/slow", X_Mock_Script="delay=0.2")
            + request("GET", f"{TASKS}/next")
            + b"no HTTP\r\n\r\n"
        )
        assert b"slow" in talk.hear().body
        assert b"next" in talk.hear().body
        assert talk.hear().status == 400
        assert talk.rest() == b""


def test_a_request_behind_a_stream_is_refused_after_its_end(server: MockServer) -> None:
    with talking(server) as talk:
        talk.say(request("POST", "/_mock/clock", b'{"progress": "polls"}', "behind"))
        talk.hear()
        talk.say(request("POST", TASKS, GOOD, "behind"))
        task = json.loads(talk.hear().body)["task_id"]
        talk.say(request("GET", f"{TASKS}/{task}/events", world="behind") + b"no HTTP\r\n\r\n")
        whole = talk.rest()
    streamed, _, refused = whole.partition(b"\r\n0\r\n\r\n")
    assert b"task.succeeded" in streamed
    assert refused.startswith(b"HTTP/1.1 400")


def test_a_body_that_breaks_is_answered_once(server: MockServer) -> None:
    with talking(server) as talk:
        talk.say(head("Transfer-Encoding: chunked") + b"5\r\n{")
        talk.say(b"     \r\nno size\r\n" + INNER)
        assert talk.hear().status == 400
        assert talk.rest() == b""


def test_a_request_without_a_body_is_not_given_that_of_the_one_before(server: MockServer) -> None:
    with talking(server) as talk:
        talk.say(request("POST", TASKS, GOOD) + request("POST", "/_mock/reset"))
        assert [talk.hear().status for _ in range(2)] == [200, 200]


def test_nothing_is_read_after_the_last_request(server: MockServer) -> None:
    with talking(server) as talk:
        talk.say(request("GET", f"{TASKS}/x", Connection="close") + INNER)
        assert talk.hear().status == 404
        assert talk.rest() == b""


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_many_requests_behind_each_other_are_all_answered_in_order(
    server: MockServer, data: st.DataObject
) -> None:
    kinds = data.draw(st.lists(st.sampled_from(["plain", "slow", "chunked", "big"]), min_size=1))
    sent = b"".join(_numbered(number, kind) for number, kind in enumerate(kinds))
    cuts = data.draw(st.sets(st.integers(1, max(1, len(sent) - 1)), max_size=6))
    with talking(server) as talk:
        for start, end in pairwise([0, *sorted(cuts), len(sent)]):
            talk.say(sent[start:end])
        for number in range(len(kinds)):
            assert _number_in(talk) == number


def _numbered(number: int, kind: str) -> bytes:
    if kind == "plain":
        return request("GET", f"{TASKS}/t{number}")
    if kind == "slow":
        return request("GET", f"{TASKS}/t{number}", X_Mock_Script="delay=0.001")
    body = json.dumps({"model": f"t{number} ", "input": "x" * (200_000 if kind == "big" else 1)})
    return head("Transfer-Encoding: chunked") + chunked(body.encode())


def _number_in(talk: Talk) -> int:
    message = json.loads(talk.hear().body)["error"]["message"]
    digits = message.partition("t")
    while digits[2] and not digits[2][0].isdigit():
        digits = digits[2].partition("t")
    return int("".join(c for c in digits[2][:4] if c.isdigit()))


def test_a_client_that_closes_its_side_is_answered(server: MockServer) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request("GET", f"{TASKS}/one") + request("GET", "/_mock/health"))
        connection.shutdown(socket.SHUT_WR)
        heard = b""
        while got := connection.recv(65536):
            heard += got
    assert heard.count(b"HTTP/1.1 ") == 2
