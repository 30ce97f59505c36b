"""One request to the emulated API, and what becomes known of it on the way."""

from mock_mindvideo.domain.errors import InvalidRequest, PayloadTooLarge, UnsupportedMediaType
from mock_mindvideo.domain.fault import NO_FAULT, Fault
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.script import Script
from mock_mindvideo.web.answers import Message, Receive, Scope, new_request_id
from mock_mindvideo.web.headers import is_json
from mock_mindvideo.worlds import World


class ClientGone(Exception):
    """The client closed the connection before its request was whole; nobody is left to answer."""


class Exchange:
    """A request. Header names are lower case; values are text, one character a byte.

    `at` is the moment of the world's time at which it was looked at. `fired` is the script that
    disturbs the answer, `planned` the text of the one that made the new task's plan.
    """

    world: World | None = None
    at: Instant | None = None
    task_id: str | None = None
    advice: tuple[str, ...] = ()
    script: Script | None = None
    fired: Script | None = None
    planned: str | None = None
    _refusal: PayloadTooLarge | None = None

    def __init__(self, scope: Scope, receive: Receive | None = None, body: bytes = b"") -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.body = body
        self.receive = receive or _nothing_more
        self.request_id = new_request_id()
        self._headers: dict[bytes, bytes] = dict(scope["headers"])

    @property
    def fault(self) -> Fault:
        """What disturbs the answer."""
        return (self.fired and self.fired.fault) or NO_FAULT

    @property
    def key(self) -> str | None:
        return self.header(b"idempotency-key")

    def header(self, name: bytes) -> str | None:
        value = self._headers.get(name)
        return None if value is None else value.decode("latin-1")

    def check_media_type(self) -> None:
        """Raise UnsupportedMediaType unless the body is plain JSON in UTF-8."""
        sent = self.header(b"content-type")
        if sent is None or not is_json(sent):
            shown = f"it is {sent[:100]!r}" if sent else "it is missing"
            raise UnsupportedMediaType(f"Content-Type must be application/json; {shown}")
        coding = self.header(b"content-encoding")
        if coding not in (None, "", "identity"):
            raise UnsupportedMediaType("Content-Encoding is not supported; send the JSON as it is")

    async def read_body(self, most: int) -> bytes:
        """The whole body; asked again, the same.

        Raises PayloadTooLarge once it is known to be over `most` bytes, before the rest is read,
        and ClientGone.
        """
        if self._refusal is not None:
            raise self._refusal
        if not self.body:
            try:
                self.body = await self._read(most)
            except PayloadTooLarge as refusal:
                self._refusal = refusal
                raise
        return self.body

    async def _read(self, most: int) -> bytes:
        announced = self._headers.get(b"content-length")
        if announced is not None and announced.isdigit() and int(announced[:20]) > most:
            raise too_large(most)
        message = await self.receive()
        body: bytes = message.get("body", b"")
        if message.get("more_body", False):
            body, message = await self._read_on(body, most)
        if message["type"] == "http.disconnect":
            raise ClientGone
        if len(body) > most:
            raise too_large(most)
        return body

    async def _read_on(self, first: bytes, most: int) -> tuple[bytes, Message]:
        """The rest of a body whose first piece is here, as far as it is not too large."""
        chunks, size, more = [first], len(first), True
        while more and size <= most:
            message = await self.receive()
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            more = message.get("more_body", False)
        return b"".join(chunks), message


async def _nothing_more() -> Message:
    return {"type": "http.disconnect"}


def too_large(most: int) -> PayloadTooLarge:
    """The refusal of a body over `most` bytes."""
    return PayloadTooLarge(f"the body is over {most} bytes; pass large files as hosted URLs")


def invalid_script(problem: str) -> InvalidRequest:
    """The refusal of a script in a header that cannot be read."""
    return InvalidRequest(f"X-Mock-Script: {problem}")
