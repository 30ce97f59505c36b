"""Requests beside the API where the store may block: each in a thread, and in which."""

from collections import deque

from mock_mindvideo.domain.payload import LONG
from mock_mindvideo.web.answers import AsgiApp, Message, Receive, Scope, Send
from mock_mindvideo.web.cors import CONTROL
from mock_mindvideo.web.threads import ARRIVING, FOLLOWING, PROBING, REQUESTS, serve_in_thread

_PROBES = (f"{CONTROL}/live", f"{CONTROL}/ready")
_CHANGES = f"{CONTROL}/changes"


class Beginning:
    """What has come of a request before its thread is there, and then the rest of it."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._heard: deque[Message] = deque()

    async def hear(self) -> bool:
        """Wait for a body as long as it is short; whether all of it has come, or nobody is left."""
        size, more = 0, True
        while more and size <= LONG:
            message = await self._receive()
            self._heard.append(message)
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        return not more

    async def __call__(self) -> Message:
        return self._heard.popleft() if self._heard else await self._receive()


async def serve_aside(app: AsgiApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Let `app` answer in a thread. None waits for a short body; those for long ones are others.

    So whoever does not send, or listens for ever, takes no thread from anybody else.
    """
    beginning = Beginning(receive)
    if scope["path"].endswith(_PROBES):
        pool = PROBING
    elif scope["path"].endswith(_CHANGES):
        pool = FOLLOWING
    elif _is_asked_for(scope) or not await beginning.hear():
        pool = ARRIVING
    else:
        pool = REQUESTS
    await serve_in_thread(app, scope, beginning, send, pool)


def _is_asked_for(scope: Scope) -> bool:
    """Whether the body comes only once its head was looked at (RFC 9110, 10.1.1)."""
    return any(name == b"expect" for name, _ in scope["headers"])
