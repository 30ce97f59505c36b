"""What the kernel knows of a server process: CPU time and memory, read from /proc.

CPU time counts only the moments the process really ran, so unlike latency it is not disturbed
by the load generator that shares the machine.
"""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
UTIME, STIME = 11, 12  # counted from the field after the command's name


def cpu_seconds(pid: int) -> float:
    """User and system time of the process so far, all its threads together."""
    stat = Path(f"/proc/{pid}/stat").read_text()
    fields = stat.rpartition(")")[2].split()
    return (int(fields[UTIME]) + int(fields[STIME])) / TICKS


def memory_bytes(pid: int, kind: str = "Rss") -> int:
    """Resident memory: `Rss` all of it, `Pss` with shared pages split among their users."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{kind}:"):
            return int(line.split()[1]) * 1024
    message = f"no {kind} in /proc/{pid}/smaps_rollup"
    raise LookupError(message)
