"""The baseline: the least an ASGI application can do with a request.

It reads the whole body and answers a small JSON with a content-length. What uvicorn itself
costs is thereby in both sides of every ratio, and what is left over is the mock's own work.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]

ANSWER = b'{"request_id":"req_demo_model","task_id":"task_demo_model","status":"queued"}'
START: Message = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(ANSWER)).encode()),
    ],
}


async def read_body(receive: Callable[[], Awaitable[Message]]) -> bytes:
    """The request's body, whole."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    return body


async def app(
    _scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """Answer `ok` to everything."""
    await read_body(receive)
    await send(START)
    await send({"type": "http.response.body", "body": ANSWER})
