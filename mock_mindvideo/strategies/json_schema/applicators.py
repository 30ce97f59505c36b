"""Schemas that combine others in place: allOf, anyOf, oneOf, not, if, and references."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from .documents import Path, Place
from .goals import Atom, below
from .shapes import Compiler, Shapes
from .values import JsonKind

Broken = frozenset[Path]


def all_held(compiler: Compiler, place: Place, kind: JsonKind, broken: Broken) -> Shapes | None:
    """Hold every branch."""
    known: Shapes | None = None
    for index in range(len(place.get("allOf"))):
        branch = place.child("allOf", index)
        part = _held(compiler, branch, kind, below(broken, "allOf", index))
        known = part if known is None else compiler.meet(known, part)
    return known


def all_missed(compiler: Compiler, place: Place, kind: JsonKind) -> Shapes:
    """Miss at least one branch."""
    return _union(compiler, (_missed(compiler, b, kind) for b in _branches(place, "allOf")))


def any_held(compiler: Compiler, place: Place, kind: JsonKind, broken: Broken) -> Shapes:
    """Hold at least one branch."""
    return _union(compiler, (_held(compiler, b, kind) for b in _branches(place, "anyOf")))


def any_missed(compiler: Compiler, place: Place, kind: JsonKind) -> Shapes:
    """Miss every branch."""
    return _meet(compiler, (_missed(compiler, b, kind) for b in _branches(place, "anyOf")))


def one_held(compiler: Compiler, place: Place, kind: JsonKind, broken: Broken) -> Shapes:
    """Hold one branch and miss each other one."""
    branches = _branches(place, "oneOf")
    return _union(compiler, (_only(compiler, branches, one, kind) for one in branches))


def one_missed(compiler: Compiler, place: Place, kind: JsonKind) -> Shapes:
    """Miss every branch, or hold two."""
    branches = _branches(place, "oneOf")
    none = _meet(compiler, (_missed(compiler, branch, kind) for branch in branches))
    pairs = [
        compiler.meet(_held(compiler, one, kind), _held(compiler, two, kind))
        for one, two in combinations(branches, 2)
    ]
    return _union(compiler, (none, *pairs))


def not_held(compiler: Compiler, place: Place, kind: JsonKind, broken: Broken) -> Shapes:
    """Miss the schema."""
    return _missed(compiler, place.child("not"), kind)


def not_missed(compiler: Compiler, place: Place, kind: JsonKind) -> Shapes:
    """Hold the schema."""
    return _held(compiler, place.child("not"), kind)


def if_held(compiler: Compiler, place: Place, kind: JsonKind, broken: Broken) -> Shapes | None:
    """Hold the condition and `then`, or miss the condition and hold `else`."""
    if "if" not in place.schema:
        return None
    ways = [
        _meet(compiler, (_condition(compiler, place, branch, kind), part))
        for branch, part in _outcomes(compiler, place, kind, broken)
    ]
    return _union(compiler, ways)


def if_missed(compiler: Compiler, place: Place, kind: JsonKind) -> Shapes:
    """Hold the condition but not `then`, or neither the condition nor `else`."""
    if "if" not in place.schema:
        return ()
    ways = [
        compiler.meet(
            _condition(compiler, place, branch, kind),
            _missed(compiler, place.child(branch), kind),
        )
        for branch in ("then", "else")
        if branch in place.schema
    ]
    return _union(compiler, ways)


def ref_held(compiler: Compiler, place: Place, kind: JsonKind, broken: Broken) -> Shapes:
    """Hold the schema that the reference names."""
    target = place.target(place.get("$ref"))
    return _held(compiler, target, kind, below(broken, "$ref"))


def ref_missed(compiler: Compiler, place: Place, kind: JsonKind) -> Shapes:
    """Miss the schema that the reference names."""
    return _missed(compiler, place.target(place.get("$ref")), kind)


def _outcomes(
    compiler: Compiler, place: Place, kind: JsonKind, broken: Broken
) -> Iterable[tuple[str, Shapes]]:
    wanted = {path[0] for path in broken}
    for branch in ("then", "else"):
        if wanted and branch not in wanted:
            continue
        if branch in place.schema:
            part = _held(compiler, place.child(branch), kind, below(broken, branch))
            yield branch, part
        else:
            yield branch, compiler.shapes(frozenset(), kind)


def _condition(compiler: Compiler, place: Place, branch: str, kind: JsonKind) -> Shapes:
    condition = place.child("if")
    if branch == "then":
        return _held(compiler, condition, kind)
    return _missed(compiler, condition, kind)


def _only(compiler: Compiler, branches: list[Place], one: Place, kind: JsonKind) -> Shapes:
    others = (_missed(compiler, other, kind) for other in branches if other is not one)
    return _meet(compiler, (_held(compiler, one, kind), *others))


def _branches(place: Place, keyword: str) -> list[Place]:
    return [place.child(keyword, index) for index in range(len(place.get(keyword)))]


def _held(compiler: Compiler, place: Place, kind: JsonKind, broken: Broken = frozenset()) -> Shapes:
    return compiler.meaning(Atom(place, holds=True, broken=broken), kind)


def _missed(compiler: Compiler, place: Place, kind: JsonKind) -> Shapes:
    return compiler.meaning(Atom(place, holds=False), kind)


def _union(compiler: Compiler, ways: Iterable[Shapes]) -> Shapes:
    return compiler.union(shape for way in ways for shape in way)


def _meet(compiler: Compiler, parts: Iterable[Shapes]) -> Shapes:
    parts = iter(parts)
    known = next(parts)
    for part in parts:
        if not known:
            break
        known = compiler.meet(known, part)
    return known
