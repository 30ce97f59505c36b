"""Comparing two versions, part by part; parts that one of them lacks are left aside."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from mock_mindvideo.contract.drift.change import Drift
from mock_mindvideo.contract.drift.judging import of_schema
from mock_mindvideo.contract.drift.openapi.comparing import document_changes
from mock_mindvideo.contract.drift.page.comparing import page_changes
from mock_mindvideo.contract.drift.schemas import Comparison, leaves
from mock_mindvideo.contract.drift.sources import Source
from mock_mindvideo.contract.masking import shown_value
from mock_mindvideo.contract.problems import ContractError, TargetError
from mock_mindvideo.domain.equality import key
from mock_mindvideo.domain.pointer import steps
from mock_mindvideo.platform import PLATFORM

_ORDER = ("error", "warning", "info")


def compare(old: Source, new: Source, today: date | None = None) -> tuple[Drift, ...]:
    """Every change, breaking ones first, with its line in the new version.

    Raises TargetError where the two have nothing in common.
    """
    if (old.document is None) != (new.document is None):
        raise TargetError(f"{old.file} and {new.file}: only one is an OpenAPI document")
    try:
        found = [
            each if each.line else replace(each, line=new.line(each.pointer))
            for each in dict.fromkeys(_changes(old, new, today or date.today()))
        ]
    except RecursionError:
        raise ContractError(f"{old.file}, {new.file}", "one is nested too deeply") from None
    return tuple(
        sorted(found, key=lambda each: (_ORDER.index(each.level(each.concerns)), each.line))
    )


def _changes(old: Source, new: Source, today: date) -> Iterator[Drift]:
    if old.document is not None and new.document is not None:
        yield from _documents(old, new, today)
        return
    yield from _schema("schema", old, new)
    yield from _rules(old, new)
    yield from _example(old, new)
    if old.said is not None and new.page is not None:
        yield from page_changes(old.said, new.page)


def _documents(old: Source, new: Source, today: date) -> tuple[Drift, ...]:
    if key(old.document) == key(new.document):
        return ()
    try:
        sides = old.whole(old.document), new.whole(new.document)
        return tuple(document_changes(*sides, today))
    except (AttributeError, LookupError, TypeError, ValueError) as problem:
        reason = f"one of the two is not a well-formed OpenAPI document: {problem}"
        raise ContractError(f"{old.file}, {new.file}", reason) from None


def _schema(part: str, old: Source, new: Source) -> Iterator[Drift]:
    if _same(old.schema, new.schema):
        return
    sides = old.whole(old.schema).top, new.whole(new.schema).top
    for each in Comparison().differences((sides[0],), (sides[1],)):
        change = of_schema(each, part, "", new.concerns)
        if new.page is None:
            yield change
        elif not (old.said and change.pointer.endswith("/description")):  # its sentences are told
            yield replace(change, facts=_documented(change.pointer))


def _same(old: object, new: object) -> bool:
    return key(old) == key(new)


def _documented(pointer: str) -> tuple[str, ...]:
    """The fact that documents a part of the schema on the vendor's page."""
    return ("D19",) if "/x-playground" in pointer else ("D15",)


def _rules(old: Source, new: Source) -> Iterator[Drift]:
    if old.rules is None or new.rules is None or _same(old.rules, new.rules):
        return
    sides = old.whole(old.rules).top, new.whole(new.rules).top
    for each in Comparison().differences((sides[0],), (sides[1],)):
        yield of_schema(each, "rules", "", new.concerns)


def _example(old: Source, new: Source) -> Iterator[Drift]:
    other = None not in (old.example, new.example) and not _same(old.example, new.example)
    facts = ("D13",) if new.page else ()
    expected = old.price
    if other:
        expected = old.estimate(new.example)
        yield from _other_example(old, new, expected, facts)
    if None not in (expected, new.price) and expected != new.price:
        words = f"the example costs {new.price} USD, and cost {expected} USD"
        yield Drift("price", "", words, True, False, line=_cost_line(new), facts=facts,
                     kind="price-changed", place="")  # fmt: skip


def _other_example(
    old: Source, new: Source, expected: Decimal | None, facts: tuple[str, ...]
) -> Iterator[Drift]:
    """Another input, at a price that is not known to be the same as before."""
    request = new.page.request if new.page else None
    for at, _, now in leaves("", old.example, new.example):
        path = ("input", *steps(at))
        line = request.lines.of(path) if request else 0
        words = f"the example's {at or 'input'} is {shown_value(now)}"
        yield Drift("example", at, words, False, False, line=line, facts=facts, place="",
                     kind="example-changed", risky=expected is None)  # fmt: skip


def _cost_line(new: Source) -> int:
    """The line of the price in the page."""
    for answer in new.page.answers if new.page else ():
        for name in (PLATFORM.members.cost, PLATFORM.members.estimate):
            if name in answer.value:
                return answer.lines.of((name,))
    return 0
