"""Support: which keywords are within reach, checked before anything is made."""

from __future__ import annotations

from collections.abc import Iterator

from .documents import Document, Place
from .drawable_patterns import for_drawing
from .errors import Unsupported
from .formats import FORMATS
from .keywords import GROUPS
from .schema_walk import inside
from .values import Json

KNOWN = {word for group in GROUPS for word in group.keywords}

# Notes: they ask nothing of a value.
NOTES = {
    "$schema", "$id", "$anchor", "$comment", "$defs", "definitions", "$vocabulary", "title",
    "description", "default", "deprecated", "readOnly", "writeOnly", "examples",
    "contentEncoding", "contentMediaType", "contentSchema", "$dynamicAnchor",
}  # fmt: skip

# Keywords of the two drafts that ask something, but that no strategy can be made for here.
REFUSED = {
    "$dynamicRef": "depends on the path by which a schema is reached",
    "$recursiveRef": "depends on the path by which a schema is reached",
    "unevaluatedProperties": "depends on what other keywords have looked at",
    "unevaluatedItems": "depends on what other keywords have looked at",
}

_BY_CASE = {word.casefold(): word for word in (*KNOWN, *REFUSED)}


def check(document: Document) -> None:
    """Walk every schema that can be reached.

    Raises:
        Unsupported: naming the first keyword that is out of reach, and where it stands.
    """
    for place in _reachable(document.root, set()):
        for word, value in place.schema.items():
            _check_word(place, word, value)


def _reachable(place: Place, seen: set[Place]) -> Iterator[Place]:
    if isinstance(place.schema, bool) or place in seen:
        return
    seen.add(place)
    yield place
    for _, inner, _, _ in inside(place):
        yield from _reachable(inner, seen)


def _check_word(place: Place, word: str, value: Json) -> None:
    if word in REFUSED:
        raise Unsupported(place.pointer, word, REFUSED[word])
    if word == "format" and value not in FORMATS:
        raise Unsupported(place.pointer, word, f"{value!r} is not known")
    if word == "pattern":
        _check_pattern(place, word, value)
    if word == "patternProperties":
        for pattern in value:
            _check_pattern(place, word, pattern)
    if word not in KNOWN | NOTES and word.casefold() in _BY_CASE:
        meant = _BY_CASE[word.casefold()]
        raise Unsupported(place.pointer, word, f"is no keyword; was {meant!r} meant?")


def _check_pattern(place: Place, word: str, pattern: str) -> None:
    try:
        place.document.reading.parsed(pattern)
        for_drawing(pattern)
    except ValueError as error:
        raise Unsupported(place.pointer, word, f"{pattern!r}: {error}") from error
