"""Keywords about the value itself: type, enum, const, format and uniqueItems."""

from __future__ import annotations

from .arrays import Array
from .documents import Place
from .errors import Unsupported
from .formats import FORMATS
from .keyword_groups import Broken, Group, everything, settled
from .numbers import FRACTIONAL, WHOLE, Number
from .objects import Object
from .shapes import Compiler, Literal, Shapes
from .strings import String
from .values import Json, JsonKind, key, kind_of

_WITH_EXCLUSIONS = {"number": Number, "string": String, "array": Array, "object": Object}


def type_held(compiler: Compiler, place: Place, kind: JsonKind, broken: Broken) -> Shapes:
    """Be of one of the types."""
    names = _types(place)
    if kind == "number" and "number" not in names:
        return (WHOLE,) if "integer" in names else ()
    return everything(kind) if kind in names else ()


def type_missed(compiler: Compiler, place: Place, kind: JsonKind) -> Shapes:
    """Be of none of the types."""
    names = _types(place)
    if kind == "number" and "number" not in names and "integer" in names:
        return (FRACTIONAL,)
    return () if kind in names else everything(kind)


def _types(place: Place) -> list[str]:
    named = place.get("type")
    return [named] if isinstance(named, str) else named


def listed(keyword: str) -> Group:
    """Make the group of `enum` or `const`."""

    def values(place: Place) -> list[Json]:
        return [place.get("const")] if keyword == "const" else list(place.get("enum"))

    def hold(compiler: Compiler, place: Place, kind: JsonKind, broken: Broken) -> Shapes:
        kept = tuple(value for value in values(place) if kind_of(value) == kind)
        return (Literal(kind, kept),) if kept else ()

    def miss(compiler: Compiler, place: Place, kind: JsonKind) -> Shapes:
        taken = frozenset(key(value) for value in values(place) if kind_of(value) == kind)
        return _without(kind, taken, compiler)

    return Group((keyword,), None, hold, miss)


def _without(kind: JsonKind, taken: frozenset[object], compiler: Compiler) -> Shapes:
    if not taken:
        return everything(kind)
    if kind in _WITH_EXCLUSIONS:
        return settled(_WITH_EXCLUSIONS[kind](excluded=taken), compiler)
    left = tuple(v for s in everything(kind) for v in s.values if key(v) not in taken)  # type: ignore[attr-defined]
    return (Literal(kind, left),) if left else ()


def format_held(compiler: Compiler, place: Place, kind: JsonKind, broken: Broken) -> Shapes:
    """Be a text of that format."""
    name = place.get("format")
    if name not in FORMATS:
        raise Unsupported(place.pointer, "format", f"{name!r} is not known")
    return (String(formats=frozenset({name})),)


def format_missed(compiler: Compiler, place: Place, kind: JsonKind) -> Shapes:
    """Nothing: a format is a note in both drafts, so no value misses it."""
    return ()


def unique_held(compiler: Compiler, place: Place, kind: JsonKind, broken: Broken) -> Shapes | None:
    """Have items that all differ."""
    return (Array(unique=True),) if place.get("uniqueItems") else None


def unique_missed(compiler: Compiler, place: Place, kind: JsonKind) -> Shapes:
    """Have two items alike."""
    return (Array(low=2, unique=False),) if place.get("uniqueItems") else ()
