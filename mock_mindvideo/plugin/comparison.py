"""Whether a JSON value contains another, and where it does not, in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mock_mindvideo.domain.equality import same
from mock_mindvideo.domain.pointer import escaped

_MISSING = object()


def differences(
    expected: Any, found: Any, pointer: str = "", *, exact: bool = False
) -> Iterator[str]:
    """One line for each place where `found` lacks what `expected` says.

    Objects may hold more members than are expected unless it is `exact`; arrays are of the same
    length.
    """
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for name, value in expected.items():
            at = f"{pointer}/{escaped(name)}"
            yield from differences(value, found.get(name, _MISSING), at, exact=exact)
        for name in found.keys() - expected.keys() if exact else ():
            yield f"{pointer}/{escaped(name)}: expected nothing, it is {shown(found[name])}"
    elif _are_lists(expected, found) and len(expected) == len(found):
        for index, value in enumerate(expected):
            yield from differences(value, found[index], f"{pointer}/{index}", exact=exact)
    elif found is _MISSING or not same(expected, found):
        yield f"{pointer or 'the whole body'}: expected {shown(expected)}, {_instead(found)}"


def shown(value: Any, most: int = 80) -> str:
    """A value as it is written in Python, cut."""
    text = repr(value)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _are_lists(one: Any, other: Any) -> bool:
    return all(isinstance(each, Sequence) and not isinstance(each, str) for each in (one, other))


def _instead(found: Any) -> str:
    return "it is missing" if found is _MISSING else f"it is {shown(found)}"
