"""Load that tells how long its requests take: connections in turn, at a pace or without a pause."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import quantiles

from tests.benchmarks.wire import KEY, KEY_LENGTH, Request

OK = b"HTTP/1.1 200"


@dataclass
class Load:
    """What was answered within `seconds`: how long each answer took, and how many were refused."""

    seconds: float
    took: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.took) / self.seconds

    def percentile(self, which: int) -> float:
        """So many of a hundred answers took at most so many seconds."""
        return quantiles(self.took, n=100)[which - 1]


def drive(
    ports: Sequence[int], request: Request, connections: int, seconds: float, rate: float = 0
) -> Load:
    """Send for so long over connections that are spread over the ports.

    `rate` is how many requests are sent in a second, all connections together; 0 is as many as
    are answered. With a rate, a request that is due while its connection waits for an answer
    counts from the moment when it was due, so that no slow answer hides others.
    """
    return asyncio.run(_drive(ports, request, connections, seconds, rate))


async def _drive(
    ports: Sequence[int], request: Request, connections: int, seconds: float, rate: float
) -> Load:
    load = Load(seconds)
    each = connections / rate if rate else 0.0
    begin = time.perf_counter() + 0.1
    async with asyncio.TaskGroup() as group:
        for number in range(connections):
            port, first = ports[number % len(ports)], begin + each * number / connections
            group.create_task(_connection(port, request, first, begin + seconds, each, load))
    return load


async def _connection(
    port: int, request: Request, due: float, end: float, each: float, load: Load
) -> None:
    """One connection: its requests begin at `due`, and then every `each` seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    raw = request.render(port)
    while due < end:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        writer.write(raw.replace(KEY.encode(), secrets.token_hex(KEY_LENGTH // 2).encode()))
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(_length(head))
        now = time.perf_counter()
        if head.startswith(OK):
            load.took.append(now - due)
        else:
            load.refused += 1
        due = due + each if each else now
    writer.close()


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
