"""Run a module like `python -m`, and write down how long its garbage collections take.

    python -m tests.benchmarks.gcwatch FILE MODULE [ARGUMENT…]

The figures lie in a small file that both processes map, so they can be read at any moment
without asking the server. The module's own garbage-collection settings stay as they are.
"""

import gc
import mmap
import runpy
import struct
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIGURES = struct.Struct("<ddd")


@dataclass(frozen=True, slots=True)
class Pauses:
    """Collections so far, and the longest one in seconds: by the wall clock, and of CPU time."""

    collections: float = 0
    longest: float = 0
    longest_cpu: float = 0


def clear(file: Path) -> None:
    """Begin anew; also makes the file."""
    mode = "r+b" if file.exists() else "wb"
    with file.open(mode) as figures:
        figures.write(FIGURES.pack(0, 0, 0))


def read(file: Path) -> Pauses:
    """What was written down since `clear`."""
    return Pauses(*FIGURES.unpack(file.read_bytes()))


class Watch:
    """A callback for `gc.callbacks`."""

    def __init__(self, memory: mmap.mmap) -> None:
        """Write the figures into `memory`."""
        self._memory = memory
        self._wall = self._cpu = 0.0

    def __call__(self, phase: str, _info: dict[str, Any]) -> None:
        """Take the time at the start of a collection, write the figures at its end."""
        if phase == "start":
            self._wall, self._cpu = time.perf_counter(), time.thread_time()
            return
        cpu, wall = time.thread_time() - self._cpu, time.perf_counter() - self._wall
        count, longest, longest_cpu = FIGURES.unpack_from(self._memory)
        FIGURES.pack_into(self._memory, 0, count + 1, max(longest, wall), max(longest_cpu, cpu))


def _main() -> None:
    file, module = sys.argv[1:3]
    with Path(file).open("r+b") as figures:
        gc.callbacks.append(Watch(mmap.mmap(figures.fileno(), FIGURES.size)))
    del sys.argv[:2]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main()
