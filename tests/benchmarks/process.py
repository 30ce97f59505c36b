"""What the kernel knows of a server process: CPU time and memory, read from /proc.

CPU time counts only the moments the process really ran, so unlike latency it is not disturbed
by the load generator that shares the machine. Requests a second and p99 are: so `Neighbours`
says how much of the machine went to processes that are no part of the benchmark.
"""

import os
import resource
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
UTIME, STIME = 11, 12  # counted from the field after the command's name
IDLE, IOWAIT, GUEST = 3, 4, 8


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


class Neighbours:
    """The share of the machine's CPU time that others took since this object was made."""

    def __init__(self) -> None:
        """Begin to count."""
        self._all, self._busy = _machine_seconds()
        self._own = _own_seconds()

    def share(self) -> float:
        """From 0 to 1; servers and load generators must have ended."""
        everything, busy = _machine_seconds()
        others = busy - self._busy - (_own_seconds() - self._own)
        return max(0.0, others) / (everything - self._all)


def _machine_seconds() -> tuple[float, float]:
    """CPU time of all cores since boot, and the part of it that was not idle."""
    line = Path("/proc/stat").read_text().splitlines()[0]
    ticks = [int(field) for field in line.split()[1:]][:GUEST]
    return sum(ticks) / TICKS, (sum(ticks) - ticks[IDLE] - ticks[IOWAIT]) / TICKS


def _own_seconds() -> float:
    """CPU time of this process and all it started and waited for."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
