"""YAML as JSON values, each with the line it stands on.

Plain words are read as YAML 1.2's core schema has them, so that `on` is a word and `2026-01-01`
a text, as they are for every other reader of Arazzo files.
"""

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from mock_mindvideo.contract.problems import ContractError
from mock_mindvideo.system.files import read_file

#: Steps from a document's root: names and indices.
Path_ = tuple[str | int, ...]

#: More values than a file has by hand; a few lines of nested aliases can stand for billions.
MOST_VALUES = 100_000

#: Levels of nesting, likewise.
DEEPEST = 200

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: Mapping[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf"), math.inf),
    "-.inf": -math.inf,
}
#: Digits of a number; Python reads some thousand.
MOST_DIGITS = 1000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlLines:
    """The line of each value by its path, from 1; what has none of its own has its parent's."""

    def __init__(self) -> None:
        self._lines: dict[Path_, int] = {}

    def add(self, path: Path_, line: int) -> None:
        self._lines[path] = line

    def of(self, path: Path_) -> int:
        """The line of the value at `path`."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def read_yaml(file: Path) -> tuple[Any, YamlLines]:
    """The one document in `file`, YAML or JSON, and its lines.

    Raises ContractError as `read_text` and `parse_yaml` do.
    """
    return parse_yaml(file, read_text(file))


def read_text(file: Path) -> str:
    """What stands in `file`; raises ContractError where it cannot be read."""
    try:
        return read_file(file).decode("utf-8")
    except OSError as error:
        raise ContractError(file, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ContractError(file, "is not UTF-8") from None


def parse_yaml(file: Path, text: str) -> tuple[Any, YamlLines]:
    """The one document in `text`, which stands in `file`, and its lines.

    Raises ContractError where it is no YAML, has a tag or a name twice, or is out of all
    proportion: too deep, or too large.
    """
    try:
        _check_depth(file, text)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ContractError(file, f"is not YAML: {error.problem}", line=line) from None
    except yaml.YAMLError as error:
        raise ContractError(file, f"is not YAML: {' '.join(str(error).split())}") from None
    except ValueError as error:  # an escape that stands for no character
        raise ContractError(file, f"is not YAML: {error}") from None
    reader = _YamlReader(file)
    return reader.value(root, ()), reader.lines


def _check_depth(file: Path, text: str) -> None:
    """Raise ContractError for YAML that is nested so deeply that libyaml would crash on it."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark else 0
            raise ContractError(file, f"is nested over {DEEPEST} levels", line=line)


class _YamlReader:
    def __init__(self, file: Path) -> None:
        self.lines = YamlLines()
        self._file = file
        self._values = 0
        self._open: set[int] = set()

    def value(self, node: Any, path: Path_) -> Any:
        if node is None:
            return None
        self._enter(node, path)
        try:
            if isinstance(node, yaml.MappingNode):
                return self._mapping(node, path)
            if isinstance(node, yaml.SequenceNode):
                items = enumerate(node.value)
                return [self.value(child, (*path, index)) for index, child in items]
            return self._scalar(node)
        finally:
            self._open.discard(id(node))

    def _enter(self, node: Any, path: Path_) -> None:
        self.lines.add(path, node.start_mark.line + 1)
        self._values += 1
        if self._values > MOST_VALUES:
            raise self._problem(node, f"holds over {MOST_VALUES} values, aliases counted")
        if id(node) in self._open:
            raise self._problem(node, "an alias leads back to itself")
        self._open.add(id(node))

    def _mapping(self, node: Any, path: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name_node, child in node.value:
            if not isinstance(name_node, yaml.ScalarNode):
                raise self._problem(name_node, "a name must be a plain word")
            name = str(name_node.value)
            if name in found:
                raise self._problem(name_node, f"the name '{name}' stands twice")
            found[name] = self.value(child, (*path, name))
            self.lines.add((*path, name), name_node.start_mark.line + 1)
        return found

    def _scalar(self, node: Any) -> Any:
        text: str = node.value
        if node.style:  # quoted, or a block
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INT.fullmatch(text):
            if len(text) > MOST_DIGITS:
                raise self._problem(node, f"a number has over {MOST_DIGITS} digits")
            return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
        return float(text) if _FLOAT.fullmatch(text) else text

    def _problem(self, node: Any, reason: str) -> ContractError:
        return ContractError(self._file, reason, line=node.start_mark.line + 1)
