"""What is fuzzed: each target takes any bytes, and raises nothing but what it promises."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from starlette.datastructures import Headers

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.contract.drift.sources import read_source
from mock_mindvideo.contract.problems import ContractError
from mock_mindvideo.contract.traffic.reading import read_recording
from mock_mindvideo.domain.errors import InvalidHttp, MockError
from mock_mindvideo.domain.payload import canonical, read_json
from mock_mindvideo.domain.script import ScriptError, parse
from mock_mindvideo.http1.reader import Head, Reader
from mock_mindvideo.web.accept import choice
from mock_mindvideo.web.event_stream import after
from mock_mindvideo.web.media.conditions import Version, range_applies, refusal
from mock_mindvideo.web.media.ranges import spans
from mock_mindvideo.worlds.orders import Orders

_SIZE = 1000
_FOLDER = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - removed at once
_ORDERS = Orders(builtin_catalog())
_EVENTS = builtin_catalog().dialect.events


class _View(NamedTuple):
    """As much of a task as its events' numbers need."""

    steps: Sequence[None] = (None, None, None)


_VIEW: Any = _View()


@contextmanager
def _file(data: bytes, suffix: str) -> Iterator[Path]:
    """A file with those bytes, in memory where the machine has such a folder."""
    with tempfile.NamedTemporaryFile(suffix=suffix, dir=_FOLDER) as file:
        file.write(data)
        file.flush()
        yield Path(file.name)


class Target(NamedTuple):
    """A function of bytes, inputs to begin with, and how long one may get."""

    run: Callable[[bytes], None]
    examples: Sequence[bytes]
    longest: int = 4096


def _text(data: bytes) -> str:
    """Bytes as a header value is read: one character each."""
    return data.decode("latin-1")


def ranges(data: bytes) -> None:
    """Parts lie within the file, and are together no longer than it."""
    found = spans(_text(data), _SIZE) or ()
    assert all(0 <= first <= last < _SIZE for first, last in found)
    assert sum(last + 1 - first for first, last in found) <= _SIZE


def conditions(data: bytes) -> None:
    name, _, value = data.partition(b":")
    headers = Headers(raw=[(name.lower(), value)])
    for version in (Version('"a"', 1_700_000_000), Version('"a"', None)):
        assert refusal(headers, version) in (None, 304, 412)
        range_applies(headers, version)


def accept(data: bytes) -> None:
    choice(_text(data))


class _Sink:
    """What a reader tells of the requests of one connection."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    def on_head(self, head: Head) -> None:
        self.told.append((head.method, head.target, head.headers, b""))

    def on_data(self, data: bytes) -> None:
        *head, body = self.told[-1]
        self.told[-1] = (*head, body + data)  # type: ignore[operator]

    def on_end(self) -> None:
        self.told.append(("end", None, None, b""))


def _read(pieces: Sequence[bytes]) -> tuple[object, ...]:
    sink = _Sink()
    reader = Reader(sink)
    refused = False
    try:
        for piece in pieces:
            reader.feed(piece)
    except InvalidHttp:
        refused = True
    return sink.told, refused


def head(data: bytes) -> None:
    """A connection is read alike wherever it is cut; the first byte says where."""
    at = data[0] if data else 0
    assert _read([data[1:]]) == _read([data[1 : at + 1], data[at + 1 :]])


def last_event_id(data: bytes) -> None:
    assert after(_text(data), _VIEW, _EVENTS) in range(len(_VIEW.steps) + 1)


def scripts(data: bytes) -> None:
    """What is read is written as something that reads the same."""
    with suppress(ScriptError):
        script = parse(_text(data))
        assert parse(script.text) == script


def bodies(data: bytes) -> None:
    """A body is an order or a refusal; a JSON value equals its own canonical form."""
    with suppress(MockError):
        _ORDERS.read(data)
    with suppress(MockError):
        written = canonical(read_json(data))
        assert canonical(read_json(written)) == written


def recordings(data: bytes) -> None:
    with _file(data, ".har") as file, suppress(ContractError):
        read_recording(file)


def pages(data: bytes) -> None:
    for suffix in (".html", ".json", ".yaml"):
        with _file(data, suffix) as file, suppress(ContractError):
            read_source(file)


_SCRIPTS = (
    b"outcome=failed; error=content_policy; message=a%20b; times=2",
    b"delay=0.5; path=/api/v1/tasks/*; method=GET; probability=0.2",
    b"drop@after-commit; skip=1",
    b"limit=10/60",
)
_CONNECTIONS = (
    b"\x20POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"\x40POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"2\r\n{}\r\n0\r\nA: b\r\n\r\n",
    b"\x10GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
)
_BODY = orjson.dumps(
    {"model": "wan2-7-r2v", "input": builtin_catalog().model("wan2-7-r2v").example}
)

TARGETS: Mapping[str, Target] = {
    "accept": Target(accept, [b"application/json;q=0.5, text/*;q=1, */*;q=0"]),
    "bodies": Target(bodies, [_BODY, b'{"a":1e400}', b'["\\ud83d\\ude00"]']),
    "conditions": Target(
        conditions,
        [b'If-None-Match:W/"a", "b"', b"If-Modified-Since:Sun, 06 Nov 1994 08:49:37 GMT"],
    ),
    "head": Target(head, _CONNECTIONS),
    "last-event-id": Target(last_event_id, [b"1", b"2147483648", b" 3"], longest=64),
    "pages": Target(
        pages, [b"<pre>{&quot;type&quot;: &quot;object&quot;}</pre>", b"a: [1, {b: c}]"]
    ),
    "ranges": Target(ranges, [b"bytes=0-1,-5,7-", b"bytes = 0-0"]),
    "recordings": Target(recordings, [b'{"log":{"entries":[{"request":{},"response":{}}]}}']),
    "scripts": Target(scripts, _SCRIPTS),
}
