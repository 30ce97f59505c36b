"""Schemas where they stand, and what their references lead to, as JSON Schema resolves them."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any

import referencing
import referencing.exceptions
import referencing.jsonschema

from mock_mindvideo.contract.drift.words import ANNOTATIONS, LISTS, MAPPINGS, SINGLES
from mock_mindvideo.domain.equality import key

#: Steps that one chain of references is followed.
LONGEST_CHAIN = 50

#: Keywords whose values are data, so that an `$id` or `$anchor` in them is not one.
_DATA = frozenset(("enum", "const", "default", "example", "examples"))

#: The address of a document that has none.
BASE = "https://drift.invalid/document"

Retrieve = Callable[[str], Any]

_referencing: Any = referencing  # its classes are made by attrs, which types do not show


def _inner(contents: Any) -> Iterator[Any]:
    """Everything below that may be a schema, in schemas as in OpenAPI documents."""
    for name, value in contents.items() if isinstance(contents, dict) else ():
        if name in _DATA:
            continue
        if name in (*MAPPINGS, "schemas") and isinstance(value, dict):
            yield from (each for each in value.values() if isinstance(each, dict))
        elif isinstance(value, dict):
            yield value
        elif isinstance(value, list):
            yield from (each for each in value if isinstance(each, dict))


def _id(contents: Any) -> str | None:
    found = contents.get("$id") if isinstance(contents, dict) else None
    return found.rstrip("#") if isinstance(found, str) and not found.startswith("#") else None


def _anchors(specification: Any, contents: Any) -> Iterator[Any]:
    if not isinstance(contents, dict):
        return
    resource = specification.create_resource(contents)
    names = [contents.get("$anchor")]
    if isinstance(contents.get("$id"), str) and contents["$id"].startswith("#"):
        names.append(contents["$id"][1:])  # as until draft 7
    for name in names:
        if isinstance(name, str):
            yield _referencing.Anchor(name=name, resource=resource)
    if isinstance(contents.get("$dynamicAnchor"), str):
        name = contents["$dynamicAnchor"]
        yield _referencing.jsonschema.DynamicAnchor(name=name, resource=resource)


_SPECIFICATION: Any = _referencing.Specification(
    name="schemas and documents that hold them",
    id_of=_id,
    subresources_of=_inner,
    anchors_in=_anchors,
    maybe_in_subresource=lambda segments, resolver, subresource: resolver.in_subresource(
        subresource
    ),
)


class SchemaDocument:
    """One version, whole: what all its nodes share.

    `retrieve` gives the contents of other documents by their URI, or raises LookupError.
    """

    def __init__(self, root: Any, base: str = BASE, retrieve: Retrieve | None = None) -> None:
        self.root = root
        self._identities: dict[int, Hashable] = {}
        self._kept: list[Any] = []
        self._retrieve = retrieve
        self._base = base
        registry: Any = _referencing.Registry(retrieve=self._fetched)
        resource = _SPECIFICATION.create_resource(root)
        self._registry = registry.with_resource(base, resource).crawl()
        dialect, version = (_text(root, name) for name in ("$schema", "openapi"))
        #: Whether what stands beside `$ref` means nothing, as until draft 7 and in OpenAPI 3.0.
        self.lonely_references = version.startswith("3.0") or any(
            f"draft-0{number}" in dialect for number in (3, 4, 5, 6, 7)
        )

    @cached_property
    def top(self) -> "SchemaNode":
        return SchemaNode(self, self.root, self._registry.resolver(base_uri=self._base)).settled()

    def _fetched(self, uri: str) -> Any:
        try:
            if self._retrieve is not None:
                return _SPECIFICATION.create_resource(self._retrieve(uri))
        except LookupError:
            pass  # as for any other document that is not at hand
        raise _referencing.exceptions.NoSuchResource(ref=uri)

    def identity(self, node: "SchemaNode", scope: tuple[str, ...]) -> Hashable:
        """What a schema says, where that can be told; otherwise, which one it is."""
        if not isinstance(node.schema, dict):
            return node.schema is not False
        number = id(node.schema)
        if number not in self._identities:
            self._kept.append(node.schema)  # so that no other object gets its id
            self._identities[number] = None
            with suppress(Depends, RecursionError):  # which is then known by its place
                words = said(node), _closure(node), self.lonely_references
                self._identities[number] = ("says", *words)
        found = self._identities[number]
        return found if found is not None else ("is", id(self), number, scope)


def _text(root: Any, name: str) -> str:
    return str(root.get(name, "")) if isinstance(root, dict) else ""


class Depends(Exception):
    """The schema's words alone do not say what it means."""


