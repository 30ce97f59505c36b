"""Answers: a status, a body, headers; and the one envelope of every refusal."""

import random
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from mock_mindvideo.domain.dialect import Dialect, IdForms
from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.web.headers import JSON, Headers, ascii_value, content_type

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_LINE_ENDS = tuple(
    (character.encode(), b"\\u%04x" % ord(character)) for character in "\u2028\u2029\u0085"
)

# Not `random.randbytes`: a test suite seeds that one, and ids would repeat.
_random = random.Random()  # noqa: S311 - an id, not a secret


@dataclass(slots=True)
class Answer:
    """A whole answer. `code` is the error's, for the log and the journal."""

    status: int
    body: bytes = b""
    headers: Headers = field(default_factory=list)
    code: str | None = None

    async def send(self, send: Send, *extra: tuple[bytes, bytes]) -> None:
        """Send it, with its length and `extra` headers."""
        headers = self.framed(extra)
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})

    def framed(self, extra: Iterable[tuple[bytes, bytes]]) -> Headers:
        """The headers with `extra` ones and the length."""
        headers = [*self.headers, *extra]
        if self.status != 204:
            headers.append((b"content-length", b"%d" % len(self.body)))
        return headers


#: No answer: the connection breaks instead.
LOST = Answer(0, code="dropped")


def new_request_id(forms: IdForms) -> str:
    """An id for one request."""
    return forms.of_request(f"{_random.getrandbits(96):024x}")


def json_bytes(value: object) -> bytes:
    """`value` as JSON on one line, wherever it is cut into lines.

    U+2028, U+2029 and U+0085 may stand in JSON as they are, but Python's line iterators cut there.
    """
    text = orjson.dumps(value)
    if text.isascii():
        return text
    for character, escaped in _LINE_ENDS:
        text = text.replace(character, escaped)
    return text


def json_answer(
    status: int, value: object, *headers: tuple[bytes, bytes], kind: tuple[bytes, bytes] = JSON
) -> Answer:
    """An answer with a JSON body; `kind` says of what media type."""
    return Answer(status, json_bytes(value), [kind, *headers])


def error_answer(error: MockError, request_id: str, dialect: Dialect) -> Answer:
    """The refusal as the dialect words it; its code is the mock's own."""
    said = dialect.refusals
    body = said.body(error, request_id)
    sent = body.encode() if isinstance(body, str) else json_bytes(body)
    kind = [content_type(said.media_type)] if said.media_type else []
    answer = Answer(said.status(error), sent, kind)
    answer.headers += [
        (name.lower().encode(), ascii_value(value)) for name, value in said.header_lines(error)
    ]
    answer.code = error.code
    return answer
