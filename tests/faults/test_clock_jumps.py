"""The system clock is set back and forth under real servers (libfaketime): nothing goes back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import libfaketime
import pytest

from .client import TASKS, Client, order
from .conftest import Serve
from .serving import Server
from .workers import client_of_each, until

pytestmark = pytest.mark.slow

LIBRARY = "vendor/libfaketime/src/libfaketime.so.1"
HOUR, YEAR = 3600, 365 * 86_400
ORDER = ("queued", "processing", "succeeded")

#: World seconds for each real one, so that a task of ten ends in half of one.
SPEED = 20

#: Real seconds that a task takes at least.
TOOK = 10 / SPEED


class SystemClock:
    """The wall clock of the servers that are started with `environ`, which can be set meanwhile.

    With `everything`, what should only go on is faked too, so that it jumps with it.
    """

    def __init__(self, folder: Path, *, everything: bool = False) -> None:
        self._file = folder / "faketime"
        self.set_by(0)
        self.environ = {
            "LD_PRELOAD": str(Path(libfaketime.__file__).parent / LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "0" if everything else "1",
        }

    def set_by(self, seconds: int) -> None:
        """From now on, show that much more than the real one."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n")
        new.rename(self._file)


class Watcher:
    """Asks every worker about every task, and fails where one tells of an earlier state."""

    def __init__(self, server: Server, clients: list[Client]) -> None:
        self.server = server
        self.clients = clients
        self.seen: dict[str, int] = {}

    def submit(self) -> str:
        task_id: str = self.clients[0].submit(order("one")).body["task_id"]
        self.seen[task_id] = 0
        return task_id

    def look(self) -> None:
        for client in self.clients:
            for task_id in self.seen:
                body = client.get(f"{TASKS}/{task_id}")
                assert ORDER.index(body["status"]) >= self.seen[task_id], body
                self.seen[task_id] = ORDER.index(body["status"])

    def ended(self, task_id: str) -> bool:
        self.look()
        return self.seen[task_id] == len(ORDER) - 1


@pytest.fixture
def clock(tmp_path: Path) -> SystemClock:
    return SystemClock(tmp_path)


@contextmanager
def watching(server: Server, workers: int) -> Iterator[Watcher]:
    with client_of_each(server, workers) as clients:
        yield Watcher(server, clients)


def said(server: Server) -> int:
    """How many jumps the log tells of."""
    return server.log.read_text().count("the system clock was set")


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("jumps", [(-60, 0, -60), (-HOUR, HOUR), (YEAR, 0), (-YEAR, YEAR, 0)])
def test_no_status_goes_back_and_every_task_ends_in_its_time_whatever_is_set(
    serve: Serve, db: str, clock: SystemClock, workers: int, jumps: tuple[int, ...]
) -> None:
    options = ("--db", db, "--workers", str(workers), "--speed", str(SPEED))
    server = serve(*options, environ=clock.environ)
    with watching(server, workers) as watcher:
        for told, jump in enumerate((0, *jumps)):
            running = watcher.submit()
            watcher.look()
            clock.set_by(jump)
            began = time.monotonic()
            begun = watcher.submit()
            assert until(lambda task=running: watcher.ended(task))
            assert until(lambda task=begun: watcher.ended(task))
            assert TOOK <= time.monotonic() - began < 30  # a jump would make it a minute or more
            assert until(lambda task=begun, told=told: watcher.ended(task) and said(server) >= told)
    server.stop()
    assert said(server) == len(jumps)


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("jump", [-HOUR, YEAR])
def test_nothing_goes_back_over_a_restart_with_another_clock(
    serve: Serve, db: str, tmp_path: Path, jump: int, everything: bool
) -> None:
    clock = SystemClock(tmp_path, everything=everything)
    options = ("--db", db, "--speed", str(SPEED))
    server = serve(*options, environ=clock.environ)
    with watching(server, 1) as before:
        first = before.submit()
        assert until(lambda: before.ended(first))
    server.kill()
    clock.set_by(jump)
    server = serve(*options, environ=clock.environ)
    with watching(server, 1) as after:
        after.seen = before.seen
        after.look()
        second = after.submit()
        assert until(lambda: after.ended(second))
    server.stop()
