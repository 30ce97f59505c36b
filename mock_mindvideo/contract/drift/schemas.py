"""Comparing two JSON Schemas: for each difference, whether it takes less, or more, than before.

Taking less breaks requests, taking more breaks readers. Where it cannot be told, it is both.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from mock_mindvideo.contract.drift.keywords import ANNOTATIONS, KEYWORDS, SUBSCHEMAS
from mock_mindvideo.contract.masking import shown_value

#: Levels that two schemas are followed down; recursive schemas have no last one.
DEEPEST = 40


class Difference(NamedTuple):
    """One difference: `less` of the values are taken than before, or `more`, or both."""

    pointer: str
    message: str
    less: bool
    more: bool


class Side(NamedTuple):
    """A schema, and the document that its references lead into."""

    schema: Any
    root: Any

    def resolved(self) -> Any:
        """The schema that `$ref` leads to, with what stands beside it."""
        schema, seen = self.schema, 0
        while isinstance(schema, dict) and isinstance(schema.get("$ref"), str) and seen < 20:
            beside = {name: each for name, each in schema.items() if name != "$ref"}
            target = _follow(self.root, schema["$ref"])
            schema = {**target, **beside} if isinstance(target, dict) else target
            seen += 1
        return schema

    def at(self, schema: Any) -> "Side":
        return Side(schema, self.root)


def differences(old: Side, new: Side, pointer: str = "", depth: int = 0) -> Iterator[Difference]:
    """Every difference between two schemas, the outer ones first."""
    before, after = old.resolved(), new.resolved()
    if before == after and old.root is new.root:
        return
    if depth > DEEPEST:
        return
    if not isinstance(before, dict) or not isinstance(after, dict):
        yield from _booleans(before, after, pointer)
        return
    yield from _keywords(before, after, pointer)
    yield from _properties(old.at(before), new.at(after), pointer, depth)
    for keyword in ("items", "contains", "propertyNames", "additionalItems"):
        below = old.at(before.get(keyword, True)), new.at(after.get(keyword, True))
        yield from differences(*below, f"{pointer}/{keyword}", depth + 1)
    inner = differences(
        old.at(before.get("not", False)), new.at(after.get("not", False)), "", depth + 1
    )
    for each in inner:
        yield Difference(f"{pointer}/not{each.pointer}", each.message, each.more, each.less)
    for keyword, alternatives in (("allOf", False), ("anyOf", True), ("oneOf", True)):
        yield from _combined(old.at(before), new.at(after), keyword, alternatives, pointer, depth)


def _booleans(before: Any, after: Any, pointer: str) -> Iterator[Difference]:
    takes = [each is not False for each in (before, after)]
    if before == after:
        return
    if takes[0] != takes[1]:
        words = "is refused now" if takes[0] else "is accepted now"
        yield Difference(pointer, words, less=takes[0], more=takes[1])
    elif before is True or before == {}:
        yield Difference(pointer, f"must be {_shown(after)} now", less=True, more=False)
    elif after is True or after == {}:
        yield Difference(pointer, "may be anything now", less=False, more=True)


def _keywords(
    before: Mapping[str, Any], after: Mapping[str, Any], pointer: str
) -> Iterator[Difference]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old == new and type(old) is type(new):
            continue
        if name in ANNOTATIONS or name.startswith("x-"):
            yield Difference(f"{pointer}/{name}", _changed(name, old, new), False, False)
            continue
        compare: Callable[[Any, Any], tuple[bool, bool]] | None = KEYWORDS.get(name)
        if compare is not None:
            less, more = compare(old, new)
            yield Difference(f"{pointer}/{name}", _changed(name, old, new), less, more)
        elif name not in SUBSCHEMAS:
            yield Difference(
                f"{pointer}/{name}",
                f"{_changed(name, old, new)}; what it means is unknown",
                True,
                True,
            )


def _properties(old: Side, new: Side, pointer: str, depth: int) -> Iterator[Difference]:
    before, after = old.schema.get("properties", {}), new.schema.get("properties", {})
    others = (
        old.schema.get("additionalProperties", True),
        new.schema.get("additionalProperties", True),
    )
    for name in dict.fromkeys((*before, *after)):
        at = f"{pointer}/properties/{_escaped(name)}"
        if name in before and name in after:
            yield from differences(old.at(before[name]), new.at(after[name]), at, depth + 1)
        elif name in after:
            closed = others[0] is False
            required = name in new.schema.get("required", ())
            words = f"the property '{name}' is new" + (" and required" if required else "")
            yield Difference(at, words, less=required, more=closed)
        else:
            yield Difference(
                at,
                f"the property '{name}' is gone",
                less=others[1] is False,
                more=others[1] is not False,
            )
    at = f"{pointer}/additionalProperties"
    yield from differences(old.at(others[0]), new.at(others[1]), at, depth + 1)


def _combined(
    old: Side, new: Side, keyword: str, alternatives: bool, pointer: str, depth: int
) -> Iterator[Difference]:
    """Lists of schemas: those that stay are left aside, the others compared in order."""
    before, after = old.schema.get(keyword, []), new.schema.get(keyword, [])
    if not before and after and alternatives:
        yield Difference(f"{pointer}/{keyword}", f"{keyword} is new", less=True, more=False)
        return
    if before and not after and alternatives:
        yield Difference(f"{pointer}/{keyword}", f"{keyword} is gone", less=False, more=True)
        return
    kind = "an alternative" if alternatives else "a rule"
    gone = [each for each in before if each not in after]
    come = [each for each in after if each not in before]
    stayed = [(each, each) for each in after if each in before]  # what they refer to may differ
    for one, other in (*stayed, *zip(gone, come, strict=False)):
        at = f"{pointer}/{keyword}/{after.index(other)}"
        yield from differences(old.at(one), new.at(other), at, depth + 1)
    for one in gone[len(come) :]:
        at = f"{pointer}/{keyword}/{before.index(one)}"
        words = f"{kind} is gone: {_shown(one)}"
        yield Difference(at, words, less=alternatives, more=not alternatives)
    for one in come[len(gone) :]:
        at = f"{pointer}/{keyword}/{after.index(one)}"
        words = f"{kind} is new: {_shown(one)}"
        yield Difference(at, words, less=not alternatives, more=alternatives)


def _changed(name: str, old: Any, new: Any) -> str:
    if old is None:
        return f"{name} is {_shown(new)}, and was not set before"
    if new is None:
        return f"{name} was {_shown(old)}, and is not set any more"
    return f"{name} was {_shown(old)}, and is {_shown(new)}"


def _shown(value: Any) -> str:
    return shown_value(value)


def _follow(root: Any, reference: str) -> Any:
    """What a local reference leads to; where it leads nowhere, anything."""
    target = root
    for step in reference.removeprefix("#").split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(target, list) and name.isdecimal() and int(name) < len(target):
            target = target[int(name)]
        elif isinstance(target, dict) and name in target:
            target = target[name]
        else:
            return True
    return target if reference.startswith("#") else True


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
