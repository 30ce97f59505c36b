"""One recorded exchange, whatever recorded it, and what can be found wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

_API = re.compile(r"/api/v1/tasks(/.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An exchange with the API. Header names are lower case.

    `pointer` leads to the entry in its file, `places` to its parts from there. `answer` is None
    where the recording does not have the body, `answer_headers` where it does not have headers;
    `status` is 0 where no answer came. `disturbed` if the mock says that it did so on purpose.
    """

    number: int
    pointer: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: str | None
    status: int
    answer_headers: Mapping[str, str] | None
    answer: str | None
    at: str
    places: Mapping[str, str]
    raw: Any
    disturbed: bool = False

    @property
    def path(self) -> str:
        return urlsplit(self.url).path


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `side` says whose doing it is; `proves` are the facts broken."""

    number: int
    pointer: str
    side: Literal["request", "answer", "history", "idempotency", "key"]
    severity: Literal["error", "warning"]
    message: str
    proves: tuple[str, ...] = ()


def is_api(method: str, url: str) -> bool:
    """Whether a request is for the API at all; a browser's preflight is not."""
    return method != "OPTIONS" and _API.fullmatch(urlsplit(url).path) is not None
