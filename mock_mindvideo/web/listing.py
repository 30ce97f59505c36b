"""A JSON array of any length as an answer, written as its client reads it."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import orjson
from starlette.responses import Response

from mock_mindvideo.domain.work import Work
from mock_mindvideo.web.answers import Receive, Scope, Send
from mock_mindvideo.web.leaving import HasLeft, lost
from mock_mindvideo.web.turns import in_turns

#: Bytes of an answer that are there at once.
PIECE = 64 * 1024


class Listing(Response):
    """`{"<name>": [items]}`, and what stands beside. Each item is JSON, made when its turn comes.

    So a list costs neither the memory of all of it, whoever reads it, nor anybody's time.
    """

    media_type = "application/json"

    def __init__(
        self, name: str, items: Iterable[bytes], beside: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__()
        del self.headers["content-length"]
        self._lost: HasLeft = lost({})
        self._parts = chain([_begin(name, beside or {})], _separated(items), [b"]}"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._lost = lost(scope)
        first, second = await self._piece(), await self._piece()
        if not second:
            self.headers["content-length"] = str(len(first))
        await send(
            {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        )
        while second:
            await send({"type": "http.response.body", "body": first, "more_body": True})
            first, second = second, await self._piece()
        await send({"type": "http.response.body", "body": first})

    async def _piece(self) -> bytes:
        """About a PIECE more; empty at the end, or where nobody is there to read it."""
        return await in_turns(self._collect())

    def _collect(self) -> Work[bytes]:
        parts, size = [], 0
        for part in () if self._lost() else self._parts:
            parts.append(part)
            size += len(part)
            if size >= PIECE:
                break
            yield
        return b"".join(parts)


def packed(items: Iterable[bytes]) -> Work[Iterator[bytes]]:
    """The same items, each a line of JSON, that take little memory until they are read."""
    full: list[bytes] = []
    lines: list[bytes] = []
    size = 0
    for item in items:
        lines.append(item)
        size += len(item)
        if size >= PIECE:
            full.append(zlib.compress(b"\n".join(lines), zlib.Z_BEST_SPEED))
            lines, size = [], 0
        yield
    return chain(_unpacked(full), lines)


def _unpacked(full: Iterable[bytes]) -> Iterator[bytes]:
    for each in full:
        yield from zlib.decompress(each).split(b"\n")


def _begin(name: str, beside: Mapping[str, Any]) -> bytes:
    members = orjson.dumps(beside)[:-1]
    return members + (b"," if beside else b"") + orjson.dumps(name) + b":["


def _separated(items: Iterable[bytes]) -> Iterator[bytes]:
    separator = b""
    for item in items:
        yield separator + item
        separator = b","
