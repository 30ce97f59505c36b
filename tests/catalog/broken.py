"""What can be wrong with a schema file, and what is then to be told."""

import json

from mock_mindvideo.platform.data import data_folder

from .folders import SLUG, changed

MODEL, INPUT, PRICING = "model.json", "input.schema.json", "pricing.json"
LIFECYCLE = json.loads((data_folder("schemas") / "platform" / "lifecycle.json").read_text())

#: The properties of the right model without any rule about them.
LOOSE = {"type": "object", "properties": {"prompt": {}, "n": {"default": 1}, "mode": {}}}


def prop(schema, **defs):
    """An input schema with one more property `a`."""
    content = changed(INPUT, "/properties/a", schema)
    return {INPUT: content[INPUT] | ({"$defs": defs} if defs else {})}


def lifecycle(**members):
    return {"platform/lifecycle.json": LIFECYCLE | members}


def plan(*states):
    return lifecycle(plan=[{"state": state, "seconds": 1} for state in states])


#: What is wrong, the files that make it so, and the file, pointer and reason to be told.
BROKEN = {
    "bad JSON": ({MODEL: '{"slug": }'}, MODEL, "", "is not JSON: "),
    "NaN": ({PRICING: '{"minimum": NaN}'}, PRICING, "", "is not JSON: "),
    "not UTF-8": ({MODEL: b'{"title": "\xff"}'}, MODEL, "", "is not JSON: "),
    "no object": ({INPUT: "true"}, INPUT, "", "must be a JSON object"),
    "wrong slug": (
        changed(MODEL, "/slug", "other"),
        *(MODEL, "/slug", f"must be '{SLUG}', the folder"),
    ),
    "bad slug": (changed(MODEL, "/slug", "No Slug"), MODEL, "/slug", "'No Slug' does not match "),
    "no title": (changed(MODEL, "/title", ...), MODEL, "", "'title' is a required property"),
    "unknown output": (
        changed(MODEL, "/output", "sounds"),
        *(MODEL, "/output", "'sounds' is not one of ['videos', 'images']"),
    ),
    "unknown member": (
        changed(MODEL, "/price", 1),
        *(MODEL, "", "Additional properties are not allowed ('price' was unexpected)"),
    ),
    "example not valid": (
        changed(MODEL, "/example/n", 9),
        *(MODEL, "/example/n", "the example is not valid: must be at most 4; it is 9 ("),
    ),
    "example over a missing property": (
        changed(MODEL, "/example", {}),
        *(MODEL, "/example", "the example is not valid: the property 'prompt' is required ("),
    ),
    "example against the rules": (
        {"rules.schema.json": {"title": "n is needed", "required": ["n"]}},
        *(MODEL, "/example", "the example is not valid: n is needed (rules.schema.json#/required)"),
    ),
    "no such type": (prop({"type": "text"}), INPUT, "/properties/a/type", "'text' is not valid "),
    "keyword of a wrong type": (
        prop({"minLength": "1"}),
        *(INPUT, "/properties/a/minLength", "'1' is not of type 'integer'"),
    ),
    "bad pattern": (prop({"pattern": "("}), INPUT, "/properties/a/pattern", "bad pattern: "),
    "bad name pattern": (
        prop({"patternProperties": {"[": True}}),
        *(INPUT, "/properties/a/patternProperties/[", "bad pattern: "),
    ),
    "pattern of Python's": (
        prop({"pattern": r"^(?P<x>a)(?P=x)\Z"}),
        *(INPUT, "/properties/a/pattern", "bad pattern: "),
    ),
    "escape that only an older dialect knows": (
        prop({"items": {"pattern": r"a\-b"}}),
        *(INPUT, "/properties/a/items/pattern", "bad pattern: "),
    ),
    "dangling $ref": (
        prop({"$ref": "#/$defs/b"}),
        *(INPUT, "/properties/a/$ref", "'#/$defs/b' leads nowhere"),
    ),
    "remote $ref": (
        prop({"$ref": "https://example.com/b.json"}),
        INPUT,
        "/properties/a/$ref",
        "'https://example.com/b.json' must be a pointer into the same file",
    ),
    "$ref to another file": (
        prop({"$ref": "b.json#/a"}),
        *(INPUT, "/properties/a/$ref", "'b.json#/a' must be a pointer into the same file"),
    ),
    "remote $dynamicRef": (
        prop({"$dynamicRef": "https://example.com/b.json#a"}),
        *(INPUT, "/properties/a/$dynamicRef", ""),
    ),
    "dangling $dynamicRef": (
        prop({"$dynamicRef": "#b"}),
        *(INPUT, "/properties/a/$dynamicRef", ""),
    ),
    "$ref to itself": (prop({"$ref": "#/$defs/b"}, b={"$ref": "#/$defs/b"}), INPUT, None, ""),
    "$ref in a circle": (
        prop({"$ref": "#/$defs/b"}, b={"allOf": [{"$ref": "#/$defs/c"}]}, c={"$ref": "#/$defs/b"}),
        *(INPUT, None, ""),
    ),
    "unknown dialect": (
        changed(INPUT, "/$schema", "https://example.com/schema"),
        *(INPUT, "/$schema", "unknown dialect 'https://example.com/schema'"),
    ),
    "dialect that is no text": (changed(INPUT, "/$schema", 5), INPUT, "/$schema", ""),
    "dialect of the stone age": (
        {INPUT: {**LOOSE, "$schema": "http://json-schema.org/draft-03/schema#"}},
        *(INPUT, "/$schema", ""),
    ),
    "broken rules": (
        {"rules.schema.json": {"required": "prompt"}},
        *("rules.schema.json", "/required", "'prompt' is not of type 'array'"),
    ),
    "broken upstream rules": ({"upstream.schema.json": "[]"}, "upstream.schema.json", "", "must "),
    "bad price": (
        changed(PRICING, "/rates/0/price", 0.2),
        *(PRICING, "/rates/0/price", "0.2 is not of type 'string'"),
    ),
    "price in words": (
        changed(PRICING, "/rates/0/price", "-1"),
        PRICING,
        "/rates/0/price",
        "'-1' ",
    ),
    "other currency": (
        changed(PRICING, "/currency", "EUR"),
        *(PRICING, "/currency", "'USD' was expected"),
    ),
    "no rates": (changed(PRICING, "/rates", []), PRICING, "/rates", "[] should be non-empty"),
    "charged for nothing known": (
        changed(PRICING, "/charge_on", ["stuck"]),
        *(PRICING, "/charge_on/0", "'stuck' is not one of "),
    ),
    "unknown quantity": (
        changed(PRICING, "/quantity", "seconds"),
        *(PRICING, "/quantity", "'seconds' is not a property of input.schema.json"),
    ),
    "quantity that lists no numbers": (
        changed(PRICING, "/quantity", "mode"),
        *(PRICING, "/quantity", ""),
    ),
    "rate of an unknown property": (
        changed(PRICING, "/rates/0/when", {"size": "1:1"}),
        *(PRICING, "/rates/0/when/size", "is not a property of input.schema.json"),
    ),
    "input without a rate": (
        changed(PRICING, "/rates/1/when", {"mode": "max"}),
        *(PRICING, "/rates", "no rate for {'mode': 'std'}; add a last one with when {}"),
    ),
    "plan with an illegal move": (
        plan("queued", "processing", "queued"),
        *("lifecycle.json", "/plan/1/state", "'processing' cannot become 'queued'"),
    ),
    "plan with a late start": (
        plan("processing"),
        *("lifecycle.json", "/plan/0/state", "must be the initial 'queued'"),
    ),
    "plan past the end": (
        plan("queued", "failed"),
        *("lifecycle.json", "/plan/1/state", "'failed' cannot become 'succeeded'"),
    ),
    "plan without an end": (
        lifecycle(outcome="processing"),
        *("lifecycle.json", "/outcome", "'processing' is not a terminal state"),
    ),
    "unknown state": (
        lifecycle(initial="paused"),
        *("lifecycle.json", "/initial", "'paused' is not one of "),
    ),
    "negative seconds": (
        lifecycle(plan=[{"state": "queued", "seconds": -1}]),
        *("lifecycle.json", "/plan/0/seconds", "-1 is less than the minimum of 0"),
    ),
    "default error that is no code": (
        lifecycle(error="Out Of Film!"),
        *("lifecycle.json", "/error", ""),
    ),
}
