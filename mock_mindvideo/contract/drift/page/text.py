"""A page's text as a reader sees it, each part with its line in the file."""

import re
from bisect import bisect_right
from html import unescape

#: Elements that are part of the line they stand in.
_INLINE = frozenset(("a", "abbr", "b", "bdi", "code", "em", "font", "i", "kbd", "mark", "s", "samp",
                     "small", "span", "strong", "sub", "sup", "u", "var", "wbr"))  # fmt: skip
_HIDDEN = ("script", "style", "template", "noscript")
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9-]{0,30})")
_IS_HTML = re.compile(r"<(?:!doctype html|html|head|body|pre|code|div|p|script)\b", re.IGNORECASE)


class Text:
    """A text put together of pieces, each of which knows its line."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._starts: list[int] = []
        self._lines: list[int] = []
        self._length = 0

    def add(self, piece: str, line: int) -> None:
        if piece:
            self._pieces.append(piece)
            self._starts.append(self._length)
            self._lines.append(line)
            self._length += len(piece)

    @property
    def whole(self) -> str:
        return "".join(self._pieces)

    def line(self, at: int) -> int:
        """The line in the file of a place in the text."""
        index = bisect_right(self._starts, at) - 1
        return self._lines[index] if index >= 0 else 1


def page_text(text: str) -> tuple[Text, list[tuple[str, int]]]:
    """What a page shows, and its scripts, each with the line that it begins on."""
    if _IS_HTML.search(text):
        return _Html(text).read()
    found = Text()
    for number, line in enumerate(text.split("\n"), 1):
        found.add(line + "\n", number)
    return found, []


class _Html:
    """Goes through a page once, from tag to tag, whatever the tags are."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lower = text.lower()
        self._shown = Text()
        self._scripts: list[tuple[str, int]] = []
        self._line = 1
        self._at = 0
        self._preformatted = 0

    def read(self) -> tuple[Text, list[tuple[str, int]]]:
        while self._at < len(self._text):
            start = self._text.find("<", self._at)
            self._words(start if start >= 0 else len(self._text))
            if start >= 0:
                self._tag()
        return self._shown, self._scripts

    def _move(self, end: int) -> str:
        """Go to `end`, counting lines; the text that was passed."""
        passed = self._text[self._at : end]
        self._line += passed.count("\n")
        self._at = end
        return passed

    def _words(self, end: int) -> None:
        line = self._line
        for number, piece in enumerate(self._move(end).split("\n")):
            words = unescape(piece)
            if self._preformatted:
                words = ("\n" if number else "") + words
            else:
                words = (" " if number else "") + re.sub(r"\s+", " ", words)
            self._shown.add(words, line + number)

    def _end(self, sign: str) -> int:
        """Past the next such sign, or the end of the page."""
        found = self._lower.find(sign, self._at)
        return len(self._text) if found < 0 else found + len(sign)

    def _tag(self) -> None:
        if self._text.startswith("<!--", self._at):
            self._move(self._end("-->"))
            return
        name = _NAME.match(self._text, self._at + 1)
        if name is None and not self._text.startswith("<!", self._at):
            self._shown.add(self._move(self._at + 1), self._line)
            return
        opening = self._move(self._end(">"))
        element = name[1].lower() if name else ""
        closes = opening.startswith("</")
        if element in _HIDDEN and not closes:
            self._script(element)
        elif element in ("pre", "textarea"):
            self._preformatted = max(0, self._preformatted + (-1 if closes else 1))
        if element and element not in _INLINE:
            self._shown.add("\n", self._line)

    def _script(self, element: str) -> None:
        line = self._line
        end = self._lower.find(f"</{element}", self._at)
        self._scripts.append((self._move(len(self._text) if end < 0 else end), line))
