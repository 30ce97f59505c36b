"""Answers to "is there a value that…?"."""

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Found:
    """There is such a value: this one."""

    value: Any


class Nothing:
    """There is none, and that is proven."""


class Unknown:
    """Neither a value was found nor a proof that there is none."""


NOTHING, UNKNOWN = Nothing(), Unknown()
Search = Found | Nothing | Unknown


class TooComplex(Exception):
    """The question takes more steps than it is worth."""


class Decides(Protocol):
    """What answers questions about the parts of a value; formulas are those of `formulas`."""

    def find(self, formula: Any) -> Search:
        """A value that the formula describes."""

    def takes(self, formula: Any, value: Any) -> bool | None:
        """Whether the formula describes the value; None where that cannot be told."""

    def kept(self, value: Any, box: Any) -> bool | None:
        """Whether a value keeps every condition of a box."""
