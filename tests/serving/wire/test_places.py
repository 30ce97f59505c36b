"""Every place beside the API reads requests as the API does, and is guarded alike."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_mindvideo import MockServer, Settings
from tests.effort import examples

from .places import EVERYWHERE, GUARDED, OPEN
from .talking import Heard, request, talking

INNER = request("POST", "/_mock/reset", world="places")

#: Header lines of who is not on this machine, or is led here by a page that is not of it.
FOREIGN = [
    {"Host": "evil.example"},
    {"Host": "127.999.999.999"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"X-Forwarded-For": "127.0.0.1, 8.8.8.8"},
    {"X-Forwarded-For": "127.0.0.1\r\nX-Forwarded-For: 8.8.8.8"},
    {"Forwarded": "for=127.0.0.1"},
    {"X-Real-IP": "8.8.8.8"},
    {"CF-Connecting-IP": "8.8.8.8"},
    {"Via": "1.1 x"},
]

#: What is no host at all.
NO_HOSTS = [{"Host": "[::1].evil.com"}, {"Host": "localhost:80.evil.com"}, {"Host": "::1"}]

#: Headers that make no difference to whether a place is there.
ANYTHING = [
    {"Range": "bytes=0-0"},
    {"Range": "bytes=" + "0-0," * 5000},
    {"Accept-Encoding": "gzip;q=1e9"},
    {"Accept": "a/b;q=0.1," * 2000},
    {"If-None-Match": '"a",' * 5000},
    {"Cookie": "a=b;" * 5000},
    {"Accept-Language": "zh-Hans," * 5000},
    {"Last-Event-ID": "9" * 5000},
]


def ask(server: MockServer, method: str, target: str, **headers: str) -> Heard:
    """The one answer on a connection of its own."""
    named = {"Connection": "close"} | {name.replace("_", "-"): it for name, it in headers.items()}
    with talking(server) as talk:
        talk.say(request(method, target, world="places", **named))
        heard = talk.hear(bodiless=True)
        return heard._replace(body=talk.rest())


def usual(server: MockServer, place: str) -> int:
    """The status of a plain GET."""
    return ask(server, "GET", place).status


def statuses(answers: bytes) -> list[int]:
    """Those of all answers on a connection, whose bodies may speak of HTTP themselves."""
    return [
        int(each) for each in re.findall(rb"HTTP/1\.1 ([0-9]{3}) [A-Za-z ]+\r\ndate: ", answers)
    ]


places = st.sampled_from(EVERYWHERE)


@settings(max_examples=examples(100))
@given(
    st.sampled_from(GUARDED),
    st.sampled_from(FOREIGN + NO_HOSTS),
    st.sampled_from(["GET", "HEAD", "POST"]),
)
def test_no_place_but_the_open_ones_answers_who_is_not_of_this_machine(
    server: MockServer, place: str, foreign: dict[str, str], method: str
) -> None:
    refused = (400, 403) if foreign in NO_HOSTS else (403,)
    assert ask(server, method, place, **foreign).status in refused
    host = foreign.get("Host")
    if host is not None:
        assert ask(server, method, f"http://{host}{place}").status in refused
        assert ask(server, "GET", f"http://127.0.0.1{place}", Host=host).status == 200


@settings(max_examples=examples(40))
@given(st.sampled_from(OPEN), st.sampled_from(FOREIGN))
def test_an_open_place_answers_everybody_alike_and_leads_nobody_elsewhere(
    server: MockServer, place: str, foreign: dict[str, str]
) -> None:
    answer = ask(server, "GET", place, **foreign)
    assert answer.status == usual(server, place)
    assert "location" not in answer.headers


@settings(max_examples=examples(40))
@given(places, st.sampled_from(["Authorization", "Host", "Content-Length", "Origin"]))
def test_two_lines_of_what_has_one_value_are_refused_everywhere(
    server: MockServer, place: str, name: str
) -> None:
    value = {"Host": "127.0.0.1", "Content-Length": "0"}.get(name, "Bearer mv_test_places")
    assert ask(server, "GET", place, **{name: f"{value}\r\n{name}: {value}"}).status == 400


@settings(max_examples=examples(100))
@given(places, st.sampled_from(ANYTHING), st.sampled_from(["", "?" + "a=b&" * 10_000, "?%00=%ff"]))
def test_head_is_get_without_a_body_whatever_else_is_said(
    server: MockServer, place: str, headers: dict[str, str], query: str
) -> None:
    got = ask(server, "GET", place + query, **headers)
    head = ask(server, "HEAD", place + query, **headers)
    assert got.status < 500
    assert (head.status, head.body) == (got.status, b"")
    changing = {"x-request-id", "content-length", "date"}
    assert head.headers.keys() | changing == got.headers.keys() | changing


@settings(max_examples=examples(100))
@given(places, st.sampled_from(["h2c", "websocket"]), st.booleans(), st.data())
def test_no_bytes_of_a_body_are_read_as_a_request_wherever_it_is_cut(
    server: MockServer, place: str, offer: str, chunked: bool, data: st.DataObject
) -> None:
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(INNER), INNER) if chunked else INNER
    framing = {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(len(INNER))}
    sent = request("GET", place, world="places", Connection="Upgrade", Upgrade=offer, **framing)
    sent += body + request("GET", "/_mock/clock", world="places", Connection="close")
    cuts = data.draw(st.sets(st.integers(1, len(sent) - 1), max_size=4))
    with talking(server) as talk:
        for start, end in pairwise([0, *sorted(cuts), len(sent)]):
            talk.say(sent[start:end])
        answers = talk.rest()
    assert statuses(answers) == [usual(server, place), 200]
    assert b'"progress"' in answers.rpartition(b"\r\n\r\n")[2]


@settings(max_examples=examples(40))
@given(places)
def test_a_good_request_is_answered_before_the_bad_one_behind_it(
    server: MockServer, place: str
) -> None:
    with talking(server) as talk:
        talk.say(request("GET", place, world="places") + b"no HTTP\r\n\r\n")
        answers = talk.rest()
    assert statuses(answers) == [usual(server, place), 400]


@pytest.fixture(scope="module")
def closed_server() -> Iterator[MockServer]:
    """One that wants a token of everybody who is not on this machine."""
    with MockServer(Settings(port=0, admin_token="s3cret", log_level="warning")) as running:
        yield running


@settings(max_examples=examples(40))
@given(st.sampled_from(GUARDED))
def test_a_trailer_opens_no_place(closed_server: MockServer, place: str) -> None:
    behind_a_proxy = {"Via": "1.1 x", "Transfer-Encoding": "chunked", "Connection": "close"}
    token = b"X-Mock-Admin-Token: s3cret\r\n"
    for trailer, status in ((token, 403), (b"", 403)):
        with talking(closed_server) as talk:
            talk.say(request("GET", place, **behind_a_proxy) + b"0\r\n" + trailer + b"\r\n")
            assert talk.hear(bodiless=True).status == status
    opened = ask(closed_server, "GET", place, Via="1.1 x", X_Mock_Admin_Token="s3cret")
    assert opened.status == 200
