"""A network between a server and its Redis: so many seconds away, and cut at will.

It is a process of its own, `python -m tests.scale.link PORT SECONDS`, so that what it takes of the
processor is neither the server's nor the test's. Whole machines with `tc netem` between them show
the same; that needs rights and a module of the kernel which few test machines have.
"""

import asyncio
import subprocess
import sys
from collections import deque

#: Bytes of one read.
CHUNK = 256 * 1024

CUT, MEND = "cut", "mend"


class Link:
    """The process. Connect to `port` instead of the server's own; a round trip is twice `delay`."""

    def __init__(self, port: int, delay: float = 0.0) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(port), str(delay)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self._said())

    def cut(self) -> None:
        """Drop what is on its way, and answer nobody: neither bytes nor resets pass."""
        self._tell(CUT)

    def mend(self) -> None:
        """New connections pass again; those from before are gone, as their peers find out."""
        self._tell(MEND)

    def _tell(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        assert self._said() == word

    def _said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def __enter__(self) -> "Link":
        return self

    def __exit__(self, *_: object) -> None:
        with self._process as process:
            process.kill()


class _Network:
    """Every connection through the link, and whether it is cut."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.open = True
        self.directions: set[_Direction] = set()

    def hear(self, word: str) -> None:
        self.open = word == MEND
        for each in list(self.directions) if self.open else ():
            each.end()  # they were silent for as long as the cut lasted


class _Direction(asyncio.Protocol):
    """What one side sends, on its way to the other."""

    def __init__(self, network: _Network) -> None:
        self._network = network
        self.other: _Direction | None = None
        self._transport: asyncio.Transport | None = None
        self._early: deque[bytes] = deque()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._network.directions.add(self)
        while self._early:
            transport.write(self._early.popleft())

    def data_received(self, data: bytes) -> None:
        if self._network.open and self.other is not None:
            asyncio.get_running_loop().call_later(self._network.delay, self.other.deliver, data)

    def deliver(self, data: bytes) -> None:
        """What has come through."""
        if not self._network.open:
            return
        if self._transport is None:
            self._early.append(data)
        elif not self._transport.is_closing():
            self._transport.write(data)

    def connection_lost(self, problem: Exception | None) -> None:
        self._network.directions.discard(self)
        if self.other is not None and self._network.open:
            asyncio.get_running_loop().call_later(self._network.delay, self.other.end)

    def end(self) -> None:
        if self._transport is not None:
            self._transport.abort()


class _Caller(_Direction):
    """The side that has connected: the other one is made for it."""

    def __init__(self, network: _Network, port: int) -> None:
        super().__init__(network)
        self._port = port

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.other = other = _Direction(self._network)
        other.other = self
        if self._network.open:
            asyncio.get_running_loop().create_task(self._connect(other))

    async def _connect(self, other: _Direction) -> None:
        try:
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: other, "127.0.0.1", self._port)
        except OSError:
            self.end()


async def _run(port: int, delay: float) -> None:
    loop, network = asyncio.get_running_loop(), _Network(delay)
    server = await loop.create_server(lambda: _Caller(network, port), "127.0.0.1", 0)
    say(server.sockets[0].getsockname()[1])
    while word := (await asyncio.to_thread(sys.stdin.readline)).strip():
        network.hear(word)
        say(word)


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_run(int(sys.argv[1]), float(sys.argv[2])))
