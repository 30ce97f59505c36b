"""A transport over the network, with httpx: no redirects, no repeats, streams with a deadline."""

import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse
from mock_mindvideo.contract.problems import TargetError, Unreachable
from mock_mindvideo.system.files import read_file

#: Bytes of an answer that are read; nothing the API says is longer.
MOST_BYTES = 16 * 1024 * 1024

#: Seconds without a byte after which an answer is given up; streams send a comment every 15.
SILENCE = 30


#: Seconds that a stream has to close after its last event.
GRACE = 1.0

#: Whether an answer, as far as it has come, is a stream that has told its last event.
Ended = Callable[[HttpResponse], bool]


class HttpTransport:
    """Sends to a real server. `direct` ignores the environment's proxies, for loopback.

    `cacert` is a file of certificates to trust in place of the usual ones; without it, those that
    SSL_CERT_FILE or SSL_CERT_DIR name. A stream for which `ended` is true is not waited for longer
    than a moment. Raises TargetError for a proxy or certificates that cannot be used.
    """

    def __init__(
        self, *, direct: bool = False, cacert: Path | None = None, ended: Ended | None = None
    ) -> None:
        self._ended = ended
        certificates = trusted(cacert)
        try:
            self._client = httpx.Client(
                trust_env=not direct, follow_redirects=False, verify=certificates or True
            )
        except (httpx.InvalidURL, ImportError, OSError, ValueError) as problem:
            raise TargetError(f"the proxy of the environment cannot be used: {problem}") from None

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        """The answer; see `Transport.send`."""
        deadline = time.monotonic() + timeout
        try:
            with self._client.stream(
                request.method,
                request.url,
                headers=dict(request.headers),
                content=request.body,
                timeout=httpx.Timeout(min(max(timeout, 0.05), SILENCE)),
            ) as answer:
                return _read(answer, deadline, self._ended)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as problem:
            why = str(problem) or type(problem).__name__
            raise Unreachable(f"{request.method} {request.url}: {why}") from None

    def close(self) -> None:
        """Close its connections."""
        self._client.close()


def _read(answer: httpx.Response, deadline: float, ended: Ended | None) -> HttpResponse:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    body = bytearray()

    def so_far(complete: bool) -> HttpResponse:
        return HttpResponse(answer.status_code, headers, bytes(body), complete)

    with _closing(answer) as close:
        try:
            for chunk in answer.iter_bytes():
                body += chunk
                if time.monotonic() > deadline or len(body) > MOST_BYTES:
                    return so_far(complete=False)
                if ended and ended(so_far(complete=False)):
                    close()
        except httpx.ReadTimeout:
            return so_far(complete=False)
        except httpx.HTTPError:
            if not close.closed:
                raise
        return so_far(complete=not close.closed)


class _Close:
    """Closes an answer's connection a moment after it is called."""

    def __init__(self, answer: httpx.Response) -> None:
        self._stream = answer.extensions.get("network_stream")
        self._timer: threading.Timer | None = None
        self.closed = False

    def __call__(self) -> None:
        if self._timer is None and self._stream is not None:
            self._timer = threading.Timer(GRACE, self._shut)
            self._timer.daemon = True
            self._timer.start()

    def cancel(self) -> None:
        """The answer has ended by itself."""
        if self._timer:
            self._timer.cancel()

    def _shut(self) -> None:
        self.closed = True
        if self._stream:
            with suppress(OSError):
                self._stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


@contextmanager
def _closing(answer: httpx.Response) -> Iterator[_Close]:
    close = _Close(answer)
    try:
        yield close
    finally:
        close.cancel()


def trusted(cacert: Path | None) -> ssl.SSLContext | None:
    """The certificates that were named, by the option or by the environment; else None."""
    file = cacert or os.environ.get("SSL_CERT_FILE") or None
    folder = None if cacert else os.environ.get("SSL_CERT_DIR") or None
    if file is None and folder is None:
        return None
    try:
        named = None if file is None else _certificates(Path(file))
        return ssl.create_default_context(capath=folder, cadata=named)
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", None) or problem
        option = "--cacert" if cacert else "SSL_CERT_FILE"
        place = file or folder
        raise TargetError(f"{option} {place}: no certificates can be read: {why}") from None


def _certificates(file: Path) -> str:
    """The text of the file, without other signs; never empty, which would mean the usual ones."""
    return read_file(file).decode("ascii", "ignore") or "\n"
