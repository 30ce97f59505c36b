"""Which of the two forms of a task's events a client wants (RFC 9110 12.5.1).

The greater quality wins; where both are equal, the one that is named more exactly; then the
stream. A range with `q=0` excludes. A client that accepts neither is given what it excludes less,
with advice: a refusal would be a guess about the real API, which documents no negotiation.
"""

import re
from functools import lru_cache
from typing import NamedTuple

JSON = "application/json"
STREAM = "text/event-stream"

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
# One that is never closed goes to the end: looked for again at each quote, it would cost a square.
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"?')
_RANGE = re.compile(rf"\s*(?:({_NAME})/({_NAME})|\*)\s*(?:;|$)")
_WEIGHT = re.compile(r";\s*q\s*=\s*([^;,\s]*)", re.IGNORECASE)
# More digits than the grammar has, and none before the point, are what clients send all the same:
# Java's own says `*/*; q=.2`.
_QUALITY = re.compile(r"0?\.[0-9]{1,20}|0\.?|1(\.0{0,20})?")


def _neither(stream: str) -> str:
    return f"Accept has neither {JSON} nor {stream}, so the form was chosen for you"


class ChosenForm(NamedTuple):
    """`json` rather than the stream, and what the client should be told."""

    json: bool
    advice: tuple[str, ...] = ()


@lru_cache(maxsize=256)
def prefers(accept: str, kind: str, other: str) -> bool:
    """Whether an Accept header puts one media type above another."""
    ranges = _ranges(accept)
    return _rank(ranges, kind) > _rank(ranges, other)


@lru_cache(maxsize=256)
def choice(accept: str, stream: str = STREAM, prefers_json: bool = False) -> ChosenForm:
    """The form for an Accept header; without one everything is accepted.

    `stream` is the media type of the stream; `prefers_json` decides where the header does not.
    """
    ranges = _ranges(accept)
    if not ranges:
        return ChosenForm(json=prefers_json)
    json, other = _rank(ranges, JSON), _rank(ranges, stream)
    told = () if max(json, other)[0] else (_neither(stream),)
    return ChosenForm(json > other or (prefers_json and json == other), told)


#: A media range, in lower case, and its quality.
_Range = tuple[str, float]


def _ranges(accept: str) -> list[_Range]:
    parts = _QUOTED.sub('""', accept).split(",")
    return [found for part in parts if (found := _range(part))]


def _range(part: str) -> _Range | None:
    """One element of the header; None if it is none, which is then passed over."""
    found = _RANGE.match(part)
    if found is None:
        return None
    weight = _WEIGHT.search(part, found.end() - 1) if found[0].endswith(";") else None
    if weight is not None and not _QUALITY.fullmatch(weight[1]):
        return None
    name = f"{found[1]}/{found[2]}".lower() if found[1] else "*/*"  # Java's says `*` as well
    return name, float(weight[1]) if weight else 1.0


def _rank(ranges: list[_Range], kind: str) -> tuple[float, int]:
    """The quality of a media type, from the most exact range that has it, and how exact that is.

    One that is excluded ranks below one that nobody speaks of.
    """
    patterns = (kind, f"{kind.partition('/')[0]}/*", "*/*")
    for exactness, pattern in zip((3, 2, 1), patterns, strict=True):
        if qualities := [quality for name, quality in ranges if name == pattern]:
            best = max(qualities)
            return best, exactness if best else -exactness
    return 0.0, 0
