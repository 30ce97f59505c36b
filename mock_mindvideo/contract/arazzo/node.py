"""A value of an Arazzo file with its place; asking it for what it is not is told by line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from mock_mindvideo.contract.problems import ContractError
from mock_mindvideo.contract.yaml_lines import Path_, YamlLines

_NAMES = {str: "a text", dict: "an object", list: "a list", int: "a whole number", bool: "a flag"}


class Node:
    """One value. Raises ContractError where it is not what is asked of it."""

    def __init__(self, value: Any, file: Path, lines: YamlLines, path: Path_ = ()) -> None:
        self.value = value
        self.file = file
        self.path = path
        self._lines = lines

    @property
    def line(self) -> int:
        return self._lines.of(self.path)

    def refuse(self, reason: str) -> NoReturn:
        """Raise ContractError with this place."""
        pointer = "/" + "/".join(map(str, self.path))
        raise ContractError(self.file, reason, line=self.line, pointer=pointer)

    def at(self, name: str) -> "Node":
        """The member `name`; refused where it is missing."""
        found = self.get(name)
        if found is None:
            self.refuse(f"'{name}' is required")
        return found

    def get(self, name: str) -> "Node | None":
        """The member `name`, or None."""
        members = self.expect(dict)
        if name not in members:
            return None
        return Node(members[name], self.file, self._lines, (*self.path, name))

    def expect(self, kind: type) -> Any:
        """The bare value, of that kind."""
        is_flag = isinstance(self.value, bool) and kind is not bool
        if not isinstance(self.value, kind) or is_flag:
            self.refuse(f"must be {_NAMES[kind]}")
        return self.value

    def text(self, name: str, default: str | None = None) -> str:
        """The text under `name`; required where there is no default."""
        found = self.at(name) if default is None else self.get(name)
        return (default or "") if found is None else str(found.expect(str))

    def items(self, name: str) -> Iterator["Node"]:
        """The items of the list under `name`; none where it is missing."""
        found = self.get(name)
        for index, item in enumerate(found.expect(list) if found else ()):
            yield Node(item, self.file, self._lines, (*self.path, name, index))

    def texts(self, name: str) -> tuple[str, ...]:
        """The list of texts under `name`."""
        return tuple(str(item.expect(str)) for item in self.items(name))

    def mapping(self, name: str) -> dict[str, str]:
        """The object of texts under `name`."""
        found = self.get(name)
        names = found.expect(dict) if found else {}
        return {each: found.text(each) for each in names} if found else {}

    def only(self, what: str, known: str, unsupported: str = "") -> None:
        """Refuse members that this object cannot have, or that the runner does not support."""
        for name in self.expect(dict):
            if name in unsupported.split():
                self._member(name).refuse(f"{what} with '{name}' are not supported by this runner")
            if name not in known.split() and not name.startswith("x-"):
                self._member(name).refuse(f"{what} have no '{name}'; known are {known}")

    def _member(self, name: str) -> "Node":
        return Node(self.value[name], self.file, self._lines, (*self.path, name))
