"""What a server needs: its memory, and its open files."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.serving import Server


def rss(server: Server) -> int:
    """Bytes of memory that the server's first process holds."""
    return _bytes(server, "VmRSS")


@contextmanager
def peak(server: Server) -> Iterator[Callable[[], int]]:
    """How many bytes more than at the beginning it has held at most since, at any moment."""
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")  # VmHWM begins anew
    before = rss(server)
    yield lambda: _bytes(server, "VmHWM") - before


def _bytes(server: Server, name: str) -> int:
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(name))) * 1024


def descriptors(server: Server) -> int:
    """How many files and sockets it has open."""
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