def said(node: "SchemaNode", references: set[str] | None = None) -> Hashable:
    """Equal for schemas that differ in annotations, order and the writing of numbers only.

    Raises Depends where the meaning depends on more than the words that references lead to.
    """
    return meaning_key(node.schema, set() if references is None else references)


def _closure(node: "SchemaNode") -> Hashable:
    """What the references in a schema lead to, and those in there."""
    found: dict[str, Hashable] = {}
    left = [node]
    while left:
        each, references = left.pop(), set[str]()
        said(each, references)
        for reference in references - found.keys():
            target = each.follow(reference)
            if target is None:
                raise Depends
            found[reference] = said(target)
            left.append(target)
    return frozenset(found.items())


def meaning_key(schema: Any, references: set[str]) -> Hashable:
    """The key of `said`; adds the references that it meets."""
    if not isinstance(schema, dict):
        return schema is not False
    found: list[tuple[str, Hashable]] = []
    for name, value in schema.items():
        if name in ("$dynamicRef", "$recursiveRef", "$id"):
            raise Depends
        if name == "$ref":
            references.add(str(value))
        if name in ANNOTATIONS or name.startswith("x-"):
            continue
        if name in MAPPINGS and isinstance(value, dict):
            inner = ((str(n), meaning_key(each, references)) for n, each in value.items())
            found.append((name, frozenset(inner)))
        elif name in SINGLES and isinstance(value, dict | bool):
            found.append((name, meaning_key(value, references)))
        elif name in LISTS and isinstance(value, list):
            found.append((name, tuple(meaning_key(each, references) for each in value)))
        else:
            found.append((name, key(value)))
    return frozenset(found)


class SchemaNode:
    """A schema, and where its references are looked up."""

    __slots__ = ("document", "identity", "resolver", "schema")

    def __init__(self, document: SchemaDocument, schema: Any, resolver: Any) -> None:
        self.document = document
        self.schema = schema
        self.resolver = resolver
        scope = dict.fromkeys(uri for uri, _ in resolver.dynamic_scope())
        self.identity: Hashable = document.identity(self, tuple(scope))

    @property
    def is_whole(self) -> bool:
        """Whether its words say all, with no reference to others."""
        says = isinstance(self.identity, tuple) and self.identity[0] == "says"
        return isinstance(self.schema, bool) or (says and not self.identity[2])  # type: ignore[index]

    def at(self, schema: Any) -> "SchemaNode":
        """A schema inside this one."""
        return SchemaNode(self.document, schema, self.resolver).settled()

    def settled(self) -> "SchemaNode":
        """With the base that its own `$id` gives it."""
        if not isinstance(self.schema, dict) or not isinstance(self.schema.get("$id"), str):
            return self
        inner = self.resolver.in_subresource(_SPECIFICATION.create_resource(self.schema))
        return SchemaNode(self.document, self.schema, inner)

    def reference(self) -> str | None:
        """The reference that stands here, if one does."""
        for name in ("$ref", "$dynamicRef", "$recursiveRef"):
            if isinstance(self.schema, Mapping) and isinstance(self.schema.get(name), str):
                return str(self.schema[name])
        return None

    def follow(self, reference: str) -> "SchemaNode | None":
        """What a reference leads to, or None where that is not at hand."""
        try:
            found = self.resolver.lookup(reference)
        except (referencing.exceptions.Unresolvable, ValueError):
            return None
        if isinstance(found.contents, dict | bool):
            return SchemaNode(self.document, found.contents, found.resolver).settled()
        return None
