"""uvicorn's supervisor of several processes; `uvicorn.can_supervise` says whether it can be had."""

import logging
import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from socket import socket
from threading import Timer

import uvicorn
from uvicorn.supervisors import Multiprocess

from mock_mindvideo.fences.uvicorn import ABORT, HASTEN

#: Names of its processes: what a worker answers by, of which the supervisor holds an end too.
ANSWERING = "child_conn"

_ENDING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]

logger = logging.getLogger("mock_mindvideo")


class Supervisor(Multiprocess):
    """Ends with its workers when told by any signal, in order, by force after `most` seconds.

    A first signal lets them drain, an interruption without waiting for streams; a second one ends
    them at once.
    """

    def __init__(self, config: uvicorn.Config, listening: socket, most: float) -> None:
        super().__init__(config, sockets=[listening])
        self._most = most
        self._told = 0
        self._hasty = False

    def init_processes(self) -> None:
        super().init_processes()
        self._leave_their_ends()

    def keep_subprocess_alive(self) -> None:
        super().keep_subprocess_alive()
        self._leave_their_ends()

    def _leave_their_ends(self) -> None:
        """Hold no worker's end of its line, so that the line ends when the worker does.

        Who asks a worker that is killed before it answers would wait for it to the last moment.
        """
        for each in self.processes:
            if (end := getattr(each, ANSWERING, None)) is not None:
                end.close()

    def handle_hup(self) -> None:
        self.handle_term()

    def handle_int(self) -> None:
        self._hasty = True
        self.handle_term()

    def handle_term(self) -> None:
        self._told += 1
        super().handle_term()

    def terminate_all(self) -> None:
        for sig in _ENDING:  # the loop that reads them is over
            signal.signal(sig, lambda *_: _tell_workers(ABORT))
        end = Timer(self._most, self._kill_all)
        end.daemon = True
        end.start()
        super().terminate_all()
        if self._hasty:
            _tell_workers(HASTEN)
        if self._told > 1:
            _tell_workers(ABORT)

    def _kill_all(self) -> None:
        logger.error("workers did not stop within %g s; they are ended by force", self._most)
        for each in multiprocessing.active_children():
            each.kill()


def _tell_workers(what: signal.Signals | None) -> None:
    for each in multiprocessing.active_children():
        if what is not None and each.pid is not None:
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(each.pid, what)


def supervise(
    config: uvicorn.Config, listening: socket, ready: Callable[[], None], most: float
) -> None:
    """Run `config.workers` processes until a signal ends them, by force after `most` seconds.

    `ready` is called when signals are heard, before the processes are there.
    """
    supervisor = Supervisor(config, listening, most)
    ready()
    supervisor.run()
