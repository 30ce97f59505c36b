"""A transport that a single dropped connection does not stop."""

from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse, Transport
from mock_mindvideo.contract.problems import Unreachable


class Persistent:
    """Sends a request once more where its connection was dropped.

    Stands before the limit of the budget, so that the second try is counted as a request too.
    """

    def __init__(self, inner: Transport) -> None:
        self._inner = inner

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        """The answer; see `Transport.send`. Raises Unreachable where the second try fails too."""
        try:
            return self._inner.send(request, timeout)
        except Unreachable:
            return self._inner.send(request, timeout)
