"""A transport over the network, with httpx: no redirects, no repeats, streams with a deadline."""

import time

import httpx

from mock_mindvideo.contract.exchange import Request, Response
from mock_mindvideo.contract.problems import TargetError, Unreachable

#: Bytes of an answer that are read; nothing the API says is longer.
MOST_BYTES = 16 * 1024 * 1024

#: Seconds without a byte after which an answer is given up; streams send a comment every 15.
SILENCE = 30


class HttpTransport:
    """Sends to a real server. `direct` ignores the environment's proxies, for loopback.

    Raises TargetError where the environment names a proxy that cannot be used.
    """

    def __init__(self, *, direct: bool = False) -> None:
        try:
            self._client = httpx.Client(trust_env=not direct, follow_redirects=False)
        except (httpx.InvalidURL, ImportError, OSError, ValueError) as problem:
            raise TargetError(f"the proxy of the environment cannot be used: {problem}") from None

    def send(self, request: Request, timeout: float) -> Response:
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
                return _read(answer, deadline)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as problem:
            why = str(problem) or type(problem).__name__
            raise Unreachable(f"{request.method} {request.url}: {why}") from None

    def close(self) -> None:
        """Close its connections."""
        self._client.close()


def _read(answer: httpx.Response, deadline: float) -> Response:
    body = bytearray()
    complete = True
    try:
        for chunk in answer.iter_bytes():
            body += chunk
            if time.monotonic() > deadline or len(body) > MOST_BYTES:
                complete = False
                break
    except httpx.ReadTimeout:
        complete = False
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Response(answer.status_code, headers, bytes(body), complete)
