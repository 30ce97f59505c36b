"""What a server needs: its memory, and its open files."""

from pathlib import Path

from tests.faults.serving import Server


def rss(server: Server) -> int:
    """Bytes of memory that the server's first process holds."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    kib = next(line.split()[1] for line in lines if line.startswith("VmRSS"))
    return int(kib) * 1024


def descriptors(server: Server) -> int:
    """How many files and sockets it has open."""
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
