"""One recorded exchange, whatever recorded it, and what can be found wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from mock_mindvideo.platform import PLATFORM

#: The API's paths, also behind a proxy that keeps a prefix of its own.
_API = re.compile(f".*?({PLATFORM.paths.anywhere})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An exchange with the API. Header names are lower case.

    `pointer` leads to the entry in its file, `places` to its parts from there. `answer` is None
    where the recording does not have the body, `answer_headers` where it does not have headers;
    `status` is 0 where no answer came. `at` is when it began, in seconds, and `until` when it was
    over. `disturbed` if the mock says that it did so on purpose.
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
    at: float
    until: float
    places: Mapping[str, str]
    raw: Any
    disturbed: bool = False

    @property
    def path(self) -> str:
        """The path without a proxy's prefix."""
        return api_path(self.url) or urlsplit(self.url).path

    @property
    def submits(self) -> bool:
        """Whether it is the request that makes a task."""
        return self.method == "POST" and self.path == PLATFORM.paths.submit


@dataclass(frozen=True, slots=True)
class TrafficFinding:
    """One thing that is wrong. `side` says whose doing it is; `proves` are the facts broken.

    It is an error where it goes against what the vendor documents, and a warning otherwise.
    """

    number: int
    pointer: str
    side: Literal["request", "answer", "history", "idempotency", "key"]
    message: str
    proves: tuple[str, ...]
    advice: bool = False

    @property
    def severity(self) -> Literal["error", "warning"]:
        documented = any(fact.startswith("D") for fact in self.proves)
        return "error" if documented and not self.advice else "warning"


def api_path(url: str) -> str | None:
    """The path of the API in a URL; None for any other."""
    try:
        found = _API.fullmatch(urlsplit(url).path)
    except ValueError:
        return None
    return found[1] if found else None


def is_api(method: str, url: str) -> bool:
    """Whether a request is for the API at all; a browser's preflight is not."""
    return method != "OPTIONS" and api_path(url) is not None
