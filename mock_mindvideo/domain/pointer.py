"""JSON Pointers (RFC 6901): written, read and followed here and nowhere else."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

#: An item's number as RFC 6901 has it, of so many digits that any list has fewer items.
_INDEX = re.compile("0|[1-9][0-9]{0,17}")


def escaped(name: str) -> str:
    """A name as a step of a pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def unescaped(step: str) -> str:
    """The name that a step of a pointer stands for."""
    return step.replace("~1", "/").replace("~0", "~")


def pointer(path: Iterable[str | int]) -> str:
    """The pointer of a path; the empty one means the whole value."""
    return "".join([f"/{escaped(str(step))}" for step in path])


def steps(pointer: str) -> list[str]:
    """The names that a pointer leads through."""
    return [unescaped(step) for step in pointer.split("/")[1:]]


def followed(value: Any, pointer: str) -> Any:
    """What the pointer leads to inside `value`; raises LookupError."""
    for name in steps(pointer):
        if isinstance(value, Mapping) and name in value:
            value = value[name]
        elif isinstance(value, list) and _INDEX.fullmatch(name) and int(name) < len(value):
            value = value[int(name)]
        else:
            raise LookupError(pointer)
    return value
