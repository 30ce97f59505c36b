"""Regular expressions of ECMA-262, read.

Look-around, back references, word boundaries and properties such as `\\p{L}` are not read; of
patterns with them, nothing is known.
"""

from typing import NamedTuple, Union

HIGHEST = 0x10FFFF

#: Code points from, to.
Ranges = tuple[tuple[int, int], ...]

_DIGITS: Ranges = ((48, 57),)
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE: Ranges = ((9, 13), (32, 32), (160, 160), (5760, 5760), (8192, 8202), (8232, 8233),
                  (8239, 8239), (8287, 8287), (12288, 12288), (65279, 65279))  # fmt: skip
_LINE_ENDS: Ranges = ((10, 10), (13, 13), (8232, 8233))
_CONTROLS = {"n": 10, "r": 13, "t": 9, "f": 12, "v": 11, "0": 0}


class Unreadable(ValueError):
    """A pattern that is wrong, or beyond what is read here."""


def without(ranges: Ranges) -> Ranges:
    """Every code point that is not in the set."""
    found, start = [], 0
    for low, high in sorted(ranges):
        if start < low:
            found.append((start, low - 1))
        start = max(start, high + 1)
    if start <= HIGHEST:
        found.append((start, HIGHEST))
    return tuple(found)


class Characters(NamedTuple):
    """One character of a set."""

    ranges: Ranges


class Edge(NamedTuple):
    """The text's start, or its end."""

    end: bool


class Sequence(NamedTuple):
    """Parts that match one after the other."""

    parts: tuple["Regex", ...]


class Alternatives(NamedTuple):
    """Parts of which one matches."""

    parts: tuple["Regex", ...]


class Repeated(NamedTuple):
    """A part so many times; `most` None is without end."""

    part: "Regex"
    least: int
    most: int | None


Regex = Union[Characters, Edge, Sequence, Alternatives, Repeated]  # noqa: UP007 - forward names


def read_pattern(text: str) -> Regex:
    """What a pattern says; raises Unreadable."""
    return _PatternReader(text).whole()


class _PatternReader:
    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0

    def whole(self) -> Regex:
        found = self._alternatives()
        if self._at < len(self._text):
            raise Unreadable("a ) too much")
        return found

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, text: str) -> bool:
        found = self._text.startswith(text, self._at)
        self._at += len(text) * found
        return found

    def _alternatives(self) -> Regex:
        parts = [self._sequence()]
        while self._take("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Alternatives(tuple(parts))

    def _sequence(self) -> Regex:
        parts: list[Regex] = []
        while self._peek() not in ("", "|", ")"):
            part = self._atom()
            least, most = self._quantifier()
            if (least, most) != (1, 1):
                self._take("?")  # how greedy it is decides what is matched, not whether
                part = Repeated(part, least, most)
            parts.append(part)
        return Sequence(tuple(parts))

    def _quantifier(self) -> tuple[int, int | None]:
        for sign, counts in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(sign):
                return counts
        if self._peek() == "{":
            end = self._text.find("}", self._at)
            low, comma, high = self._text[self._at + 1 : end].partition(",")
            if end > 0 and low.isdecimal() and (not high or high.isdecimal()):
                self._at = end + 1
                return int(low), (int(high) if high else None) if comma else int(low)
        return 1, 1

    def _atom(self) -> Regex:
        if self._take("^"):
            return Edge(end=False)
        if self._take("$"):
            return Edge(end=True)
        if self._take("("):
            return self._group()
        if self._peek() in ("*", "+", "?"):
            raise Unreadable("nothing to repeat")
        return Characters(self._characters())

    def _group(self) -> Regex:
        if self._take("?"):
            if self._take("<") and self._peek() not in ("=", "!", ""):
                self._at = self._text.find(">", self._at) + 1
            elif not self._take(":"):
                raise Unreadable("look-around")
        found = self._alternatives()
        if not self._take(")"):
            raise Unreadable("a ( too much")
        return found

    def _characters(self) -> Ranges:
        if self._take("["):
            return self._class()
        if self._take("."):
            return without(_LINE_ENDS)
        if self._take("\\"):
            return self._escaped()
        return self._one(self._letter())

    def _letter(self) -> int:
        letter = self._peek()
        if not letter:
            raise Unreadable("ends too early")
        self._at += 1
        return ord(letter)

    @staticmethod
    def _one(point: int) -> Ranges:
        return ((point, point),)

    def _escaped(self, in_class: bool = False) -> Ranges:
        letter = chr(self._letter())
        for name, ranges in (("d", _DIGITS), ("w", _WORD), ("s", _SPACE)):
            if letter.lower() == name:
                return ranges if letter == name else without(ranges)
        if letter == "b" and in_class:
            return self._one(8)
        if letter in _CONTROLS:
            return self._one(_CONTROLS[letter])
        if letter in ("x", "u"):
            return self._one(self._hexadecimal(2 if letter == "x" else 4))
        if letter.isalnum():
            raise Unreadable(f"\\{letter}")
        return self._one(ord(letter))

    def _hexadecimal(self, digits: int) -> int:
        if self._take("{"):
            end = self._text.find("}", self._at)
            text, self._at = self._text[self._at : end], end + 1
        else:
            text, self._at = self._text[self._at : self._at + digits], self._at + digits
        try:
            return int(text, 16)
        except ValueError:
            raise Unreadable("no hexadecimal number") from None

    def _class(self) -> Ranges:
        negated, found = self._take("^"), list[tuple[int, int]]()
        while not self._take("]"):
            part = self._member()
            if self._peek() == "-" and self._text[self._at + 1 : self._at + 2] not in ("]", ""):
                self._at += 1
                part = ((part[0][0], self._member()[-1][1]),)
            found += part
        return without(tuple(found)) if negated else tuple(sorted(found))

    def _member(self) -> Ranges:
        return self._escaped(in_class=True) if self._take("\\") else self._one(self._letter())
