"""Comparing two schemas: for each difference, whether less, or more, is taken than before.

The words come from comparing keywords; whether anything is refused or accepted that was not is
decided by what the schemas mean (`meaning/`). So two schemas that say the same in other words do
not differ, and a difference that no keyword shows is told with a value that shows it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mock_mindvideo.contract.drift.keywords import KEYWORDS, NEVER, TOLD
from mock_mindvideo.contract.drift.meaning.answers import Found, Nothing, Search
from mock_mindvideo.contract.drift.meaning.deciding import Decider
from mock_mindvideo.contract.drift.meaning.formulas import Formula, Schema, every
from mock_mindvideo.contract.drift.views import NAMED, ONE, SchemasAtPlace, SchemaView, view
from mock_mindvideo.contract.masking import shown_value
from mock_mindvideo.domain.equality import key
from mock_mindvideo.domain.pointer import escaped

#: Levels that two schemas are followed down; recursive schemas have no last one.
DEEPEST = 40
#: Differences that are told, of schemas that share their parts many times over.
MOST_TOLD = 5000


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: `less` of the values are taken than before, or `more`, or both.

    `kind` names what happened, as in "max-decreased"; what is `told_only` means nothing for values.
    """

    pointer: str
    message: str
    less: bool
    more: bool
    kind: str
    told_only: bool = False
    proven: bool = True

    def below(self, pointer: str) -> "Difference":
        return replace(self, pointer=pointer + self.pointer)


class Comparison:
    """Compares schemas of two documents, and remembers what it has found out."""

    def __init__(self) -> None:
        self._decider = Decider()
        self._found: dict[Any, list[Difference]] = {}
        self._told = 0

    def differences(
        self, old: SchemasAtPlace, new: SchemasAtPlace, depth: int = 0
    ) -> list[Difference]:
        """Every difference, the outer ones first; pointers lead from these schemas on."""
        pair = _written(old), _written(new)
        if pair not in self._found:
            if depth > DEEPEST or self._told > MOST_TOLD or _alike(old, new):
                return []
            self._found[pair] = []  # for schemas that lead back to themselves
            found = list(self._compared(view(old), view(new), depth))
            self._found[pair] = self._judged(found, _meaning(old), _meaning(new))
        self._told += len(self._found[pair])
        return self._found[pair]

    def _judged(self, found: list[Difference], one: Formula, other: Formula) -> list[Difference]:
        """The differences, held to what the schemas mean."""
        less, more = self._decider.beyond(one, other), self._decider.beyond(other, one)
        real = [
            each
            if each.told_only
            else replace(
                each,
                less=each.less and not isinstance(less, Nothing),
                more=each.more and not isinstance(more, Nothing),
            )
            for each in found
        ]
        kept = [each for each in real if each.told_only or each.less or each.more]
        for answer, side in ((less, "less"), (more, "more")):
            if not any(getattr(each, side) and not each.told_only for each in kept):
                kept += _shown_by(answer, side, kept)
        return kept

    def _compared(self, old: SchemaView, new: SchemaView, depth: int) -> Iterator[Difference]:
        yield from _words(old.words, new.words)
        yield from self._properties(old, new, depth)
        for name in ONE:
            yield from self._one(old, new, name, depth)
        for name in NAMED:
            yield from self._named(old, new, name, depth)
        for name in ("anyOf", "oneOf", "prefixItems"):
            yield from self._listed(old, new, name, depth)

    def _below(
        self, old: SchemasAtPlace, new: SchemasAtPlace, pointer: str, depth: int
    ) -> Iterator[Difference]:
        for each in self.differences(old, new, depth + 1):
            yield each.below(pointer)

    def _properties(self, old: SchemaView, new: SchemaView, depth: int) -> Iterator[Difference]:
        for name in dict.fromkeys((*old.members, *new.members)):
            before, after = old.member(name), new.member(name)
            at = f"/properties/{escaped(name)}"
            if before is not None and after is not None:
                yield from self._below(before, after, at, depth)
            elif after is not None:
                yield self._added(old, new, name, at)
            else:
                yield _removed(old, new, name, at)

    def _added(self, old: SchemaView, new: SchemaView, name: str, at: str) -> Difference:
        closed = _is_closed(old)
        required = name in new.words.get("required", ())
        words = f"the property '{name}' is new" + (" and required" if required else "")
        kind = "required-property-added" if required else "optional-property-added"
        return Difference(at, words, less=required or not closed, more=closed, kind=kind)

    def _one(self, old: SchemaView, new: SchemaView, name: str, depth: int) -> Iterator[Difference]:
        before, after = old.one.get(name), new.one.get(name)
        stem = _dashed(name)
        if before is not None and after is not None:
            for each in self._below(before, after, f"/{name}", depth):
                if name == "not":
                    each = replace(each, less=each.more, more=each.less)  # noqa: PLW2901
                elif name == "if":
                    each = replace(each, less=True, more=True)  # noqa: PLW2901
                yield each
        elif after is not None:
            words = f"{name} is {_schemas(after)}, and was not set before"
            yield Difference(f"/{name}", words, True, name in _LOOSENING, f"{stem}-added")
        elif before is not None:
            words = f"{name} was {_schemas(before)}, and is not set any more"
            yield Difference(f"/{name}", words, name in _LOOSENING, True, f"{stem}-removed")

    def _named(
        self, old: SchemaView, new: SchemaView, name: str, depth: int
    ) -> Iterator[Difference]:
        before, after = old.named.get(name, {}), new.named.get(name, {})
        stem = {"patternProperties": "pattern-property", "dependentSchemas": "dependent-schema"}[
            name
        ]
        for each in dict.fromkeys((*before, *after)):
            at = f"/{name}/{escaped(each)}"
            if each in before and each in after:
                yield from self._below(before[each], after[each], at, depth)
            else:
                come = each in after
                words = f"{name} '{each}' is {'new' if come else 'gone'}"
                yield Difference(at, words, True, True, f"{stem}-{'added' if come else 'removed'}")

    def _listed(
        self, old: SchemaView, new: SchemaView, name: str, depth: int
    ) -> Iterator[Difference]:
        """Lists of schemas: those that stay are left aside, the others compared in order."""
        before, after = list(old.lists.get(name, ())), list(new.lists.get(name, ()))
        if not before and not after:
            return
        if not before or not after:
            kind = "schema-changed"
            if name == "prefixItems":
                kind = f"prefix-items-{'added' if after else 'removed'}"
            words = f"{name} is {'new' if after else 'gone'}"
            yield Difference(f"/{name}", words, True, True, kind)
            return
        ordered = name == "prefixItems"
        gone, come = _apart(before, after, ordered)
        for one, at in zip(gone, come, strict=False):
            yield from self._below(before[one], after[at], f"/{name}/{at}", depth)
        action = (("removed", True, False), ("added", False, True))
        rest = (gone[len(come) :], before), (come[len(gone) :], after)
        for (indices, places), (what, less, more) in zip(rest, action, strict=True):
            for index in indices:
                shown = _schemas(places[index])
                words = f"an alternative is {'gone' if what == 'removed' else 'new'}: {shown}"
                both = ordered or name == "oneOf"
                kind = f"{_dashed(name)}-{what}"
                yield Difference(f"/{name}/{index}", words, less or both, more or both, kind)


