"""An OpenAPI document as its operations, with what each inherits."""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from mock_mindvideo.contract.drift.meaning.references import (
    LONGEST_CHAIN,
    SchemaDocument,
    SchemaNode,
)
from mock_mindvideo.domain.pointer import escaped

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

#: Addresses that the variables of one server are filled in to.
MOST_ADDRESSES = 100


class Malformed(ValueError):
    """A part of the document that is not what OpenAPI has there: where, and what was expected."""


class ComparedOperation(NamedTuple):
    """One operation; `item` is the Path Item Object that it stands in."""

    method: str
    path: str
    node: SchemaNode
    item: SchemaNode

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def pointer(self) -> str:
        return f"/paths/{escaped(self.path)}/{self.method.lower()}"


class Api:
    """The operations, webhooks and servers of one OpenAPI document."""

    def __init__(self, document: SchemaDocument) -> None:
        self.top = document.top
        paths = _object(child(self.top, "paths"), "/paths")
        hooks = _object(child(self.top, "webhooks"), "/webhooks")
        self.operations = {(each.method, plain(each.path)): each for each in _operations(paths)}
        self.webhooks = {(each.method, each.path): each for each in _operations(hooks)}

    def servers(self, operation: ComparedOperation) -> dict[str, str]:
        """The addresses that an operation is at, by their servers' own; normalised."""
        for node in (operation.node, operation.item, self.top):
            listed = node.schema.get("servers")
            if listed:
                return {each: each for server in listed for each in _addresses(server)}
        return {"": ""}

    def addresses(self, operation: ComparedOperation) -> set[str]:
        """The operation's whole addresses, parameters without their names."""
        return {f"{base}{plain(operation.path)}" for base in self.servers(operation)}

    def security(self, operation: ComparedOperation) -> list[Mapping[str, Any]]:
        """The alternatives by which callers are let in; one of them empty is none needed."""
        for node in (operation.node, self.top):
            if "security" in node.schema:
                return list(node.schema["security"]) or [{}]
        return [{}]

    def scheme(self, name: str) -> SchemaNode | None:
        """A security scheme by its name."""
        schemes = child(child(self.top, "components"), "securitySchemes")
        return real(schemes.at(schemes.schema[name])) if name in schemes.schema else None


def plain(path: str) -> str:
    """A path without the names of its parameters, which no request shows."""
    return re.sub(r"\{[^{}]*\}", "{}", path)


def real(node: SchemaNode) -> SchemaNode:
    """What a Reference Object leads to, or the node itself; raises Malformed."""
    for _ in range(LONGEST_CHAIN):
        if not isinstance(node.schema, Mapping):
            raise Malformed(f"an object was expected, not {str(node.schema)[:60]}")
        reference = node.schema.get("$ref")
        if not isinstance(reference, str):
            return node
        target = node.follow(reference)
        if target is None:
            raise Malformed(f"the reference {reference} leads nowhere")
        node = target
    raise Malformed("a chain of references without an end")


def child(node: SchemaNode, name: str) -> SchemaNode:
    """The object of that name, references followed; an empty one where there is none."""
    return real(node.at(_object(node, "").get(name, {})))


def children(node: SchemaNode, name: str) -> dict[str, SchemaNode]:
    """The objects in a map of that name, references followed."""
    inner = child(node, name)
    return {str(each): real(inner.at(value)) for each, value in inner.schema.items()}


def _object(node: SchemaNode, where: str) -> Any:
    if not isinstance(node.schema, Mapping):
        raise Malformed(f"{where}: an object was expected")
    return node.schema if not where else node


def _operations(paths: SchemaNode) -> Iterator[ComparedOperation]:
    for path, value in paths.schema.items():
        if str(path).startswith("x-"):
            continue
        item = real(paths.at(value))
        for method in METHODS:
            if method in item.schema:
                yield ComparedOperation(
                    method.upper(), str(path), real(item.at(item.schema[method])), item
                )


def _addresses(server: Any) -> Iterator[str]:
    """A server's addresses: each choice of its variables, as URLs are compared."""
    variables = server.get("variables", {})
    choices = [
        [(name, str(each)) for each in variable.get("enum", [variable.get("default", "")])]
        for name, variable in variables.items()
    ]
    for count, choice in enumerate(product(*choices)):
        if count >= MOST_ADDRESSES:
            return
        url = str(server.get("url", "/"))
        for name, value in choice:
            url = url.replace(f"{{{name}}}", value)
        yield _normal(url)


def _normal(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.lower()
    for scheme, port in (("http", ":80"), ("https", ":443")):
        if parts.scheme.lower() == scheme:
            host = host.removesuffix(port)
    start = f"{parts.scheme.lower()}://{host}" if host else ""
    return start + parts.path.rstrip("/")
