"""Pairs of schemas and documents: equal in meaning, or breaking."""
# ruff: noqa: E501 - a row for each pair

import copy
from typing import Any

Pair = tuple[Any, Any]

S = {"type": "string", "minLength": 2}
TREE = {
    "type": "object",
    "properties": {
        "value": {"type": "integer"},
        "inner": {"type": "array", "items": {"$ref": "#"}},
    },
    "required": ["value"],
}
NAMED_TREE = {
    "$ref": "#/$defs/node",
    "$defs": {
        "node": {
            "type": "object",
            "required": ["value"],
            "properties": {
                "inner": {"items": {"$ref": "#/$defs/node"}, "type": "array"},
                "value": {"type": "integer"},
            },
        }
    },
}


def behind(schema: Any, **more: Any) -> dict[str, Any]:
    """A property `a` of that schema."""
    return {"type": "object", "properties": {"a": schema}, **more}


EQUAL: dict[str, Pair] = {
    "const is enum of one": ({"const": "x"}, {"enum": ["x"]}),
    "allOf of one": (S, {"allOf": [S]}),
    "allOf within allOf": (S, {"allOf": [{"allOf": [{"type": "string"}]}, {"minLength": 2}]}),
    "anyOf of one": (S, {"anyOf": [S]}),
    "types as anyOf": ({"type": ["string", "null"]}, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
    "types as oneOf": ({"type": ["string", "array"]}, {"oneOf": [{"type": "array"}, {"type": "string"}]}),
    "types in another order": ({"type": ["null", "string"]}, {"type": ["string", "null"]}),
    "whole numbers' lower bound": ({"type": "integer", "minimum": 2}, {"type": "integer", "exclusiveMinimum": 1}),
    "whole numbers' upper bound": ({"type": "integer", "maximum": 9}, {"type": "integer", "exclusiveMaximum": 10}),
    "a fraction as whole numbers' bound": ({"type": "integer", "minimum": 2}, {"type": "integer", "minimum": 1.5}),
    "enum as oneOf const": ({"enum": ["a", "b"]}, {"oneOf": [{"const": "a"}, {"const": "b"}]}),
    "enum as anyOf": ({"enum": ["a", "b", 1]}, {"anyOf": [{"enum": ["a", 1]}, {"const": "b"}]}),
    "enum in another order": ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}),
    "enum beside its type": ({"enum": ["a", "b"]}, {"type": "string", "enum": ["a", "b"]}),
    "enum with what its type refuses": ({"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["a", 1]}),
    "a switch": ({"type": "boolean"}, {"enum": [True, False]}),
    "one is one point nought": ({"enum": [1, 2]}, {"enum": [1.0, 2]}),
    "null": ({"type": "null"}, {"const": None}),
    "not not": (S, {"not": {"not": S}}),
    "not of another type": ({"type": ["string", "number", "boolean", "null", "array"]}, {"not": {"type": "object"}}),
    "lengths that say nothing": ({"type": "string"}, {"type": "string", "minLength": 0}),
    "counts that say nothing": ({"type": "array"}, {"type": "array", "minItems": 0, "uniqueItems": False, "items": {}}),
    "no required names": (behind(S), behind(S, required=[])),
    "open objects": (behind(S), behind(S, additionalProperties=True)),
    "open objects again": (behind(S, additionalProperties={}), behind(S)),
    "a member that may be anything": (behind({}), behind(True)),
    "words": (behind(S), behind({**S, "title": "A", "description": "b", "examples": ["cc"]})),
    "words of the mock's own": (behind({**S, "x-hint": 1}), behind(S)),
    "order of members": (behind(S, required=["a", "b"]), {"required": ["b", "a"], "properties": {"a": S}, "type": "object"}),
    "items as a tuple of draft 7": ({"prefixItems": [S], "items": False}, {"$schema": "http://json-schema.org/draft-07/schema#", "items": [S], "additionalItems": False}),
    "a member in an allOf": (behind(S, required=["a"]), {"type": "object", "allOf": [{"properties": {"a": S}}, {"required": ["a"]}]}),
    "a reference": (behind(S), behind({"$ref": "#/$defs/s"}, **{"$defs": {"s": S}})),
    "a reference with a sibling": (behind(S), behind({"$ref": "#/$defs/s", "minLength": 2}, **{"$defs": {"s": {"type": "string"}}})),
    "a reference with escapes": (behind(S), behind({"$ref": "#/$defs/a~1b~0c%25"}, **{"$defs": {"a/b~c%": S}})),
    "an anchor": (behind(S), behind({"$ref": "#here"}, **{"$defs": {"s": {**S, "$anchor": "here"}}})),
    "a relative reference": (behind(S), {"$id": "https://example.com/all/", **behind({"$ref": "parts/s"}), "$defs": {"s": {"$id": "parts/s", **S}}}),
    "a dynamic reference": (behind({"type": "array", "items": S}), behind({"type": "array", "items": {"$dynamicRef": "#it"}}, **{"$defs": {"s": {"$dynamicAnchor": "it", **S}}})),
    "a tree": (TREE, NAMED_TREE),
    "a choice by its tag": (
        {"type": "object", "oneOf": [{"properties": {"k": {"const": 1}}, "required": ["k"]}, {"properties": {"k": {"const": 2}}, "required": ["k"]}]},
        {"type": "object", "anyOf": [{"properties": {"k": {"const": 2}}, "required": ["k"]}, {"properties": {"k": {"const": 1}}, "required": ["k"]}]},
    ),
    "if as dependentRequired": ({"if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"dependentRequired": {"a": ["b"]}}),
    "contains as a ban": ({"type": "array", "contains": S}, {"type": "array", "not": {"items": {"not": S}}}),
    "bounds that others include": ({"type": "number", "minimum": 3}, {"type": "number", "allOf": [{"minimum": 1}, {"minimum": 3}]}),
    "steps that others include": ({"type": "number", "multipleOf": 6}, {"type": "number", "allOf": [{"multipleOf": 2}, {"multipleOf": 3}]}),
    "integer as a step": ({"type": "integer"}, {"type": "number", "multipleOf": 1}),
    "patterns of one language": ({"pattern": "^a+$"}, {"pattern": "^aa*$"}),
    "a pattern for a length": ({"type": "string", "minLength": 1, "pattern": "^[ab]*$"}, {"type": "string", "pattern": "^[ab]+$"}),
    "nothing, in two ways": (behind(False), behind({"not": {}})),
    "a pattern for one word": ({"type": "string", "pattern": "^a{3}$"}, {"const": "aaa"}),
    "a pattern for a list": ({"type": "string", "pattern": "^(?:a|b\\.c)$"}, {"enum": ["a", "b.c"]}),
    "a pattern for one name": (behind(S), {"type": "object", "patternProperties": {"^a$": S}}),
    "names as patterns": ({"type": "object", "propertyNames": {"pattern": "^x"}}, {"type": "object", "patternProperties": {"^x": True}, "additionalProperties": False}),
    "anything": ({}, True),
    "a pattern of ECMA-262": ({"pattern": "^\\p{L}+$"}, {"allOf": [{"pattern": "^\\p{L}+$"}]}),
    "an alternative that others include": ({"type": "string"}, {"anyOf": [{"type": "string"}, S]}),
    "a required member that must not be": ({"type": "string"}, {"anyOf": [{"type": "string"}, behind(False, required=["a"])]}),
    "unevaluated as additional": (behind(S, additionalProperties=False), behind(S, unevaluatedProperties=False)),
    "a pattern for every name": ({"type": "object", "patternProperties": {"": S}}, {"type": "object", "additionalProperties": S}),
    "property names as a closed list": ({"type": "object", "properties": {"a": True}, "additionalProperties": False}, {"type": "object", "propertyNames": {"const": "a"}}),
}  # fmt: skip

#: Old, new: what the new one refuses was accepted.
NARROWER: dict[str, Pair] = {
    "numbers as switches": ({"enum": [0, 1]}, {"enum": [False, True]}),
    "one as true": ({"const": 1}, {"const": True}),
    "a shorter list": ({"enum": ["a", "b"]}, {"enum": ["a"]}),
    "a closed list": ({"type": "string"}, {"enum": ["a", "b"]}),
    "alternatives that exclude each other": ({"anyOf": [{"type": "integer"}, {"minimum": 3}]}, {"oneOf": [{"type": "integer"}, {"minimum": 3}]}),
    "a bound": ({"type": "integer", "minimum": 2}, {"type": "integer", "exclusiveMinimum": 2}),
    "a bound of numbers": ({"type": "number", "minimum": 2}, {"type": "number", "exclusiveMinimum": 2}),
    "a type less": ({"type": ["string", "null"]}, {"anyOf": [{"type": "string"}]}),
    "whole numbers": ({"type": "number"}, {"type": "integer"}),
    "another step": ({"multipleOf": 2}, {"multipleOf": 4}),
    "a pattern": ({"pattern": "^[a-z0-9]+$"}, {"pattern": "^[a-z]+$"}),
    "a pattern of ECMA-262": ({"type": "string", "pattern": "^\\p{L}+$"}, {"type": "string", "pattern": "^\\p{Lu}+$"}),
    "a word of a pattern less": ({"type": "string", "pattern": "^(?:a|b|c)$"}, {"enum": ["a", "b"]}),
    "a kind out of anything": ({}, {"not": {"type": "object"}}),
    "a longest length": ({"maxLength": 5}, {"allOf": [{"maxLength": 5}, {"maxLength": 4}]}),
    "a ban": ({"type": "string"}, {"type": "string", "not": {"const": "x"}}),
    "a required member": (behind(S), behind(S, required=["a"])),
    "a required member in an allOf": (behind(S), {"allOf": [behind(S), {"required": ["a"]}]}),
    "closed objects": (behind(S), behind(S, additionalProperties=False)),
    "names": ({"type": "object"}, {"type": "object", "propertyNames": {"maxLength": 3}}),
    "items": ({"type": "array", "items": S}, {"type": "array", "items": {**S, "maxLength": 3}}),
    "a first item": ({"type": "array", "prefixItems": [True]}, {"type": "array", "prefixItems": [S]}),
    "no item twice": ({"type": "array"}, {"type": "array", "uniqueItems": True}),
    "an item that is there": ({"type": "array"}, {"type": "array", "contains": {"const": 1}}),
    "a duty by another member": (behind(S), behind(S, dependentRequired={"a": ["b"]})),
    "a duty by a condition": (behind(S), behind(S, **{"if": {"required": ["a"]}, "then": {"required": ["b"]}})),
    "behind a reference with escapes": (
        behind({"$ref": "#/$defs/a~1b~0c%25"}, **{"$defs": {"a/b~c%": {"type": "string"}}}),
        behind({"$ref": "#/$defs/a~1b~0c%25"}, **{"$defs": {"a/b~c%": S}})),
    "behind an anchor": (
        behind({"$ref": "#here"}, **{"$defs": {"s": {"type": "string", "$anchor": "here"}}}),
        behind({"$ref": "#here"}, **{"$defs": {"s": {**S, "$anchor": "here"}}})),
    "behind a relative reference": (
        {"$id": "https://example.com/all/", **behind({"$ref": "parts/s"}), "$defs": {"s": {"$id": "parts/s", "type": "string"}}},
        {"$id": "https://example.com/all/", **behind({"$ref": "parts/s"}), "$defs": {"s": {"$id": "parts/s", **S}}}),
    "behind a dynamic reference": (
        behind({"type": "array", "items": {"$dynamicRef": "#it"}}, **{"$defs": {"s": {"$dynamicAnchor": "it", "type": "string"}}}),
        behind({"type": "array", "items": {"$dynamicRef": "#it"}}, **{"$defs": {"s": {"$dynamicAnchor": "it", **S}}})),
    "behind a dynamic reference that another schema answers": (
        {"$id": "https://example.com/strict", "$dynamicAnchor": "node", "$ref": "tree", "$defs": {"t": {"$id": "https://example.com/tree", "$dynamicAnchor": "node", "properties": {"inner": {"$dynamicRef": "#node"}}}}},
        {"$id": "https://example.com/strict", "$dynamicAnchor": "node", "$ref": "tree", "required": ["value"], "$defs": {"t": {"$id": "https://example.com/tree", "$dynamicAnchor": "node", "properties": {"inner": {"$dynamicRef": "#node"}}}}}),
    "beside a reference": (
        behind({"$ref": "#/$defs/s"}, **{"$defs": {"s": {"type": "string"}}}),
        behind({"$ref": "#/$defs/s", "minLength": 2}, **{"$defs": {"s": {"type": "string"}}})),
    "deep in a tree": (TREE, {**copy.deepcopy(TREE), "properties": {**TREE["properties"], "value": {"type": "integer", "minimum": 0}}}),  # type: ignore[dict-item]
    "a reference turned round": (
        behind({"$ref": "#/$defs/b"}, **{"$defs": {"a": S, "b": {"type": "string"}}}),
        behind({"$ref": "#/$defs/a"}, **{"$defs": {"a": S, "b": {"type": "string"}}})),
    "unevaluated members": (
        {"allOf": [{"properties": {"a": S}}]},
        {"allOf": [{"properties": {"a": S}}], "unevaluatedProperties": False}),
    "a pattern's members": ({"patternProperties": {"^x-": True}}, {"patternProperties": {"^x-": {"type": "string"}}}),
    "a count": ({"minProperties": 1}, {"minProperties": 2}),
}  # fmt: skip


def tagged(count: int) -> list[Any]:
    """Alternatives that a member tells apart."""
    return [
        {
            "type": "object",
            "properties": {"k": {"const": n}, "v": {"minimum": n}},
            "required": ["k"],
        }
        for n in range(count)
    ]


EQUAL["many choices by their tag"] = {"oneOf": tagged(8)}, {"anyOf": tagged(8)}


def api(**more: Any) -> dict[str, Any]:
    """A document of one operation."""
    operation = {
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "requestBody": {"content": {"application/json": {"schema": behind(S)}}},
        "responses": {
            "200": {
                "description": "",
                "content": {"application/json": {"schema": behind(S, required=["a"])}},
            }
        },
        "security": [{"key": []}],
    }
    operation |= more.pop("operation", {})
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://api.example.com/v1"}],
        "paths": {"/things/{id}": {"post": operation}},
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    } | more


def answering(schema: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return api(operation={"responses": {"200": {"description": "", "content": content}}})


def scheme(name: str = "key", **more: Any) -> dict[str, Any]:
    return api(operation={"security": [{name: []}]}, components={"securitySchemes": {name: more}})


EQUAL_DOCUMENTS: dict[str, Pair] = {
    "a path's parameter by another name": (api(), {**api(), "paths": {"/things/{thing}": {"post": {**api()["paths"]["/things/{id}"]["post"], "parameters": [{"name": "thing", "in": "path", "required": True, "schema": {"type": "string"}}]}}}}),
    "parameters of the path": (api(), {**api(), "paths": {"/things/{id}": {"parameters": api()["paths"]["/things/{id}"]["post"]["parameters"], "post": {k: v for k, v in api()["paths"]["/things/{id}"]["post"].items() if k != "parameters"}}}}),
    "a server's last slash": (api(), api(servers=[{"url": "https://API.example.com:443/v1/"}])),
    "a server's variable": (api(), api(servers=[{"url": "https://{host}/v1", "variables": {"host": {"default": "api.example.com"}}}])),
    "a path that moves into the server": (api(), {**api(), "servers": [{"url": "https://api.example.com"}], "paths": {"/v1/things/{id}": api()["paths"]["/things/{id}"]}}),
    "a scheme by another name": (api(), scheme("token", type="http", scheme="Bearer")),
    "security of the document": (api(), {**api(operation={}), "security": [{"key": []}]}),
    "what is said of it": (api(), api(info={"title": "other", "version": "2"}, tags=[{"name": "x"}])),
    "a deprecation": (api(), api(operation={"deprecated": True})),
    "a style that is the usual one": (api(), api(operation={"parameters": [{"name": "id", "in": "path", "required": True, "style": "simple", "explode": False, "schema": {"type": "string"}}]})),
    "a component": (answering(S), {**answering({"$ref": "#/components/schemas/S"}), "components": {**api()["components"], "schemas": {"S": S}}}),
    "nullable of 3.0": ({**answering({"type": ["string", "null"]})}, {**answering({"type": "string", "nullable": True}), "openapi": "3.0.3"}),
    "an optional member more in an answer": (answering(behind(S, additionalProperties=False)), answering(behind(S, additionalProperties=False) | {"properties": {"a": S, "b": S}})),
    "a narrower answer": (answering({"enum": ["a", "b"]}), answering({"enum": ["a"]})),
    "a wider body": (api(), api(operation={"requestBody": {"content": {"application/json": {"schema": behind({"type": "string"})}}}})),
}  # fmt: skip

BREAKING_DOCUMENTS: dict[str, tuple[Any, Any, str]] = {
    "a member less in an answer": (answering(behind(S, properties={"a": S, "b": S})), answering(behind(S)), "response-optional-property-removed"),
    "a member that may be missing": (answering(behind(S, required=["a"])), answering(behind(S)), "response-property-became-optional"),
    "a wider answer": (answering({"enum": ["a"]}), answering({"enum": ["a", "b"]}), "response-body-enum-value-added"),
    "an answer that may be null": (answering(S), answering({"anyOf": [S, {"type": "null"}]}), "response-body-became-nullable"),
    "numbers as switches in an answer": (answering({"enum": [0, 1]}), answering({"enum": [False, True]}), "response-body-enum-value-removed"),
    "another scheme": (scheme(type="http", scheme="bearer"), scheme(type="http", scheme="basic"), "api-security-removed"),
    "a key in another place": (scheme(type="apiKey", name="k", **{"in": "header"}), scheme(type="apiKey", name="k", **{"in": "query"}), "api-security-removed"),
    "a key where none was needed": (api(operation={"security": []}), api(), "api-security-added"),
    "a second key": (api(), api(operation={"security": [{"key": [], "other": []}]}), "api-security-removed"),
    "a scope more": (api(operation={"security": [{"key": ["read"]}]}), api(operation={"security": [{"key": ["read", "write"]}]}), "api-security-scope-added"),
    "another server": (api(), api(servers=[{"url": "https://other.example.com/v1"}]), "api-server-removed"),
    "a server's choice less": (
        api(servers=[{"url": "https://{at}.example.com", "variables": {"at": {"default": "eu", "enum": ["eu", "us"]}}}]),
        api(servers=[{"url": "https://{at}.example.com", "variables": {"at": {"default": "eu", "enum": ["eu"]}}}]), "api-server-removed"),
    "no path any more": (api(), api(paths={}), "api-path-removed-without-deprecation"),
    "another method": (api(), {**api(), "paths": {"/things/{id}": {"put": api()["paths"]["/things/{id}"]["post"]}}}, "api-removed-without-deprecation"),
    "gone before its day": (api(operation={"deprecated": True, "x-sunset": "9999-01-01"}), api(paths={}), "api-path-removed-before-sunset"),
    "an earlier last day": (api(operation={"deprecated": True, "x-sunset": "2999-01-01"}), api(operation={"deprecated": True, "x-sunset": "2998-01-01"}), "api-sunset-date-changed-too-small"),
    "another status": (api(), api(operation={"responses": {"201": api()["paths"]["/things/{id}"]["post"]["responses"]["200"]}}), "response-success-status-removed"),
    "another media type": (api(), api(operation={"responses": {"200": {"description": "", "content": {"text/plain": {}}}}}), "response-media-type-removed"),
    "another media type of the body": (api(), api(operation={"requestBody": {"content": {"text/plain": {}}}}), "request-body-media-type-removed"),
    "a body that must be": (api(), api(operation={"requestBody": {"required": True, "content": {"application/json": {"schema": behind(S)}}}}), "request-body-became-required"),
    "a parameter that must be": (api(), api(operation={"parameters": [*api()["paths"]["/things/{id}"]["post"]["parameters"], {"name": "q", "in": "query", "required": True, "schema": {}}]}), "new-required-request-parameter"),
    "a narrower parameter": (api(), api(operation={"parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string", "maxLength": 5}}]}), "request-parameter-max-length-set"),
    "a parameter written another way": (
        api(operation={"parameters": [{"name": "q", "in": "query", "schema": {"type": "array"}}]}),
        api(operation={"parameters": [{"name": "q", "in": "query", "explode": False, "schema": {"type": "array"}}]}), "request-parameter-style-changed"),
    "a header less": (
        api(operation={"responses": {"200": {"description": "", "headers": {"X-Id": {"required": True, "schema": {}}}}}}),
        api(operation={"responses": {"200": {"description": ""}}}), "required-response-header-removed"),
    "a narrower body": (api(), api(operation={"requestBody": {"content": {"application/json": {"schema": behind({**S, "maxLength": 9})}}}}), "request-property-max-length-set"),
}  # fmt: skip