#: Keywords whose schema takes more where it takes less.
_LOOSENING = frozenset(("if", "then", "else", "unevaluatedProperties", "unevaluatedItems"))


def _apart(
    before: list[SchemasAtPlace], after: list[SchemasAtPlace], ordered: bool
) -> tuple[list[int], list[int]]:
    """The places of what is in one list only; where the order counts, of what differs."""
    olds, news = [_meaning(each) for each in before], [_meaning(each) for each in after]
    if ordered:
        return list(range(len(olds))), list(range(len(news)))
    return (
        [index for index, each in enumerate(olds) if each not in news],
        [index for index, each in enumerate(news) if each not in olds],
    )


def _meaning(place: SchemasAtPlace) -> Formula:
    return every(Schema(node) for node in place)


def _written(place: SchemasAtPlace) -> tuple[int, ...]:
    """Which schemas stand at a place; their documents keep them, so that no number comes twice."""
    return tuple(id(node.schema) for node in place)


def _alike(old: SchemasAtPlace, new: SchemasAtPlace) -> bool:
    """Whether two schemas are word for word the same, and lead to nothing else."""
    words = [[key(node.schema) for node in place] for place in (old, new)]
    return words[0] == words[1] and all(node.is_whole for node in (*old, *new))


def _is_closed(side: SchemaView) -> bool:
    closing = (side.one.get(name) for name in ("additionalProperties", "unevaluatedProperties"))
    return any(node.schema is False for place in closing if place for node in place)


def _removed(old: SchemaView, new: SchemaView, name: str, at: str) -> Difference:
    closed = _is_closed(new)
    required = name in old.words.get("required", ())
    words = f"the property '{name}' is gone"
    kind = "required-property-removed" if required else "optional-property-removed"
    return Difference(at, words, less=closed, more=not closed, kind=kind)


