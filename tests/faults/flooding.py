"""A client that floods: polls on many connections, on each as soon as it is answered.

`python -m tests.faults.flooding PORT API_KEY TASK_ID CONNECTIONS` does so until its standard input
is closed, and prints how many polls were answered.
"""

import asyncio
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import PIPE, Popen

import uvloop

from tests.faults.client import TASKS


async def flood(port: int, key: str, task_id: str, connections: int) -> int:
    """Until nobody is at the other end of the standard input."""
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    request = (
        f"GET {TASKS}/{task_id} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n\r\n"
    ).encode()

    async def poll() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        answered = 0
        while not over.is_set():
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 "), head
            lines = dict(line.split(b": ") for line in head.strip().splitlines()[1:])
            await reader.readexactly(int(lines[b"content-length"]))
            answered += 1
        writer.close()
        return answered

    polling = [asyncio.ensure_future(poll()) for _ in range(connections)]
    print("flooding", flush=True)
    return sum(await asyncio.gather(*polling))


@contextmanager
def flooded(port: int, key: str, task_id: str, connections: int) -> Iterator[None]:
    """A process that floods the server on `port` as long as the block takes."""
    given = (str(port), key, task_id, str(connections))
    command = [sys.executable, "-m", "tests.faults.flooding", *given]
    with Popen(command, stdin=PIPE, stdout=PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"flooding\n"
        yield
        process.stdin.close()
        process.stdout.read()  # how many were answered, until it ends


if __name__ == "__main__":
    given = sys.argv
    print(uvloop.run(flood(int(given[1]), given[2], given[3], int(given[4]))))
