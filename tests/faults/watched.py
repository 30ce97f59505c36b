"""A server that tells for how long its event loop has served nobody else.

`python -m tests.faults.watched OPTION=VALUE…` prints its port, then for each line on its standard
input the longest turn of the loop since the last one, in milliseconds of the processor's time: what
else the machine does meanwhile does not count.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.serving.process import serve
from mock_mindvideo.settings import Settings


class Watched:
    """The server as its test sees it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.port = int(self._line())

    def longest_turn(self) -> float:
        """Milliseconds of the longest turn since this was asked the last time."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return float(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextmanager
def watched(*options: str) -> Iterator[Watched]:
    """A watched server as long as the block takes."""
    command = [sys.executable, "-m", "tests.faults.watched", *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Watched(process)
        finally:
            process.kill()


class Turns:
    """The longest turn of the running loop."""

    def __init__(self) -> None:
        self._longest = 0.0
        self._loop = asyncio.get_running_loop()
        self._watching = self._loop.create_task(self._watch())
        self._loop.add_reader(sys.stdin, self._tell)

    async def _watch(self) -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(0)
            self._longest = max(self._longest, time.thread_time() - before)

    def _tell(self) -> None:
        if not sys.stdin.readline():
            self._loop.remove_reader(sys.stdin)
            return
        print(self._longest * 1000, flush=True)
        self._longest = 0.0


def main(*options: str) -> None:
    """Serve, as `mock-mindvideo serve` does."""
    kept: list[Turns] = []

    def announce(url: str, catalog: Catalog) -> None:
        kept.append(Turns())
        print(url.rpartition(":")[2], flush=True)

    chosen = dict(option.split("=") for option in options)
    serve(Settings(port=0, log_level="warning", **chosen), announce)  # type: ignore[arg-type]


if __name__ == "__main__":
    main(*sys.argv[1:])
