"""What a schema demands of the values of one type, as a formula."""

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any

from mock_mindvideo.contract.drift.meaning.formulas import (
    ALWAYS,
    NEVER,
    Constraint,
    Formula,
    Schema,
    either,
    every,
    negation,
)
from mock_mindvideo.contract.drift.meaning.references import Depends, SchemaNode, meaning_key
from mock_mindvideo.contract.drift.meaning.values import Values
from mock_mindvideo.contract.drift.words import ANNOTATIONS, LISTS, MAPPINGS, SINGLES
from mock_mindvideo.domain.equality import exact, key, kind_of

Demands = Iterator[Formula]


def demands(node: SchemaNode, kind: str) -> Formula:
    """What the schema at `node` demands of values of that kind."""
    schema = node.schema
    if not isinstance(schema, Mapping):
        return NEVER if schema is False else ALWAYS
    reference = node.reference()
    if reference is not None and node.document.lonely_references:
        return _referred(node, reference)
    parts = [*_general(node, kind)]
    reader = _OF_KIND.get(kind)
    if reader is not None:
        parts += reader(node)
    if reference is not None:
        parts.append(_referred(node, reference))
    return _or_null(schema, kind, every(parts))


def _or_null(schema: Mapping[str, Any], kind: str, formula: Formula) -> Formula:
    """`nullable` as OpenAPI 3.0 has it: beside `type` only, and within `enum`."""
    if schema.get("nullable") is not True or kind != "null" or "type" not in schema:
        return formula
    return NEVER if "enum" in schema and None not in schema["enum"] else ALWAYS


def _referred(node: SchemaNode, reference: str) -> Formula:
    target = node.follow(reference)
    return Constraint("opaque", ("$ref", reference)) if target is None else Schema(target)


def _general(node: SchemaNode, kind: str) -> Demands:
    schema = node.schema
    if "type" in schema:
        yield _type(schema["type"], kind)
    if "enum" in schema:
        yield _in(schema["enum"], kind)
    if "const" in schema:
        yield _in([schema["const"]], kind)
    yield from _combined(node)
    for name, value in schema.items():
        if name not in KNOWN and not name.startswith("x-"):
            yield Constraint("opaque", (name, key(value)))


def _type(value: Any, kind: str) -> Formula:
    named = [value] if isinstance(value, str) else value
    if kind in named:
        return ALWAYS
    if kind == "number" and "integer" in named:
        return Constraint("multiple", (exact(1),))
    return NEVER


def _in(values: list[Any], kind: str) -> Formula:
    ours = [each for each in values if kind_of(each) == kind]
    return Constraint("in", (Values(ours),)) if ours else NEVER


def _combined(node: SchemaNode) -> Demands:
    schema = node.schema
    for each in schema.get("allOf", ()):
        yield _of(node, each)
    if "anyOf" in schema:
        yield either(_of(node, each) for each in schema["anyOf"])
    if "oneOf" in schema:
        parts = [_of(node, each) for each in schema["oneOf"]]
        yield either(parts) if _tagged(node) else _one(parts)
    if "not" in schema:
        yield negation(_of(node, schema["not"]))
    if "if" in schema:
        condition = _of(node, schema["if"])
        then, otherwise = (_of(node, schema.get(name, True)) for name in ("then", "else"))
        yield either((negation(condition), then))
        yield either((condition, otherwise))


def _tagged(node: SchemaNode) -> bool:
    """Whether the alternatives are objects told apart by a required member's only value."""
    schemas = [each.schema for each in map(_followed, map(node.at, node.schema["oneOf"]))]
    if not all(isinstance(each, Mapping) and each.get("type") == "object" for each in schemas):
        return False
    names = set[str]().union(*(each.get("required", ()) for each in schemas))
    return any(
        all(_tag(each, name) for each in schemas)
        and len(Values(each["properties"][name]["const"] for each in schemas).by_key)
        == len(schemas)
        for name in names
    )


