"""Object keywords with names or schemas inside: required, properties, names and dependencies."""

from __future__ import annotations

from collections.abc import Iterable

from .documents import Path, Place
from .errors import Unsupported
from .goals import ANYTHING, Atom, Goal, below, goal, refusal
from .members import Extra, Layer
from .objects import Object
from .shapes import Compiler, Shapes
from .strings import String
from .values import Json, JsonKind, key

Broken = frozenset[Path]


def required_held(compiler: Compiler, place: Place, kind: JsonKind, broken: Broken) -> Shapes:
    """Have every name but the broken ones, which must be missing."""
    names = place.get("required")
    gone = {names[path[1]] for path in broken}
    return _settled(compiler, _present(place, set(names) - gone, gone))


def required_missed(compiler: Compiler, place: Place, kind: JsonKind) -> Shapes:
    """Lack at least one of the names."""
    lacking = [_present(place, set(), {name}) for name in place.get("required")]
    return compiler.union(lacking)


def properties_held(compiler: Compiler, place: Place, kind: JsonKind, broken: Broken) -> Shapes:
    """Hold the schema of each member; those with broken rules must be there."""
    layer = _layer(place, broken)
    needed = {str(path[1]) for path in broken if path[0] == "properties"}
    extras = frozenset(_odd_members(place, layer, broken))
    if ("additionalProperties",) in broken:
        layer = Layer(layer.named, layer.patterns, ANYTHING)
    if layer.rest or layer.patterns:
        shape = Object(frozenset(needed), layers=(layer,), extras=extras)
    else:
        named = tuple(sorted(layer.named.items(), key=lambda member: member[0]))
        shape = Object(frozenset(needed), named, extras=extras)
    return _settled(compiler, shape)


def properties_missed(compiler: Compiler, place: Place, kind: JsonKind) -> Shapes:
    """Have at least one member that misses its schema."""
    ways: list[Object] = []
    for name in place.get("properties", {}):
        part = refusal(place.child("properties", name))
        ways.append(Object(frozenset({name}), ((name, part),)))
    for pattern in place.get("patternProperties", {}):
        part = refusal(place.child("patternProperties", pattern))
        names = String(patterns=frozenset({place.pattern(pattern)}))
        ways.append(Object(extras=frozenset({Extra(names, ANYTHING, part)})))
    if "additionalProperties" in place.schema:
        part = refusal(place.child("additionalProperties"))
        ways.append(Object(extras=frozenset({Extra(_unlisted(place), ANYTHING, part)})))
    return compiler.union(s for way in ways for s in _settled(compiler, way))


def names_held(compiler: Compiler, place: Place, kind: JsonKind, broken: Broken) -> Shapes:
    """Hold the schema of names; where it is broken, one member's name is the culprit."""
    part = place.child("propertyNames")
    rules = below(broken, "propertyNames")
    if not rules and not broken:
        return (Object(names=goal(part)),)
    wrong = goal(part, rules) if rules else refusal(part)
    odd = Extra(String(), wrong, ANYTHING, name_spared=goal(part))
    return (Object(names=goal(part), extras=frozenset({odd})),)


def names_missed(compiler: Compiler, place: Place, kind: JsonKind) -> Shapes:
    """Have at least one member whose name misses the schema."""
    odd = Extra(String(), refusal(place.child("propertyNames")), ANYTHING)
    return (Object(extras=frozenset({odd})),)


def dependent_held(compiler: Compiler, place: Place, kind: JsonKind, broken: Broken) -> Shapes:
    """For each name: lack it, or have what it asks for."""
    known: Shapes = (Object(),)
    for word, name, asked in dependencies(place):
        rules = below(broken, word, name)
        if isinstance(asked, list):
            with_it = _settled(compiler, _names_held(place, name, asked, rules))
        else:
            part = Atom(place.child(word, name), holds=True, broken=rules)
            with_it = compiler.meet(_having(name), compiler.meaning(part, kind))
        ways = with_it if rules else (*_lacking(place, name), *with_it)
        known = compiler.meet(known, compiler.union(ways))
    return known


def dependent_missed(compiler: Compiler, place: Place, kind: JsonKind) -> Shapes:
    """Have at least one name without what it asks for."""
    ways: list[Shapes] = []
    for word, name, asked in dependencies(place):
        if isinstance(asked, list):
            lacks = compiler.union(_present(place, set(), {other}) for other in asked)
        else:
            lacks = compiler.meaning(Atom(place.child(word, name), holds=False), kind)
        ways.append(compiler.meet(_having(name), lacks))
    return compiler.union(shape for way in ways for shape in way)


def dependencies(place: Place) -> Iterable[tuple[str, str, Json]]:
    """Give keyword, name and what the name asks for: a list of names, or a schema."""
    words = ("dependencies",) if place.draft7 else ("dependentRequired", "dependentSchemas")
    if not place.draft7 and "dependencies" in place.schema:
        raise Unsupported(place.pointer, "dependencies", "is no keyword of 2020-12")
    for word in words:
        for name, asked in place.get(word, {}).items():
            yield word, name, asked


def _names_held(place: Place, name: str, asked: list[str], rules: Broken) -> Object:
    gone = {asked[rule[0]] for rule in rules}  # type: ignore[index]
    return _present(place, {name, *asked} - gone, gone)


def _having(name: str) -> Shapes:
    return (Object(frozenset({name})),)


def _lacking(place: Place, name: str) -> Shapes:
    return (_present(place, set(), {name}),)


def _present(place: Place, there: set[str], gone: set[str]) -> Object:
    named = tuple((name, never(place)) for name in sorted(gone))
    return Object(frozenset(there), named)


def never(place: Place) -> Goal:
    """Give the goal that no value reaches."""
    return goal(place.document.place(False, place.resolver, "#never"))


def _layer(place: Place, broken: Broken) -> Layer:
    named = {
        name: goal(place.child("properties", name), below(broken, "properties", name))
        for name in place.get("properties", {})
    }
    patterns = tuple(
        (place.pattern(pattern), goal(place.child("patternProperties", pattern)))
        for pattern in place.get("patternProperties", {})
    )
    if "additionalProperties" not in place.schema:
        return Layer(named, patterns, ANYTHING)
    return Layer(named, patterns, goal(place.child("additionalProperties")))


def _odd_members(place: Place, layer: Layer, broken: Broken) -> Iterable[Extra]:
    for pattern, everyone in layer.patterns:
        rules = below(broken, "patternProperties", pattern.source)
        if rules:
            names = String(patterns=frozenset({pattern}))
            wrong = goal(place.child("patternProperties", pattern.source), rules)
            yield Extra(names, ANYTHING, wrong, spared=everyone)
    if ("additionalProperties",) in broken:
        yield Extra(_unlisted(place), ANYTHING, ANYTHING)
    rules = below(broken, "additionalProperties")
    if rules:
        wrong = goal(place.child("additionalProperties"), rules)
        yield Extra(_unlisted(place), ANYTHING, wrong, spared=layer.rest)


def _unlisted(place: Place) -> String:
    return String(
        not_patterns=frozenset(map(place.pattern, place.get("patternProperties", {}))),
        excluded=frozenset(key(name) for name in place.get("properties", {})),
    )


def _settled(compiler: Compiler, shape: Object) -> Shapes:
    settled = shape.settled(compiler)
    return () if settled is None else (settled,)
