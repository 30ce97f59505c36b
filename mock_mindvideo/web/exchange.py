"""One request to the emulated API, and what becomes known of it on the way."""

from mock_mindvideo.domain.errors import InvalidRequest, PayloadTooLarge, UnsupportedMediaType
from mock_mindvideo.domain.fault import NO_FAULT, Fault
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.script import Script
from mock_mindvideo.web.answers import Receive, Scope, new_request_id
from mock_mindvideo.web.headers import is_json
from mock_mindvideo.worlds import World


class ClientGone(Exception):
    """The client closed the connection before its request was whole; nobody is left to answer."""


class Exchange:
    """A request. Header names are lower case; values are text, one character a byte."""

    __slots__ = (
        "_headers",
        "_refusal",
        "advice",
        "at",
        "body",
        "fired",
        "method",
        "path",
        "receive",
        "request_id",
        "scope",
        "script",
        "task_id",
        "world",
    )

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.receive = receive
        self.request_id = new_request_id()
        self.world: World | None = None
        self.at: Instant | None = None
        self.task_id: str | None = None
        self.body = b""
        self.advice: tuple[str, ...] = ()
        self.script: Script | None = None
        self.fired: Script | None = None
        self._refusal: PayloadTooLarge | None = None
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
        announced = self.header(b"content-length")
        if announced is not None and announced.isdecimal() and int(announced[:20]) > most:
            raise too_large(most)
        message = await self.receive()
        chunks = [message.get("body", b"")]
        size = len(chunks[0])
        while message.get("more_body", False):
            if size > most:
                raise too_large(most)
            message = await self.receive()
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
        if message["type"] == "http.disconnect":
            raise ClientGone
        if size > most:
            raise too_large(most)
        return b"".join(chunks)


def too_large(most: int) -> PayloadTooLarge:
    """The refusal of a body over `most` bytes."""
    return PayloadTooLarge(f"the body is over {most} bytes; pass large files as hosted URLs")


def invalid_script(problem: str) -> InvalidRequest:
    """The refusal of a script in a header that cannot be read."""
    return InvalidRequest(f"X-Mock-Script: {problem}")