def _followed(node: SchemaNode) -> SchemaNode:
    reference = node.reference()
    return (node.follow(reference) if reference is not None else None) or node


def _tag(schema: Mapping[str, Any], name: str) -> bool:
    tag = schema.get("properties", {}).get(name)
    return name in schema.get("required", ()) and isinstance(tag, Mapping) and "const" in tag


def _one(parts: list[Formula]) -> Formula:
    """Exactly one: at least one, and no two."""
    apart = (either(map(negation, pair)) for pair in combinations(parts, 2))
    return every((either(parts), *apart))


def _of(node: SchemaNode, schema: Any) -> Formula:
    if isinstance(schema, Mapping) and schema:
        return Schema(node.at(schema))
    return NEVER if schema is False else ALWAYS


def _number(node: SchemaNode) -> Demands:
    schema = node.schema
    for name, word in (("minimum", "least"), ("maximum", "greatest")):
        strictly = "exclusive" + name.capitalize()
        strict = schema.get(strictly)
        if name in schema:  # where until draft 4 and in OpenAPI 3.0 a boolean stands beside it
            yield Constraint(word, (exact(schema[name]), strict is True))
        if strict is not None and not isinstance(strict, bool):
            yield Constraint(word, (exact(strict), True))
    if "multipleOf" in schema:
        yield Constraint("multiple", (abs(exact(schema["multipleOf"])),))


def _string(node: SchemaNode) -> Demands:
    schema = node.schema
    yield from _counted(schema, ("minLength", "shortest"), ("maxLength", "longest"))
    if "pattern" in schema:
        yield Constraint("pattern", (schema["pattern"],))
    if "format" in schema:
        yield Constraint("format", (schema["format"],))
    for name in ("contentEncoding", "contentMediaType", "contentSchema"):
        if name in schema:
            yield Constraint("opaque", (name, _said(schema[name])))


def _said(value: Any) -> Any:
    try:
        return meaning_key(value, set()) if isinstance(value, Mapping) else key(value)
    except Depends:
        return key(value)


def _counted(schema: Mapping[str, Any], *pairs: tuple[str, str]) -> Demands:
    for name, word in pairs:
        if name in schema and (word not in ("shortest", "fewest") or schema[name] > 0):
            yield Constraint(word, (int(schema[name]),))


def _array(node: SchemaNode) -> Demands:
    schema = node.schema
    yield from _counted(schema, ("minItems", "fewest"), ("maxItems", "most"))
    if schema.get("uniqueItems") is True:
        yield Constraint("unique")
    items = schema.get("items", True)
    first = items if isinstance(items, list) else schema.get("prefixItems", ())
    for index, each in enumerate(first):
        yield Constraint("item", (index, _of(node, each)))
    rest = schema.get("additionalItems", True) if isinstance(items, list) else items
    yield _rest(len(first), _of(node, rest))
    if "contains" in schema:
        yield from _contains(node)
    if "unevaluatedItems" in schema:
        yield from _unevaluated_items(node, len(first), "items" in schema)


def _rest(start: int, part: Formula) -> Formula:
    return ALWAYS if part == ALWAYS else Constraint("at_most", (start, negation(part), 0))


def _contains(node: SchemaNode) -> Demands:
    schema, part = node.schema, _of(node, node.schema["contains"])
    least = int(schema.get("minContains", 1))
    if least:
        yield Constraint("at_least", (0, part, least))
    if "maxContains" in schema:
        yield Constraint("at_most", (0, part, int(schema["maxContains"])))


