"""Another client: polls one task all the time, in a process of its own, and says how long it took.

`python -m tests.faults.bystander PORT API_KEY TASK_ID POLLS` polls until its standard input is
closed, and at least so often, and prints `{"polls": …, "p50": ms, "p99": ms, "longest": ms}`.
"""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass
class Waits:
    """How long polls took, in milliseconds; there once the bystander has left."""

    polls: int = 0
    p50: float = 0.0
    p99: float = 0.0
    longest: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.polls} polls, p50 {self.p50:.1f}, p99 {self.p99:.1f},"
            f" longest {self.longest:.1f} ms"
        )


@contextmanager
def standing_by(port: int, api_key: str, task_id: str, polls: int = 1) -> Iterator[Waits]:
    """A bystander as long as the block takes, or so many polls; it is told its waits afterwards."""
    given = [str(port), api_key, task_id, str(polls)]
    command = [sys.executable, "-m", "tests.faults.bystander", *given]
    waits = Waits()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == b"polling\n"
        yield waits
        process.stdin.close()
        vars(waits).update(json.loads(process.stdout.read()))


def main(port: str, api_key: str, task_id: str, polls: str) -> None:
    """Poll until nobody is at the other end of the standard input, and at least so often."""
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=120)
    headers = {"Authorization": f"Bearer {api_key}"}
    took = [_poll(connection, task_id, headers)]
    print("polling", flush=True)
    while not over.wait(0.001) or len(took) < int(
        polls
    ):  # a client that only polls would itself be the load
        took.append(_poll(connection, task_id, headers))
    *_, p99 = quantiles(took, n=100, method="inclusive")
    found = {"polls": len(took), "p50": median(took), "p99": p99, "longest": max(took)}
    print(json.dumps(found))


def _poll(connection: http.client.HTTPConnection, task_id: str, headers: dict[str, str]) -> float:
    began = time.perf_counter()
    connection.request("GET", f"/api/v1/tasks/{task_id}", headers=headers)
    response = connection.getresponse()
    response.read()
    assert response.status == 200, response.status
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main(*sys.argv[1:])
