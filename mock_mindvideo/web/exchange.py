"""One request to the emulated API, and what becomes known of it on the way."""

import time

from mock_mindvideo.domain.dialect import Dialect
from mock_mindvideo.domain.dialect.extensions import Extension
from mock_mindvideo.domain.errors import (
    InvalidRequest,
    UnsupportedMediaType,
)
from mock_mindvideo.domain.fault import NO_FAULT, Fault
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.script import Script, together
from mock_mindvideo.domain.world import WorldState
from mock_mindvideo.web.answers import Scope, new_request_id
from mock_mindvideo.web.headers import IDEMPOTENCY_KEY, is_json
from mock_mindvideo.web.incoming import no_room, too_large
from mock_mindvideo.web.steps import NeedBody, Steps
from mock_mindvideo.worlds import World
from mock_mindvideo.worlds.orders import Order

#: Before it is known to which endpoint a request goes, and if it goes to none.
NO_ENDPOINT = "none"


class Exchange:
    """A request. Header names are lower case; values are text, one character a byte.

    `state` is the world's as the request came, None once that may be over.
    `began` is the value of `time.perf_counter` as it came, `at` the moment of the world's time at
    which it was looked at. `streams` says that events are wanted as a stream, `begun` that it has
    begun. `extension` is what it is for, if that is no documented endpoint. `order` is what the
    body says, once it was read. `fired` is the script that disturbs the answer, `script` the one
    that came with the request for its task's plan, `plan` the text of the one that decided the plan
    of its new task; `replayed` says that there was one already.
    All of it is answered in the `dialect` that was in force as it came.
    `fields` are the headers by name, the last of each.
    """

    __slots__ = (
        "_here", "advice", "at", "began", "begun", "body", "dialect", "endpoint", "extension",
        "fields", "fired", "method", "order", "path", "plan", "replayed", "request_id", "scope",
        "script", "state", "streams", "task_id", "world",
    )  # fmt: skip

    def __init__(
        self,
        scope: Scope,
        dialect: Dialect,
        body: bytes | None = None,
        fields: dict[bytes, bytes] | None = None,
    ) -> None:
        self.scope = scope
        self.dialect = dialect
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.body = body or b""
        self.began = time.perf_counter()
        self.request_id = new_request_id(dialect.ids)
        self.world: World | None = None
        self.state: WorldState | None = None
        self.endpoint: str = NO_ENDPOINT
        self.streams = self.begun = self.replayed = False
        self.at: Instant | None = None
        self.task_id: str | None = None
        self.extension: Extension | None = None
        self.advice: tuple[str, ...] = ()
        self.order: Order | None = None
        self.script: Script | None = None
        self.fired: Script | None = None
        self.plan: str | None = None
        self._here = body is not None
        self.fields: dict[bytes, bytes] = fields or dict(scope["headers"])

    @property
    def fault(self) -> Fault:
        """What disturbs the answer."""
        return (self.fired and self.fired.fault) or NO_FAULT

    @property
    def scripts(self) -> str | None:
        """The scripts that were at work, as one text."""
        disturbing = self.fired.text if self.fired is not None else None
        if self.plan is None or disturbing in (None, self.plan):
            return self.plan or disturbing
        return together(self.plan, disturbing)

    @property
    def idempotency_key(self) -> str | None:
        return self.header(IDEMPOTENCY_KEY)

    def begins_stream(self, status: int) -> bool:
        """Whether an answer of that status goes on as a stream."""
        return self.streams and status == 200

    @property
    def streaming(self) -> bool:
        """Whether events are sent as they happen: an answer to HEAD has none."""
        return self.streams and self.method == "GET"

    @property
    def raw_path(self) -> bytes:
        """The path as it was sent; empty if the server does not tell."""
        return self.scope.get("raw_path") or b""

    @property
    def accept(self) -> str:
        """What the client accepts, all lines of it as one."""
        lines = [value for name, value in self.scope["headers"] if name == b"accept"]
        return b",".join(lines).decode("latin-1")

    def header(self, name: bytes) -> str | None:
        value = self.fields.get(name)
        return None if value is None else value.decode("latin-1")

    def check_media_type(self) -> None:
        """Raise UnsupportedMediaType unless the body is plain JSON in UTF-8."""
        sent = self.fields.get(b"content-type")
        if sent is None or not is_json(sent):
            shown = f"it is {sent[:100].decode('latin-1')!r}" if sent else "it is missing"
            raise UnsupportedMediaType(f"Content-Type must be application/json; {shown}")
        if self.fields.get(b"content-encoding") not in (None, b"", b"identity"):
            raise UnsupportedMediaType("Content-Encoding is not supported; send the JSON as it is")

    def read_body(self, most: int) -> Steps[None]:
        """Have the whole body in `body`.

        Raises PayloadTooLarge once it is known to be over `most` bytes, before the rest is read;
        asked again, the same. Raises Unavailable where there is no room for it.
        """
        if not self._here:
            announced = self.fields.get(b"content-length", b"")
            if announced.isdigit() and int(announced[:20]) > most:
                raise too_large(most)
            self.state = None
            body = yield NeedBody()
            if body is None:
                raise no_room()
            self.body, self._here = body, True
        if len(self.body) > most:
            raise too_large(most)


def invalid_script(problem: str) -> InvalidRequest:
    """The refusal of a script in a header that cannot be read."""
    return InvalidRequest(f"X-Mock-Script: {problem}")