_APPLICATORS = ("$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "dependentSchemas", "not")


def _unevaluated_items(node: SchemaNode, start: int, all_seen: bool) -> Demands:
    schema = node.schema
    if any(name in schema for name in (*_APPLICATORS, "contains")):
        yield Constraint("opaque", ("unevaluatedItems", node.identity))
    elif not all_seen:
        yield _rest(start, _of(node, schema["unevaluatedItems"]))


def _object(node: SchemaNode) -> Demands:
    schema = node.schema
    yield from _counted(schema, ("minProperties", "fewest"), ("maxProperties", "most"))
    for name in schema.get("required", ()) if isinstance(schema.get("required"), list) else ():
        yield Constraint("has", (name,))
    for name, each in schema.get("properties", {}).items():
        yield _member(name, _of(node, each))
    for pattern, each in schema.get("patternProperties", {}).items():
        yield _quantified("matching", (pattern,), _of(node, each))
    known = frozenset(schema.get("properties", {})), frozenset(schema.get("patternProperties", {}))
    others = _of(node, schema.get("additionalProperties", True))
    yield _quantified("others", known, others)
    yield _quantified("names", (), _of(node, schema.get("propertyNames", True)))
    yield from _dependent(node)
    if "unevaluatedProperties" in schema and "additionalProperties" not in schema:
        yield from _unevaluated(node, known)


def _member(name: str, part: Formula) -> Formula:
    if part == NEVER:
        return Constraint("has", (name,), holds=False)
    return ALWAYS if part == ALWAYS else Constraint("member", (name, part))


def _quantified(word: str, given: tuple[Any, ...], part: Formula) -> Formula:
    return ALWAYS if part == ALWAYS else Constraint(word, (*given, part))


def _dependent(node: SchemaNode) -> Demands:
    schema = node.schema
    dependent = {**schema.get("dependentRequired", {}), **schema.get("dependencies", {})}
    for name, needed in [*dependent.items(), *schema.get("dependentSchemas", {}).items()]:
        missing = Constraint("has", (name,), holds=False)
        if isinstance(needed, list):
            then = every(Constraint("has", (each,)) for each in needed)
        else:
            then = _of(node, needed)
        yield either((missing, then))


def _unevaluated(node: SchemaNode, known: tuple[frozenset[str], frozenset[str]]) -> Demands:
    """Like additionalProperties, where what is evaluated stands here or in a plain `allOf`."""
    names, patterns = set(known[0]), set(known[1])
    if all(_gather(each, names, patterns, 0) for each in _static(node)):
        seen = frozenset(names), frozenset(patterns)
        yield _quantified("others", seen, _of(node, node.schema["unevaluatedProperties"]))
    else:
        yield Constraint("opaque", ("unevaluatedProperties", node.identity))


def _gather(node: SchemaNode | None, names: set[str], patterns: set[str], depth: int) -> bool:
    if node is None or depth > 20:
        return False
    schema = node.schema
    if not isinstance(schema, Mapping):
        return True
    if "additionalProperties" in schema or "unevaluatedProperties" in schema:
        return False
    names.update(schema.get("properties", ()))
    patterns.update(schema.get("patternProperties", ()))
    return all(_gather(each, names, patterns, depth + 1) for each in _static(node))


def _static(node: SchemaNode) -> list[SchemaNode | None]:
    """Schemas that always apply beside this one; a None where some apply only sometimes."""
    schema = node.schema
    reference = node.reference()
    found: list[SchemaNode | None] = [node.at(each) for each in schema.get("allOf", ())]
    if reference is not None:
        found.append(node.follow(reference))
    if any(name in schema for name in ("anyOf", "oneOf", "if", "dependentSchemas")):
        found.append(None)
    return found


#: Every keyword that means something here, or nothing to values.
KNOWN = (
    ANNOTATIONS | {*MAPPINGS, *SINGLES, *LISTS}
    | {"$ref", "$dynamicRef", "$recursiveRef", "type", "enum", "const", "minimum", "maximum",
       "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern",
       "format", "contentEncoding", "contentMediaType", "contentSchema", "minItems", "maxItems",
       "uniqueItems", "minContains", "maxContains", "minProperties", "maxProperties", "required",
       "dependentRequired", "dependencies", "nullable"}
)  # fmt: skip
_OF_KIND: Mapping[str, Callable[[SchemaNode], Demands]] = {
    "number": _number,
    "string": _string,
    "array": _array,
    "object": _object,
}
