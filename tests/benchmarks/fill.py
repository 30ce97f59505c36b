"""Creating many tasks fast: the vendor's example, pipelined in batches over a few connections.

wrk would do for the load, but not hand back the ids that are polled afterwards.
"""

import asyncio
import re
import secrets
from dataclasses import dataclass, field

from tests.benchmarks.wire import KEY, POST

CONNECTIONS = 8
BATCH = 50
TASK_ID = re.compile(rb'"task_id"\s*:\s*"([^"]+)"')
REFUSED = re.compile(rb"HTTP/1\.1 [^2][^\r]*")
SOME = 20_000


class RefusedError(Exception):
    """The server did not take a task."""


@dataclass(slots=True)
class Batches:
    """What is still to be sent: batches with a fresh key in each request, until `left` is 0."""

    port: int
    left: int
    ids: list[bytes] = field(default_factory=list)
    _prefix: bytes = field(default_factory=lambda: b"fill-%b-" % secrets.token_hex(6).encode())

    def next(self) -> tuple[int, bytes]:
        """The size of the next batch, and its bytes."""
        size = min(BATCH, self.left)
        self.left -= size
        head, tail = POST.render(self.port).split(KEY.encode())
        keys = (b"%b%d" % (self._prefix, self.left + place) for place in range(size))
        return size, b"".join(b"%b%b%b" % (head, key, tail) for key in keys)


async def _connection(batches: Batches) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", batches.port)
    while batches.left:
        size, data = batches.next()
        writer.write(data)
        batches.ids += await _answers(reader, size)
    writer.close()


async def _answers(reader: asyncio.StreamReader, size: int) -> list[bytes]:
    data = b""
    while data.count(b'"task_id"') < size or len(ids := TASK_ID.findall(data)) < size:
        chunk = await reader.read(1 << 18)
        data += chunk
        if not chunk or (bad := REFUSED.search(chunk)):
            raise RefusedError(bad[0].decode() if chunk and bad else "the connection was closed")
    return ids


async def _all(batches: Batches) -> None:
    await asyncio.gather(*(_connection(batches) for _ in range(CONNECTIONS)))


def fill(port: int, tasks: int) -> list[str]:
    """Create that many tasks; answer at most `SOME` of their ids, evenly spread."""
    batches = Batches(port, tasks)
    try:
        asyncio.run(_all(batches))
    except OSError as problem:
        raise RefusedError(f"while tasks were created: {problem}") from problem
    return [task_id.decode() for task_id in batches.ids[:: max(1, tasks // SOME)]]
