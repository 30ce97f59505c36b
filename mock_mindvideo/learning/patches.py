"""JSON Merge Patches (RFC 7396) that make one value of another."""

from collections.abc import Mapping
from typing import Any

from mock_mindvideo.catalog.platforms import merge_patch
from mock_mindvideo.domain.equality import same
from mock_mindvideo.domain.pointer import steps
from mock_mindvideo.learning.proposal import REMOVED, Proposal

Raw = Mapping[str, Any]


def changed(proposal: Proposal) -> dict[str, Any]:
    """The patch that a proposal is."""
    return _at(proposal.pointer, _to(proposal.was, proposal.value))


def applied(raw: Raw, patch: Raw) -> Raw:
    """A file's content with a patch merged over it."""
    merged: Raw = merge_patch(raw, patch)
    return merged


def difference(before: Raw, after: Raw) -> dict[str, Any]:
    """The least patch that makes `after` of `before`."""
    found: dict[str, Any] = {name: None for name in before if name not in after}
    for name, value in after.items():
        if name not in before:
            found[name] = value
        elif not same(before[name], value):
            found[name] = _to(before[name], value)
    return found


def _to(before: Any, after: Any) -> Any:
    if after is REMOVED:
        return None
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return difference(before, after)
    return after


def _at(pointer: str, value: Any) -> dict[str, Any]:
    for step in reversed(steps(pointer)):
        value = {str(step): value}
    return dict(value)
