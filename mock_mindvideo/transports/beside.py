"""What stands beside the emulated API, in process: the control plane, and files.

Both are Starlette's, and answer whole. The control plane never waits, so it is run without an
event loop; files are rendered in threads and read from disk, so they get one.
"""

from collections.abc import Coroutine
from functools import cache
from threading import Thread
from typing import TYPE_CHECKING, Any

from mock_mindvideo.system.later import Later
from mock_mindvideo.web.answers import Message, Scope
from mock_mindvideo.web.app import App
from mock_mindvideo.web.entrance import first_look
from mock_mindvideo.web.links import MEDIA
from mock_mindvideo.web.scope import IN_ONE
from mock_mindvideo.web.steps import Steps, Whole

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = Later("asyncio")

_WITH_LOOP = (MEDIA, "/_mock/uploads")


def beside(app: App, scope: Scope, body: bytes) -> Steps[Whole]:
    """Handles one request, without a step."""
    yield from ()
    exchange = _Exchange(body)
    serving = _serve(app, scope, exchange)
    if scope["path"].startswith(_WITH_LOOP):
        asyncio.run_coroutine_threadsafe(serving, _loop()).result()
    else:
        _run(serving)
    return exchange.answer


async def _serve(app: App, scope: Scope, exchange: "_Exchange") -> None:
    """Have the request answered in this thread, where a store may block."""
    if (answer := first_look(scope, app.dialect)) is not None:
        await answer.send(exchange.send)
    else:
        scope.setdefault("extensions", {})[IN_ONE] = {}
        await app.beside(scope, exchange.receive, exchange.send)


class _Exchange:
    """Gives the application a request, and collects the answer."""

    def __init__(self, body: bytes) -> None:
        self._request: Message = {"type": "http.request", "body": body, "more_body": False}
        self._asked = False
        self._head: Message = {}
        self._pieces: list[bytes] = []

    @property
    def answer(self) -> Whole:
        """The whole answer, once the application has ended."""
        return Whole(self._head["status"], self._head["headers"], b"".join(self._pieces))

    async def receive(self) -> Message:
        if self._asked:
            await asyncio.Event().wait()  # a client that stays until it has its answer
        self._asked = True
        return self._request

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._head = message
        else:
            self._pieces.append(message.get("body", b""))


def _run(serving: Coroutine[Any, Any, None]) -> None:
    """Run what only suspends to let others be served, of whom there are none.

    Raises RuntimeError if it waits for something.
    """
    try:
        while serving.send(None) is None:
            pass  # it goes on at once
    except StopIteration:
        return
    serving.close()
    raise RuntimeError("the control plane suspended, where no event loop runs it")


@cache
def _loop() -> "asyncio.AbstractEventLoop":
    """One loop for the process, in a thread that ends with it."""
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="mock-mindvideo-loop", daemon=True).start()
    return loop
