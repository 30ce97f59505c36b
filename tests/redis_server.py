"""A real Redis for tests: on a free port, with its append-only file on, in a folder of its own."""

import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from mock_mindvideo.domain.place import RedisAddress, read_place
from tests.ports import free_port

#: Seconds that a server may take to answer first.
PATIENCE = 120


#: Ports that are tried.
ATTEMPTS = 5


class PortTaken(Exception):
    """The server has ended at once; its log."""


class RedisServer:
    """A server that can be killed, stopped and started again on the same port and files."""

    def __init__(
        self,
        folder: Path,
        *options: str,
        password: str | None = None,
        sentinel_of: "RedisServer | None" = None,
    ) -> None:
        self.folder = folder
        self.password = password
        self._master = sentinel_of
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        for attempt in range(ATTEMPTS):
            self.port = free_port()
            try:
                self.start()
                return
            except PortTaken:  # by somebody who looked for a free one at the same moment
                if attempt == ATTEMPTS - 1:
                    raise

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def address(self) -> RedisAddress:
        return address(self.url)

    def start(self) -> None:
        command = [*self._command(), "--port", str(self.port), "--bind", "127.0.0.1"]
        command += [*("--dir", str(self.folder), "--loglevel", "warning"), *self._options]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        self.wait()

    def _command(self) -> list[str]:
        if self._master is None:
            known = ["--requirepass", self.password] if self.password else []
            return [program(), "--save", "", "--appendonly", "yes", *known]
        file = self.folder / "sentinel.conf"
        known = f"requirepass {self.password}\n" if self.password else ""
        file.write_text(
            f"{known}sentinel monitor main 127.0.0.1 {self._master.port} 2\n"
            "sentinel down-after-milliseconds main 2000\nsentinel failover-timeout main 2000\n"
        )
        return [program(), str(file), "--sentinel"]

    def wait(self) -> None:
        """Until it answers, and has read its files."""
        from redis.exceptions import ConnectionError  # noqa: PLC0415 - as below

        until = time.monotonic() + PATIENCE
        while True:
            try:
                with self.client() as client:
                    client.ping()
                return
            except ConnectionError:
                if self._process is None or self._process.poll() is not None:
                    raise PortTaken((self.folder / "log").read_text()) from None
                assert time.monotonic() < until, "Redis does not answer"
                time.sleep(0.01)  # it tells nobody when it is ready

    def client(self, db: int = 0) -> Any:
        import redis  # noqa: PLC0415 - takes a second, and few processes need it

        return redis.Redis(port=self.port, db=db, password=self.password, protocol=2)

    def empty(self) -> None:
        """Take out all that is in it."""
        with self.client() as client:
            client.flushall()

    def kill(self) -> None:
        """As a machine does that loses its process."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(30)

    def signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def __enter__(self) -> "RedisServer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)


def address(url: str) -> RedisAddress:
    """The address that a URL names."""
    found = read_place(url).address
    assert found is not None
    return found


def program() -> str:
    """The server's program, which `.ci/run` installs; installed here where that can be done."""
    found = shutil.which("redis-server")
    if found is None:
        install = "apt-get update -qq && apt-get install -y -qq redis-server"
        subprocess.run(["sh", "-c", install], check=True, capture_output=True)
        found = shutil.which("redis-server")
    assert found is not None, "install redis-server"
    return found
