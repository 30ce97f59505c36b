"""Keywords: what each asks for, and what missing it looks like.

Keywords that only make sense together form a group (`if`, `then` and `else`; `properties`,
`patternProperties` and `additionalProperties`). Each group answers one question for one kind of
value: which shapes hold it, with some rules inside it broken on purpose; and which miss it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from . import combine, members, sequences
from .arrays import Array
from .errors import Unsupported
from .formats import FORMATS
from .numbers import FRACTIONAL, NUMBERS, WHOLE, Number, stepped, unstepped
from .objects import Object
from .refs import Path, Place
from .shapes import Compiler, Literal, Shape, Shapes
from .strings import TEXTS, String
from .values import Json, Kind, key, kind_of

Broken: TypeAlias = frozenset[Path]

_EVERYTHING: dict[Kind, Shapes] = {
    "null": (Literal("null", (None,)),),
    "boolean": (Literal("boolean", (False, True)),),
    "number": (NUMBERS,),
    "string": (TEXTS,),
    "array": (Array(),),
    "object": (Object(),),
}


def everything(kind: Kind) -> Shapes:
    """Give all values of a kind."""
    return _EVERYTHING[kind]


@dataclass(frozen=True, slots=True)
class Group:
    """One or several keywords that are understood together."""

    keywords: tuple[str, ...]
    kind: Kind | None  # the only kind of value it speaks of; None for all
    held: Callable[[Compiler, Place, Kind, Broken], Shapes | None]
    missed: Callable[[Compiler, Place, Kind], Shapes]

    def rules(self, broken: Broken) -> Broken:
        """Pick the broken rules that belong to this group."""
        return frozenset(path for path in broken if path and path[0] in self.keywords)


def held_part(
    compiler: Compiler, place: Place, group: Group, kind: Kind, broken: Broken
) -> Shapes | None:
    """Give the shapes that hold the group; None when it does not speak of this kind."""
    if group.kind not in (None, kind):
        return None
    return group.held(compiler, place, kind, broken)


def broken_part(
    compiler: Compiler, place: Place, group: Group, kind: Kind, broken: Broken
) -> Shapes:
    """Give the shapes that break just these rules of the group."""
    if group.kind not in (None, kind):
        return ()
    if any(path == (group.keywords[0],) for path in broken) and group.keywords[0] in _WHOLE:
        return group.missed(compiler, place, kind)
    return group.held(compiler, place, kind, broken) or ()


def missed_part(compiler: Compiler, place: Place, group: Group, kind: Kind) -> Shapes:
    """Give the shapes that miss the group."""
    if group.kind not in (None, kind):
        return ()
    return group.missed(compiler, place, kind)


def groups(place: Place) -> Iterable[Group]:
    """Give the groups that a schema uses, those that narrow most first.

    Raises:
        Unsupported: a keyword that no strategy can be made for.
    """
    schema = place.schema
    if place.draft7 and "$ref" in schema:
        return (REFERENCE,)
    return [group for group in GROUPS if any(word in schema for word in group.keywords)]


def _scalar(
    keyword: str, kind: Kind, held: Callable[[Json], Shape], missed: Callable[[Json], Shape | None]
) -> Group:
    def hold(compiler: Compiler, place: Place, _: Kind, broken: Broken) -> Shapes:
        return _settled(held(place.get(keyword)), compiler)

    def miss(compiler: Compiler, place: Place, _: Kind) -> Shapes:
        return _settled(missed(place.get(keyword)), compiler)

    return Group((keyword,), kind, hold, miss)


def _settled(shape: Shape | None, compiler: Compiler) -> Shapes:
    if isinstance(shape, Number | String | Array | Object):
        shape = shape.settled(compiler)
    return () if shape is None else (shape,)


def _exact(value: Json) -> Fraction:
    return Fraction(value)


def _type_held(compiler: Compiler, place: Place, kind: Kind, broken: Broken) -> Shapes:
    names = _types(place)
    if kind == "number" and "number" not in names:
        return (WHOLE,) if "integer" in names else ()
    return everything(kind) if kind in names else ()


def _type_missed(compiler: Compiler, place: Place, kind: Kind) -> Shapes:
    names = _types(place)
    if kind == "number" and "number" not in names and "integer" in names:
        return (FRACTIONAL,)
    return () if kind in names else everything(kind)


def _types(place: Place) -> list[str]:
    named = place.get("type")
    return [named] if isinstance(named, str) else named


def _values(place: Place) -> list[Json]:
    return [place.get("const")] if "const" in place.schema else place.get("enum")


def _listed(keyword: str) -> Group:
    def values(place: Place) -> list[Json]:
        return [place.get("const")] if keyword == "const" else list(place.get("enum"))

    def hold(compiler: Compiler, place: Place, kind: Kind, broken: Broken) -> Shapes:
        kept = tuple(value for value in values(place) if kind_of(value) == kind)
        return (Literal(kind, kept),) if kept else ()

    def miss(compiler: Compiler, place: Place, kind: Kind) -> Shapes:
        taken = frozenset(key(value) for value in values(place) if kind_of(value) == kind)
        return _without(kind, taken, compiler)

    return Group((keyword,), None, hold, miss)


_EMPTY = {"number": Number, "string": String, "array": Array, "object": Object}


def _without(kind: Kind, taken: frozenset[object], compiler: Compiler) -> Shapes:
    if not taken:
        return everything(kind)
    if kind in _EMPTY:
        return _settled(_EMPTY[kind](excluded=taken), compiler)
    left = tuple(v for s in everything(kind) for v in s.values if key(v) not in taken)  # type: ignore[attr-defined]
    return (Literal(kind, left),) if left else ()


def _format_held(compiler: Compiler, place: Place, kind: Kind, broken: Broken) -> Shapes:
    name = place.get("format")
    if name not in FORMATS:
        raise Unsupported(place.pointer, "format", f"{name!r} is not known")
    return (String(formats=frozenset({name})),)


def _format_missed(compiler: Compiler, place: Place, kind: Kind) -> Shapes:
    return ()  # a format is a note in both drafts: no value misses it


def _unique_held(compiler: Compiler, place: Place, kind: Kind, broken: Broken) -> Shapes | None:
    return (Array(unique=True),) if place.get("uniqueItems") else None


def _unique_missed(compiler: Compiler, place: Place, kind: Kind) -> Shapes:
    return (Array(low=2, unique=False),) if place.get("uniqueItems") else ()


REFERENCE = Group(("$ref",), None, combine.ref_held, combine.ref_missed)

GROUPS: tuple[Group, ...] = (
    Group(("type",), None, _type_held, _type_missed),
    _listed("enum"),
    _listed("const"),
    _scalar("minimum", "number", lambda n: Number(low=_exact(n)),
            lambda n: Number(high=_exact(n), below=True)),
    _scalar("maximum", "number", lambda n: Number(high=_exact(n)),
            lambda n: Number(low=_exact(n), above=True)),
    _scalar("exclusiveMinimum", "number", lambda n: Number(low=_exact(n), above=True),
            lambda n: Number(high=_exact(n))),
    _scalar("exclusiveMaximum", "number", lambda n: Number(high=_exact(n), below=True),
            lambda n: Number(low=_exact(n))),
    _scalar("multipleOf", "number", stepped, unstepped),
    _scalar("minLength", "string", lambda n: String(low=int(n)),
            lambda n: String(high=int(n) - 1) if n else None),
    _scalar("maxLength", "string", lambda n: String(high=int(n)), lambda n: String(low=int(n) + 1)),
    _scalar("pattern", "string", lambda p: String(patterns=frozenset({p})),
            lambda p: String(not_patterns=frozenset({p}))),
    Group(("format",), "string", _format_held, _format_missed),
    _scalar("minItems", "array", lambda n: Array(low=int(n)),
            lambda n: Array(high=int(n) - 1) if n else None),
    _scalar("maxItems", "array", lambda n: Array(high=int(n)), lambda n: Array(low=int(n) + 1)),
    Group(("uniqueItems",), "array", _unique_held, _unique_missed),
    Group(("prefixItems", "items", "additionalItems"), "array",
          sequences.items_held, sequences.items_missed),
    Group(("contains", "minContains", "maxContains"), "array",
          sequences.contains_held, sequences.contains_missed),
    _scalar("minProperties", "object", lambda n: Object(low=int(n)),
            lambda n: Object(high=int(n) - 1) if n else None),
    _scalar("maxProperties", "object", lambda n: Object(high=int(n)),
            lambda n: Object(low=int(n) + 1)),
    Group(("required",), "object", members.required_held, members.required_missed),
    Group(("properties", "patternProperties", "additionalProperties"), "object",
          members.properties_held, members.properties_missed),
    Group(("propertyNames",), "object", members.names_held, members.names_missed),
    Group(("dependentRequired", "dependentSchemas", "dependencies"), "object",
          members.dependent_held, members.dependent_missed),
    REFERENCE,
    Group(("allOf",), None, combine.all_held, combine.all_missed),
    Group(("anyOf",), None, combine.any_held, combine.any_missed),
    Group(("oneOf",), None, combine.one_held, combine.one_missed),
    Group(("not",), None, combine.not_held, combine.not_missed),
    Group(("if", "then", "else"), None, combine.if_held, combine.if_missed),
)  # fmt: skip

# Groups that are one rule as a whole; breaking it is missing it.
_WHOLE = {
    "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "minLength", "maxLength", "pattern", "format", "minItems", "maxItems",
    "uniqueItems", "minProperties", "maxProperties", "anyOf", "oneOf", "not",
}  # fmt: skip
