"""`mock-mindvideo serve` as a process, and which of its processes owns a connection."""

import os
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

#: Seconds after which a server that did not start, or stop, fails the test.
PATIENCE = 60

#: Columns of /proc/net/tcp, and of /proc/PID/stat counted after the command's name.
LOCAL, REMOTE, INODE = 1, 2, 9
PARENT = 1

#: Numbers of the system calls that wait for a pipe: poll and ppoll, of x86_64 and aarch64.
POLLING = ("7", "271", "73")


class Server:
    """One running server, in a session of its own so that a crash takes its workers too."""

    def __init__(self, folder: Path, *options: str, environ: Mapping[str, str] = {}) -> None:
        self.workers = 1
        self.log = folder / "server.log"
        command = [sys.executable, "-m", "mock_mindvideo", "serve", "--port", "0"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--log-level", "warning", *options],
                stdout=subprocess.PIPE,
                stderr=log,
                env={**_environment(), **environ},
                start_new_session=True,
                preexec_fn=_as_in_a_terminal,  # noqa: PLW1509 - it sets one signal
            )
        self.port = int(self._first_line().rpartition(":")[2])

    def _first_line(self) -> str:
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as ready:
            ready.register(self.process.stdout, selectors.EVENT_READ)
            line = self.process.stdout.readline().decode() if ready.select(PATIENCE) else ""
        if "listening on" not in line:
            self.kill()
            raise AssertionError(f"no listening line but {line!r}; {self.log.read_text()}")
        return line

    def kill(self) -> None:
        """End every process of the server as a crash would."""
        with suppress(ProcessLookupError):  # all of them have ended
            os.killpg(self.process.pid, signal.SIGKILL)
        self._leave()

    def kill_one(self, worker: int) -> None:
        """End one of the server's processes as a crash would."""
        assert worker in self.processes() - {self.process.pid}
        os.kill(worker, signal.SIGKILL)

    def suspend_one(self, worker: int) -> None:
        """Let one of the server's processes stand still."""
        assert worker in self.processes() - {self.process.pid}
        os.kill(worker, signal.SIGSTOP)

    def asks_a_worker(self) -> bool:
        """Whether the supervisor waits for the answer of one of its workers."""
        return Path(f"/proc/{self.process.pid}/syscall").read_text().split()[0] in POLLING

    def interrupt(self) -> int:
        """Stop it as Ctrl-C in a terminal does, which every process hears; its exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self._leave()

    def stop(self) -> int:
        """Stop it as a supervisor does; its exit code."""
        self.process.terminate()
        return self._leave()

    def _leave(self) -> int:
        code = self.process.wait(PATIENCE)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code

    def processes(self) -> set[int]:
        """The server's own PID and those of its workers."""
        return {self.process.pid, *_children(self.process.pid)}

    def owner(self, connection: socket.socket) -> int:
        """The PID of the process that accepted a client's connection, as the kernel has it.

        Raises LookupError where none has yet.
        """
        name = f"socket:[{_inode(connection)}]"
        owners = [pid for pid in self.processes() if name in _descriptors(pid)]
        if len(owners) != 1:  # between the kernel's table and the process, or two share it
            raise LookupError(f"{owners} have {name}")
        return owners[0]


def _as_in_a_terminal() -> None:
    """Hear SIGHUP, which `nohup` has all that it starts ignore."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def _environment() -> Mapping[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("MOCK_MINDVIDEO_")}


def _children(parent: int) -> Iterator[int]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # the process has ended
            continue
        if int(fields[PARENT]) == parent:
            yield int(stat.parent.name)


def _inode(connection: socket.socket) -> str:
    """The server's end of the connection in the kernel's table."""
    ends = connection.getpeername()[1], connection.getsockname()[1]
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if (_port(fields[LOCAL]), _port(fields[REMOTE])) == ends and fields[INODE] != "0":
            return fields[INODE]
    raise LookupError(f"nobody has accepted {ends}")


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def _descriptors(pid: int) -> set[str]:
    found = set()
    with suppress(FileNotFoundError):  # the process has ended
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile
                found.add(str(descriptor.readlink()))
    return found
