"""JSON in a text: its value, and the line of each part; comments are passed over."""

import json
import re
from typing import Any

from mock_mindvideo.contract.yaml_lines import Path_, YamlLines

#: Levels that are read; more is nobody's schema.
DEEPEST = 200

_SPACE = re.compile(r"\s+|//[^\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}
_LONGEST_NUMBER = 400


class NotJson(ValueError):
    """What stands there is no JSON: where, and what was expected."""

    def __init__(self, at: int, expected: str) -> None:
        super().__init__(expected)
        self.at = at
        self.expected = expected


class TooDeep(ValueError):
    """Nested over DEEPEST levels."""


class JsonText:
    """Reads one value of a text. `starts` are where the parts begin, by their path."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.end = 0
        self.starts: dict[Path_, int] = {}
        self.twice: tuple[str, int] | None = None

    def read(self, at: int) -> Any:
        """The value that begins at `at`; raises NotJson or TooDeep."""
        self.end = at
        self._skip()
        return self._value(())

    def whole(self) -> Any:
        """The value that is the whole text; raises NotJson or TooDeep."""
        found = self.read(0)
        self._skip()
        if self.end < len(self._text):
            raise NotJson(self.end, "nothing more")
        return found

    def _skip(self) -> None:
        while True:
            if self._text.startswith("/*", self.end):
                end = self._text.find("*/", self.end + 2)
                self.end = len(self._text) if end < 0 else end + 2
            elif found := _SPACE.match(self._text, self.end):
                self.end = found.end()
            else:
                return

    def _value(self, path: Path_) -> Any:
        if len(path) > DEEPEST:
            raise TooDeep(f"nested over {DEEPEST} levels")
        self.starts.setdefault(path, self.end)
        sign = self._text[self.end : self.end + 1]
        if sign == "{":
            return self._object(path)
        if sign == "[":
            return self._array(path)
        return self._string() if sign == '"' else self._plain()

    def _plain(self) -> Any:
        for word, value in _WORDS.items():
            if self._text.startswith(word, self.end):
                self.end += len(word)
                return value
        number = _NUMBER.match(self._text, self.end)
        if number is None or len(number[0]) > _LONGEST_NUMBER:
            raise NotJson(self.end, "a value")
        self.end = number.end()
        return json.loads(number[0])

    def _string(self) -> str:
        found = _STRING.match(self._text, self.end)
        if found is None:
            raise NotJson(self.end, 'a text in "')
        try:
            value = str(json.loads(found[0]))
        except ValueError:
            raise NotJson(self.end, "a text without wrong escapes") from None
        self.end = found.end()
        return value

    def _object(self, path: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _ in self._parts("}"):
            start, name = self.end, self._string()
            self._skip()
            self._sign(":")
            self._skip()
            if name in found:
                self.twice = self.twice or (name, start)
            self.starts[(*path, name)] = start
            found[name] = self._value((*path, name))
        return found

    def _array(self, path: Path_) -> list[Any]:
        found: list[Any] = []
        for _ in self._parts("]"):
            found.append(self._value((*path, len(found))))
        return found

    def _parts(self, end: str) -> Any:
        self.end += 1
        self._skip()
        while not self._text.startswith(end, self.end):
            yield
            self._skip()
            if self._text.startswith(end, self.end):
                break
            self._sign(",")
            self._skip()
        self.end += 1

    def _sign(self, sign: str) -> None:
        if not self._text.startswith(sign, self.end):
            raise NotJson(self.end, f"a {sign}")
        self.end += 1

    def lines(self, line_of: Any) -> YamlLines:
        """The line of each part, where `line_of` knows that of a place in the text."""
        found = YamlLines()
        for path, at in self.starts.items():
            found.add(path, line_of(at))
        return found
