"""Groups of keywords: what holding one means for a kind of value, and what missing it means.

Keywords that only make sense together form a group (`if`, `then` and `else`; `properties`,
`patternProperties` and `additionalProperties`). Each group answers one question for one kind of
value: which shapes hold it, with some rules inside it broken on purpose; and which miss it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from .arrays import Array
from .documents import Path, Place
from .numbers import NUMBERS, Number
from .objects import Object
from .shapes import Compiler, Literal, Shape, Shapes
from .strings import TEXTS, String
from .values import Json, JsonKind

Broken: TypeAlias = frozenset[Path]

_EVERYTHING: dict[JsonKind, Shapes] = {
    "null": (Literal("null", (None,)),),
    "boolean": (Literal("boolean", (False, True)),),
    "number": (NUMBERS,),
    "string": (TEXTS,),
    "array": (Array(),),
    "object": (Object(),),
}

# Groups that are one rule as a whole; breaking it is missing it.
_WHOLE = {
    "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "minLength", "maxLength", "pattern", "format", "minItems", "maxItems",
    "uniqueItems", "minProperties", "maxProperties", "anyOf", "oneOf", "not",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """One or several keywords that are understood together."""

    keywords: tuple[str, ...]
    kind: JsonKind | None  # the only kind of value it speaks of; None for all
    held: Callable[[Compiler, Place, JsonKind, Broken], Shapes | None]
    missed: Callable[[Compiler, Place, JsonKind], Shapes]

    def rules(self, broken: Broken) -> Broken:
        """Pick the broken rules that belong to this group."""
        return frozenset(path for path in broken if path and path[0] in self.keywords)


def everything(kind: JsonKind) -> Shapes:
    """Give all values of a kind."""
    return _EVERYTHING[kind]


def held_part(
    compiler: Compiler, place: Place, group: Group, kind: JsonKind, broken: Broken
) -> Shapes | None:
    """Give the shapes that hold the group; None when it does not speak of this kind."""
    if group.kind not in (None, kind):
        return None
    return group.held(compiler, place, kind, broken)


def broken_part(
    compiler: Compiler, place: Place, group: Group, kind: JsonKind, broken: Broken
) -> Shapes:
    """Give the shapes that break just these rules of the group."""
    if group.kind not in (None, kind):
        return ()
    if any(path == (group.keywords[0],) for path in broken) and group.keywords[0] in _WHOLE:
        return group.missed(compiler, place, kind)
    return group.held(compiler, place, kind, broken) or ()


def missed_part(compiler: Compiler, place: Place, group: Group, kind: JsonKind) -> Shapes:
    """Give the shapes that miss the group."""
    if group.kind not in (None, kind):
        return ()
    return group.missed(compiler, place, kind)


def scalar(
    keyword: str,
    kind: JsonKind,
    held: Callable[[Json], Shape],
    missed: Callable[[Json], Shape | None],
) -> Group:
    """Make the group of one keyword that speaks of one kind, from its value alone."""
    return read_scalar(keyword, kind, Place.get, held, missed)


def read_scalar(
    keyword: str,
    kind: JsonKind,
    read: Callable[[Place, str], Json],
    held: Callable[[Json], Shape],
    missed: Callable[[Json], Shape | None],
) -> Group:
    """Make such a group, where `read` makes something of the keyword's value first."""

    def hold(compiler: Compiler, place: Place, _: JsonKind, broken: Broken) -> Shapes:
        return settled(held(read(place, keyword)), compiler)

    def miss(compiler: Compiler, place: Place, _: JsonKind) -> Shapes:
        return settled(missed(read(place, keyword)), compiler)

    return Group((keyword,), kind, hold, miss)


def settled(shape: Shape | None, compiler: Compiler) -> Shapes:
    """Give the shape in its simplest form; nothing when it has no value."""
    if isinstance(shape, Number | String | Array | Object):
        shape = shape.settled(compiler)
    return () if shape is None else (shape,)