def _words(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if name in old and name in new and key(before) == key(after):
            continue
        words = _changed(name, before, after)
        if name in TOLD or name.startswith("x-"):
            for at, one, other in leaves(f"/{name}", before, after):
                words = _changed(at[1:], one, other)
                yield Difference(at, words, False, False, _told_kind(name, after), True)
            continue
        compare: Callable[[Any, Any], tuple[bool, bool]] | None = KEYWORDS.get(name)
        if compare is None:
            words += "; what it means is unknown"
            yield Difference(f"/{name}", words, True, True, f"{_dashed(name)}-changed")
            continue
        less, more = compare(before, after)
        if less or more or name == "default":
            kind = _kind(name, before, after, less)
            yield Difference(f"/{name}", words, less, more, kind, told_only=name == "default")


def leaves(at: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    """The innermost members that differ."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys((*old, *new)):
            if key(old.get(name)) != key(new.get(name)):
                yield from leaves(f"{at}/{escaped(str(name))}", old.get(name), new.get(name))
    else:
        yield at, old, new


def _told_kind(name: str, new: Any) -> str:
    if name == "deprecated":
        return "deprecated" if new is True else "reactivated"
    return f"{_dashed(name)}-changed"


_STEMS = {
    "minimum": "min",
    "maximum": "max",
    "exclusiveMinimum": "exclusive-min",
    "exclusiveMaximum": "exclusive-max",
    "default": "default-value",
    "enum": "enum-value",
}


def _kind(name: str, before: Any, after: Any, less: bool) -> str:
    stem = _STEMS.get(name, _dashed(name))
    if name == "enum" and before is not None:
        return f"{stem}-{'removed' if less else 'added'}"
    if name in _NAMED:
        return _NAMED[name](before, after, less)
    if stem.startswith(("min", "max", "exclusive")):
        actions = ("set", "unset", "increased" if _is_greater(after, before) else "decreased")
    else:
        actions = ("added", "removed", "changed")
    return f"{stem}-{actions[0 if before is None else 1 if after is None else 2]}"


_NAMED: Mapping[str, Callable[[Any, Any, bool], str]] = {
    "enum": lambda _before, _after, _less: "became-enum",
    "type": lambda before, after, _less: _type_kind(before, after),
    "required": lambda _before, _after, less: f"became-{'required' if less else 'optional'}",
}


def _is_greater(one: Any, other: Any) -> bool:
    return None not in (one, other) and bool(one > other)


def _type_kind(before: Any, after: Any) -> str:
    kinds = [{each} if isinstance(each, str) else set(each or ()) for each in (before, after)]
    if kinds[0] and kinds[1] and kinds[0] ^ kinds[1] == {"null"}:
        return "became-nullable" if "null" in kinds[1] else "became-not-nullable"
    return f"type-{_turned(before, after)}"


def _turned(before: Any, after: Any) -> str:
    less, more = KEYWORDS["type"](before, after)
    return "changed" if less and more else "specialized" if less else "generalized"


def _shown_by(answer: Search, side: str, beside: list[Difference]) -> list[Difference]:
    """The difference that a value shows, where no keyword does; or that one cannot be ruled out."""
    kind = "schema-narrowed" if side == "less" else "schema-widened"
    if isinstance(answer, Found):
        told = ("accepted before, and refused now", "refused before, and accepted now")
        words = f"{shown_value(answer.value)} was {told[side == 'more']}"
    elif isinstance(answer, Nothing) or any(not each.told_only for each in beside):
        return []
    else:
        return [Difference("", UNPROVEN, False, False, "schema-changed", True, proven=False)]
    return [Difference("", words, side == "less", side == "more", kind)]


UNPROVEN = "it is written differently, and could not be proven to mean the same"


def _changed(name: str, old: Any, new: Any) -> str:
    if name == NEVER:
        return "nothing is accepted" if new else "something is accepted now"
    if old is None:
        return f"{name} is {shown_value(new)}, and was not set before"
    if new is None:
        return f"{name} was {shown_value(old)}, and is not set any more"
    return f"{name} was {shown_value(old)}, and is {shown_value(new)}"


def _schemas(place: SchemasAtPlace) -> str:
    return " and ".join(shown_value(node.schema) for node in place)


def _dashed(name: str) -> str:
    return "".join(f"-{each.lower()}" if each.isupper() else each for each in name.lstrip("$"))
