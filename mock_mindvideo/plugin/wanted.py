"""Which requests an assertion means: a line, a body, headers, a status; and what comes nearest."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.plugin.comparison import differences, shown
from mock_mindvideo.plugin.records import RecordedRequest
from mock_mindvideo.system.frames import hidden

__tracebackhide__ = hidden
__unittest = True

_LINE = re.compile(r"(?:([A-Za-z]+)\s+)?(?:(https?)://([^/?#\s]+))?([/?]\S*)?", re.IGNORECASE)
_PLAIN = {"http": ":80", "https": ":443"}


class WantedError(ValueError):
    """An assertion that cannot be meant; the message says what could be."""


@dataclass(frozen=True)
class Wanted:
    """`POST /api/v1/tasks`, in any case, with a host where a URL names one; and the rest."""

    line: str
    json: object = None
    exactly: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None

    def __post_init__(self) -> None:
        if isinstance(self.exactly, bool | int):
            raise WantedError("exactly= takes the whole JSON body; times= says how often")
        if not self.line.strip() or _LINE.fullmatch(self.line.strip()) is None:
            raise WantedError(
                f"{self.line!r} is no request; expected one like 'POST {PLATFORM.paths.submit}'"
                " or a full URL"
            )

    def is_like(self, request: RecordedRequest) -> bool:
        """Whether a request has the line; its query counts only where one is wanted."""
        method, scheme, host, target = self._parts
        if method and method.upper() != request.method:
            return False
        if host and _host(host, scheme) != _host(request.headers.get("host", ""), scheme):
            return False
        pattern = re.sub(r"\\\*|\\\{[A-Za-z_]+\\\}", "[^/?]+", re.escape(target))
        found = request.target if "?" in target else request.path
        return re.fullmatch(pattern, found) is not None

    def lacks(self, request: RecordedRequest) -> list[str]:
        """A line for each thing that the request has not."""
        found = [] if self.json is None else list(differences(self.json, request.json))
        if self.exactly is not None:
            found += differences(self.exactly, request.json, exact=True)
        for name, value in self.headers.items():
            sent = request.headers.get(name.lower())
            if sent != value:
                found.append(f"header {name}: expected {value!r}, it is {sent!r}")
        if self.status not in (None, request.status):
            found.append(f"status: expected {self.status}, it is {request.status}")
        return found

    def __str__(self) -> str:
        parts = [] if self.json is None else [f"JSON {shown(self.json)}"]
        parts += [] if self.exactly is None else [f"exactly {shown(self.exactly)}"]
        parts += [f"headers {shown(dict(self.headers))}"] if self.headers else []
        parts += [f"status {self.status}"] if self.status is not None else []
        return self.line + (f" with {', '.join(parts)}" if parts else "")

    @property
    def _parts(self) -> tuple[str, str, str, str]:
        found = _LINE.fullmatch(self.line.strip())
        assert found is not None  # noqa: S101 - it was looked at when this was made
        method, scheme, host, target = (part or "" for part in found.groups())
        if not target.startswith("/"):
            target = f"/{target}" if host else target
        return method, scheme.lower(), host, target


def nearest(line: str, requests: Sequence[RecordedRequest]) -> RecordedRequest | None:
    """The request whose line has the most in common with the wanted one."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - only a failure needs it

    def likeness(request: RecordedRequest) -> float:
        return SequenceMatcher(None, line, request.line).ratio()

    return max(requests, key=likeness, default=None)


def distance(lacking: tuple[RecordedRequest, list[str]]) -> tuple[int, int]:
    """How far a request is from the wanted one: what is missing is farther than what differs."""
    missing = sum(each.endswith("it is missing") for each in lacking[1])
    return len(lacking[1]), missing


def _host(host: str, scheme: str) -> str:
    return host.lower().removesuffix(_PLAIN.get(scheme, ":443")).removesuffix(".")
