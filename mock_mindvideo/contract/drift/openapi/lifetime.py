"""What is announced to go, and what is gone."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from mock_mindvideo.contract.drift.change import Drift
from mock_mindvideo.contract.drift.openapi.api import ComparedOperation
from mock_mindvideo.contract.drift.openapi.payloads import Pair


def removal(operation: ComparedOperation, whole: bool, today: date) -> Drift:
    """An operation that is gone; `whole` where its path is too.

    It breaks its callers, unless it was deprecated, and its date, if it named one, has passed.
    """
    node = operation.node.schema
    sunset = node.get("x-sunset")
    stem = "api-path-removed" if whole else "api-removed"
    kind, words, breaks = f"{stem}-without-deprecation", "the operation is gone", True
    if node.get("deprecated") is True:
        day = _day(sunset)
        if sunset is not None and (day is None or day > today):
            kind = f"{stem}-before-sunset"
            words += f", before its date, {sunset}"
        else:
            kind, breaks = f"{stem}-with-deprecation", False
            words += ", as was announced"
    return Drift(operation.name, operation.pointer, words, breaks, False, kind=kind, place="")


def lifetime(pair: Pair) -> Iterator[Drift]:
    """What is said of an operation's future, and its names for generators."""
    old, new = pair.before.node.schema, pair.after.node.schema
    was, now = (each.get("deprecated") is True for each in (old, new))
    sunsets = old.get("x-sunset"), new.get("x-sunset")
    if now and not was:
        with_date = "" if sunsets[1] is None else "-with-sunset"
        yield pair.told("is deprecated", f"endpoint-deprecated{with_date}")
    elif was and not now:
        yield pair.told("is not deprecated any more", "endpoint-reactivated")
    if was and now and sunsets[0] is not None:
        yield from _moved(pair, *sunsets)
    if old.get("operationId") != new.get("operationId"):
        kind = "added" if "operationId" not in old else "removed"
        words = f"operationId was {old.get('operationId')}, and is {new.get('operationId')}"
        yield pair.told(words, f"api-operation-id-{kind}")


def _moved(pair: Pair, old: Any, new: Any) -> Iterator[Drift]:
    if new is None:
        yield pair.sent("", "its last day is not named any more", True, "sunset-deleted", "")
        return
    before, after = _day(old), _day(new)
    if before is not None and (after is None or after < before):
        words = f"its last day was {old}, and is {new}"
        yield pair.sent("", words, True, "api-sunset-date-changed-too-small", "")


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
