"""Sending a webhook: the one connection that the mock opens by itself, and where to."""

import http.client
import socket
from collections.abc import Collection, Mapping
from contextlib import closing, suppress
from urllib.parse import urlsplit

from mock_mindvideo.domain.hosts import is_own_address


class NotTaken(Exception):
    """A message that nobody took; the text says why."""


class Sender:
    """Sends one message after the other. `allowed` are names of hosts beside this machine's."""

    def __init__(self, allowed: Collection[str]) -> None:
        self.over = False
        self._allowed = allowed
        self._open: http.client.HTTPConnection | None = None

    def post(self, url: str, headers: Mapping[str, str], body: bytes, timeout: float) -> int:
        """Send it and give the status; redirects are not followed, the answer's body not read.

        Raises NotTaken.
        """
        parts = urlsplit(url)
        host, target = parts.hostname or "", parts.path or "/"
        self._check(host)
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        with closing(kind(host, parts.port, timeout=timeout)) as self._open:
            try:
                self._open.request(
                    "POST",
                    f"{target}?{parts.query}" if parts.query else target,
                    body,
                    dict(headers),
                )
                return self._open.getresponse().status
            except (OSError, http.client.HTTPException) as problem:
                why = str(problem) or type(problem).__name__
                raise NotTaken(f"{host} did not answer: {why}") from None

    def stop(self) -> None:
        """Send nothing more, and wait for no answer; from any thread."""
        self.over = True
        if self._open is not None and self._open.sock is not None:
            with suppress(OSError):  # it is closed already
                self._open.sock.shutdown(socket.SHUT_RDWR)

    def _check(self, host: str) -> None:
        if host not in self._allowed and not leads_here(host):
            raise NotTaken(
                f"{host} is another machine: webhooks go there only if --webhook-host names it"
            )


def leads_here(host: str) -> bool:
    """Whether every address of a name is one of this machine; the name is looked up."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    addresses = [str(each[4][0]).partition("%")[0] for each in found]
    return bool(addresses) and all(map(is_own_address, addresses))
