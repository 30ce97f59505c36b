"""Comparing two versions, part by part; parts that one of them lacks are left aside."""

from collections.abc import Iterator
from dataclasses import replace

from mock_mindvideo.contract.drift.change import Change
from mock_mindvideo.contract.drift.openapi import document_changes
from mock_mindvideo.contract.drift.schemas import Side, differences
from mock_mindvideo.contract.drift.sources import Source
from mock_mindvideo.contract.masking import shown_value
from mock_mindvideo.contract.problems import ContractError, TargetError


def compare(old: Source, new: Source) -> tuple[Change, ...]:
    """Every change, breaking ones first, with its line in the new version.

    Raises TargetError where the two have nothing in common.
    """
    if (old.document is None) != (new.document is None):
        raise TargetError(f"{old.file} and {new.file}: only one is an OpenAPI document")
    found = [replace(each, line=new.line(each.pointer)) for each in _changes(old, new)]
    return tuple(sorted(found, key=lambda each: (not each.breaking, each.line)))


def _changes(old: Source, new: Source) -> Iterator[Change]:
    if old.document is not None and new.document is not None:
        yield from _documents(old, new)
        return
    yield from _schema("schema", old.schema, new.schema, new.concerns)
    if old.rules is not None and new.rules is not None:
        yield from _schema("rules", old.rules, new.rules, new.concerns)
    yield from _price(old, new)
    if None not in (old.example, new.example) and old.example != new.example:
        words = f"the example is {shown_value(new.example)}"
        yield Change("example", "", words, requests=False, readers=False)


def _documents(old: Source, new: Source) -> tuple[Change, ...]:
    try:
        return tuple(document_changes(old.document, new.document))
    except (AttributeError, LookupError, TypeError, ValueError) as problem:
        reason = f"one of the two is not a well-formed OpenAPI document: {problem}"
        raise ContractError(f"{old.file}, {new.file}", reason) from None


def _schema(part: str, old: object, new: object, concerns: str) -> Iterator[Change]:
    for each in differences(Side(old, old), Side(new, new)):
        yield Change(part, each.pointer, each.message, each.less, each.more, concerns)


def _price(old: Source, new: Source) -> Iterator[Change]:
    if old.price is None or new.price is None or old.price == new.price:
        return
    words = f"the example costs {new.price} USD, and cost {old.price} USD"
    if None not in (old.example, new.example) and old.example != new.example:
        words += "; but it is another example"
    yield Change("price", "", words, requests=True, readers=False)
