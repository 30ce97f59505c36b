"""Schema documents: where a subschema stands, and what a `$ref` names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import jsonschema
import referencing
import referencing.exceptions
from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]
from referencing.jsonschema import DRAFT7, DRAFT202012

from .errors import Unsupported
from .reading import Divisor, Pattern, Reading
from .values import Json, pointer

Path: TypeAlias = tuple[str | int, ...]
Resolver: TypeAlias = Any

DRAFT_2020 = "https://json-schema.org/draft/2020-12/schema"
DRAFT_7 = "http://json-schema.org/draft-07/schema"
_DIALECTS = {DRAFT_2020: DRAFT202012, DRAFT_7: DRAFT7}
_VALIDATORS: dict[str, Any] = {
    DRAFT_2020: jsonschema.Draft202012Validator,
    DRAFT_7: jsonschema.Draft7Validator,
}
_NO_FORMAT = jsonschema.FormatChecker(())  # a schema's own patterns are parsed by its reading
_PLAIN = Reading()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Place:
    """One subschema where it stands; two places are the same only if they are one object."""

    schema: Json
    resolver: Resolver
    pointer: str
    document: Document

    def __repr__(self) -> str:
        """Name the place; strategies show it."""
        return self.pointer

    def get(self, keyword: str, default: Json = None) -> Json:
        """Read a keyword; a boolean schema has none."""
        return self.schema.get(keyword, default)

    def child(self, *tokens: str | int) -> Place:
        """Step down to a subschema, such as `child("properties", "size")`."""
        known = self.document.children.get((self, tokens))
        if known is None:
            known = self.document.children[self, tokens] = self._child(tokens)
        return known

    def _child(self, tokens: Path) -> Place:
        schema = self.schema
        for token in tokens:
            schema = schema[token]
        return self.document.place(schema, self.resolver, self.pointer + pointer(tokens))

    def target(self, reference: str) -> Place:
        """Follow a `$ref`.

        Raises:
            Unsupported: nothing is stored under that name; nothing is ever fetched.
        """
        try:
            resolved = self.resolver.lookup(reference)
        except (referencing.exceptions.Unresolvable, ValueError) as error:
            raise Unsupported(self.pointer, "$ref", f"cannot resolve {reference!r}") from error
        at = self.document.name + reference if reference.startswith("#") else reference
        return self.document.place(resolved.contents, resolved.resolver, at, follow=True)

    def pattern(self, source: str) -> Pattern:
        """Read a pattern that stands here."""
        return Pattern(source, self.document.reading)

    def step(self, divisor: float) -> Divisor:
        """Read a divisor that stands here."""
        return Divisor(divisor, self.document.reading)

    @property
    def draft7(self) -> bool:
        """Tell whether draft 7 rules, where `items` may be a list and `$ref` stands alone."""
        return self.document.dialect == DRAFT_7


def _unshared(schema: Json) -> Json:
    """The schema with an object of its own at each place, since places are told by objects."""
    if isinstance(schema, dict):
        return {name: _unshared(part) for name, part in schema.items()}
    if isinstance(schema, list):
        return [_unshared(part) for part in schema]
    return schema


class Document:
    """A schema with its name, its dialect and one `Place` for each of its subschemas."""

    def __init__(
        self,
        schema: Json,
        name: str = "",
        registry: Any = None,
        dialect: str = DRAFT_2020,
        *,
        checked: bool = False,
        reading: Reading = _PLAIN,
    ) -> None:
        """Take a schema as it was read; `$schema` decides the dialect if it is there.

        `checked` says that it is known to be a schema, which saves looking again;
        `reading` is the validator's.

        Raises:
            Unsupported: a dialect other than 2020-12 and draft 7, or no schema at all.
        """
        self.schema = schema = _unshared(schema)
        self.name = name
        self.reading = reading
        self.dialect = self._dialect(dialect)
        if not checked:
            self._check()
        specification = _DIALECTS[self.dialect]
        self.registry = REGISTRY.combine(registry) if registry is not None else REGISTRY
        resource = specification.create_resource(schema)
        self._names = {id(part): f"{name}#{pointer(path)}" for path, part in _parts(schema)}
        self._specification = specification
        self._places: dict[int | str, Place] = {}
        self.children: dict[tuple[Place, Path], Place] = {}
        self.root = self.place(schema, self.registry.resolver_with_root(resource), f"{name}#")

    def place(self, schema: Json, resolver: Resolver, at: str, *, follow: bool = False) -> Place:
        """Give the one place of this subschema; a `follow`ed one knows its base already."""
        known = at if isinstance(schema, bool) else id(schema)
        found = self._places.get(known)
        if found is None:
            inner = resolver if follow else self._inner(schema, resolver)
            found = Place(schema, inner, self._names.get(id(schema), at), self)
            self._places[known] = found
        return found

    def validator(self, place: Place | None = None) -> Any:
        """Give the independent judge: jsonschema's validator of that subschema."""
        if place is None:
            return self._judge
        kind = self.reading.validator(_VALIDATORS[self.dialect])
        return kind(place.schema, registry=self.registry, _resolver=place.resolver)

    @cached_property
    def _judge(self) -> Any:
        return self.validator(self.root)

    def pointer_of(self, schema: Json) -> str | None:
        """Tell where this very schema stands; None when it is not known here."""
        named = self._names.get(id(schema))
        found = self._places.get(id(schema))
        return named or (found.pointer if found else None)

    def _inner(self, schema: Json, resolver: Resolver) -> Resolver:
        if (
            isinstance(schema, bool)
            or schema is self.schema
            or not ("$id" in schema or "$anchor" in schema)
        ):
            return resolver
        return resolver.in_subresource(self._specification.create_resource(schema))

    def _dialect(self, default: str) -> str:
        named = self.schema.get("$schema", default) if isinstance(self.schema, dict) else default
        dialect = str(named).rstrip("#")
        if dialect not in _DIALECTS:
            raise Unsupported(f"{self.name}#", "$schema", f"{named} is neither 2020-12 nor draft 7")
        return dialect

    def _check(self) -> None:
        try:
            kind = self.reading.validator(_VALIDATORS[self.dialect])
            kind.check_schema(self.schema, format_checker=_NO_FORMAT)
        except jsonschema.SchemaError as error:
            at = f"{self.name}#{pointer(list(error.absolute_path)[:-1])}"
            keyword = str(error.absolute_path[-1]) if error.absolute_path else "schema"
            raise Unsupported(at, keyword, error.message) from error


def _parts(schema: Json, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    if isinstance(schema, dict):
        yield path, schema
        for name, part in schema.items():
            yield from _parts(part, (*path, name))
    elif isinstance(schema, list):
        for index, part in enumerate(schema):
            yield from _parts(part, (*path, index))
