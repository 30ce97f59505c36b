"""An OpenAPI 3.1 document: its operations by id and by path."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from mock_mindvideo.domain.pointer import followed

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

#: The extension with the ids of the behaviours that a part rests on.
FIDELITY = "x-fidelity"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; `node` is its Operation Object."""

    id: str
    method: str
    path: str
    node: Mapping[str, Any]

    def fill(self, parameters: Mapping[str, str]) -> str:
        """The path with its parameters; raises KeyError for one that is not given.

        What may stand in a path as it is (RFC 3986, pchar) stands there, as clients write it.
        """
        return re.sub(
            r"\{([^}]+)\}", lambda name: quote(parameters[name[1]], safe="!$&'()*+,;=:@"), self.path
        )

    def takes(self, method: str, path: str) -> bool:
        """Whether a request of that method to that path, without query, is this operation."""
        pattern = re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(self.path))
        return method == self.method and re.fullmatch(pattern, path) is not None


class OpenApi:
    """One document. References lead into the document itself."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.operations = {each.id: each for each in self._operations()}

    def find(self, method: str, path: str) -> Operation | None:
        """The operation that a request is, or None."""
        return next((each for each in self.operations.values() if each.takes(method, path)), None)

    def resolve(self, node: Mapping[str, Any]) -> Any:
        """What a Reference Object leads to, or the node itself; raises LookupError."""
        if "$ref" not in node:
            return node
        return followed(self.document, str(node["$ref"]).removeprefix("#"))

    def responses(self, operation: Operation) -> Mapping[str, Mapping[str, Any]]:
        """The operation's responses by status, references resolved."""
        listed = operation.node.get("responses", {})
        return {str(status): self.resolve(node) for status, node in listed.items()}

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.document.get("paths", {}).items():
            for method, node in item.items():
                if method in METHODS:
                    name = node.get("operationId") or f"{method} {path}"
                    yield Operation(name, method.upper(), path, node)
