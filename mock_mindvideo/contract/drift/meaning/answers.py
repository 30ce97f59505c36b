"""Answers to "is there a value that…?"."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Found:
    """There is: this one."""

    value: Any


class Nothing:
    """There is none, and that is proven."""


class Unknown:
    """Neither a value was found nor a proof that there is none."""


NOTHING, UNKNOWN = Nothing(), Unknown()
Answer = Found | Nothing | Unknown


class TooComplex(Exception):
    """The question takes more steps than it is worth."""
