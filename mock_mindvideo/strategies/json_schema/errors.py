"""What the strategies refuse to do, and how they say so."""

from __future__ import annotations


class Unsupported(ValueError):
    """A schema that no strategy can be made of; raised when it is made, never while drawing.

    Attributes:
        pointer: where the keyword stands, such as `input.schema.json#/properties/size`.
        keyword: the keyword that is out of reach.
    """

    def __init__(self, pointer: str, keyword: str, reason: str) -> None:
        """Name the place, the keyword and the reason."""
        super().__init__(f"{pointer}: {keyword}: {reason}")
        self.pointer = pointer
        self.keyword = keyword
        self.reason = reason
