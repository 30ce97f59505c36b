"""A request and its answer, and what takes one to the other."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What is sent. Header names are lower case; `parameters` are `path.NAME` and `query.NAME`."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None
    value: Any = None
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HttpResponse:
    """What came back. Header names are lower case; `complete` unless time ran out under it."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    complete: bool = True

    @property
    def media_type(self) -> str:
        """The media type without parameters, lower case; empty where none was named."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property  # each criterion asks for it
    def value(self) -> Any:
        """The body as a JSON value where it can be read as one, whatever it is called; or as text.

        What is not called JSON must hold an object or a list, so that a text stays one.
        """
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return self.text
        named = self.media_type == JSON or self.media_type.endswith("+json")
        return value if named or isinstance(value, dict | list) else self.text

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Roundtrip:
    """One request with its answer."""

    request: HttpRequest
    response: HttpResponse


class Transport(Protocol):
    """What answers requests: a client of a real server, or an application in this process."""

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        """The answer within `timeout` seconds.

        A stream that has not ended by then is given as far as it came, `complete` false.
        Raises Unreachable if there was none. Never follows a redirect; sends a request twice only
        where it says so.
        """
