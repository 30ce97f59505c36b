"""Two parsers, one reading: whatever both take for requests are the same requests.

Where one of them refuses what the other takes, nothing is misunderstood; so they may differ there.
"""

import re
from itertools import pairwise

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from tests.effort import examples

from .oracle import Reading, by_h11, by_reader
from .talking import request

BODY = b'{"model": "wan2-7-r2v", "input": {}}'

#: Requests of every form that the other tests send, and what smugglers send.
CORPUS = [
    request("GET", "/api/v1/tasks/x"),
    request("POST", "/api/v1/tasks", BODY, Idempotency_Key=" k1 \t"),
    request("POST", "/api/v1/tasks", BODY, Connection="Upgrade", Upgrade="h2c"),
    request("POST", "/x", Transfer_Encoding="chunked") + b"5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n",
    request("POST", "/x", Transfer_Encoding="Chunked", Connection="upgrade", Upgrade="websocket")
    + b"27\r\nGET / HTTP/1.1\r\nHost: a\r\nX: aaaaaaa\r\n\r\n\r\n0\r\n\r\n",
    request("GET", "/a?b=c%20d&e", Cookie="a=b", Accept=""),
    request("GET", "http://other.test/a?b"),
    request("GET", "http://other.test?b"),
    request("OPTIONS", "*"),
    request("GET", "/x", Connection="close"),
    request("HEAD", "/x", Expect="100-continue"),
    request("PUT", "/x", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    request("GET", "/_mock/ui/?a=%00", Range="bytes=0-", Origin="http://evil.example"),
    request("GET", "http://[::1]:80/_mock/metrics", Forwarded="for=127.0.0.1", Via="1.1 x"),
    request(
        "POST", "/_mock/uploads", Transfer_Encoding="chunked", Connection="upgrade", Upgrade="x"
    )
    + b"5\r\nhello\r\n0\r\nAuthorization: Bearer mv_live_xxx\r\n\r\n",
    b"POST /x HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}",
    b"GET / HTTP/1.1\r\nHost: a\r\nX:a\r\nX:b\r\n\r\n",
]

#: Pieces of which requests that are in doubt are made.
TOKENS = [
    *(b"GET", b"POST", b"CONNECT", b"OPTIONS", b" ", b"/", b"*", b"/a", b"http://h/p", b"\t"),
    *(b" HTTP/1.1", b" HTTP/1.0", b"\r\n", b"\n", b"\r", b"\r\n\r\n", b":", b": ", b"0", b"5"),
    *(b"Host: a\r\n", b"Content-Length", b"Transfer-Encoding", b"chunked", b"identity", b"gzip"),
    *(b"Connection: upgrade\r\n", b"Upgrade: x\r\n", b"Connection: close\r\n", b"hello", b","),
    *(b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"5\r\nhello\r\n", b";a=b"),
    *(
        b"0\r\n\r\n",
        b"0\r\nX: y\r\n\r\n",
        b"GET /inner HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\x00",
        b"\xff",
    ),
]

_NO_PATH = re.compile(rb"^(https?://[^/?]*)(\?)", re.IGNORECASE)


def cut(data: bytes, places: set[int]) -> list[bytes]:
    borders = [0, *sorted(place for place in places if 0 < place < len(data)), len(data)]
    return [data[start:end] for start, end in pairwise(borders)]


def same(ours: Reading, theirs: Reading) -> None:
    """Both begin with the same requests; whoever has fewer has refused what follows, or ended."""
    both = min(len(ours.requests), len(theirs.requests))
    for mine, other in zip(ours.requests[:both], theirs.requests[:both], strict=True):
        assert mine.method == other.method
        assert mine.body == other.body
        assert _target(mine.target) == _target(other.target)
        assert _fields(mine.headers) == _fields(other.headers)


def _target(target: bytes) -> bytes:
    """Without what the mock's reading has resolved: no path is `/`, an empty query is none."""
    return _NO_PATH.sub(rb"\1/\2", target).removesuffix(b"?").removesuffix(b"/")


def _fields(headers: tuple[tuple[bytes, bytes], ...]) -> list[tuple[bytes, bytes]]:
    """Without Host, which a target may have replaced, and the spelling of codings."""
    return [(name, value.lower()) for name, value in headers if name != b"host"]


@pytest.mark.parametrize("number", range(len(CORPUS)))
def test_at_every_cut_every_request_is_read_as_h11_reads_it(number: int) -> None:
    data = CORPUS[number] + request("GET", "/next")
    theirs = by_h11([data])
    assert theirs.requests
    for place in range(1, len(data)):
        ours = by_reader(cut(data, {place}))
        same(ours, theirs)
        assert len(ours.requests) == len(theirs.requests)
    assert by_reader([bytes([byte]) for byte in data]).requests == by_reader([data]).requests


@settings(max_examples=examples(100))
@given(st.lists(st.sampled_from(CORPUS), min_size=1, max_size=5), st.sets(st.integers(1, 2000)))
def test_requests_behind_each_other_are_read_as_h11_reads_them(
    requests: list[bytes], places: set[int]
) -> None:
    data = b"".join(requests)
    ours, theirs = by_reader(cut(data, places)), by_h11([data])
    same(ours, theirs)
    assert len(ours.requests) == len(theirs.requests)


@settings(max_examples=examples(200))
@given(st.lists(st.sampled_from(TOKENS), max_size=25).map(b"".join), st.sets(st.integers(1, 200)))
@example(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", {60})
def test_whatever_is_in_doubt_is_refused_by_one_or_read_alike(
    data: bytes, places: set[int]
) -> None:
    _agree(b"POST / HTTP/1.1\r\nHost: a\r\n" + data, places)
    _agree(data, places)


@settings(max_examples=examples(200))
@given(st.data())
def test_a_request_with_a_few_bytes_changed_is_refused_by_one_or_read_alike(
    data: st.DataObject,
) -> None:
    changed = bytearray(
        b"".join(data.draw(st.lists(st.sampled_from(CORPUS), min_size=1, max_size=3)))
    )
    for place, token in data.draw(
        st.lists(st.tuples(st.integers(0, len(changed) - 1), st.sampled_from(TOKENS)), max_size=3)
    ):
        changed[place : place + data.draw(st.integers(0, 4))] = token
    _agree(bytes(changed), data.draw(st.sets(st.integers(1, 400))))


def _agree(data: bytes, places: set[int]) -> None:
    ours, whole, theirs = by_reader(cut(data, places)), by_reader([data]), by_h11([data])
    assert ours.requests == whole.requests
    same(ours, theirs)
    if len(ours.requests) > len(theirs.requests):
        event("the mock takes more")
        assert theirs.over
    elif len(ours.requests) < len(theirs.requests):
        event("h11 takes more")
        assert ours.over
