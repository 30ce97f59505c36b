"""A model folder explained: what it takes, what it costs, what comes out, and what is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice, product
from pathlib import Path
from typing import Any

from mock_mindvideo.catalog import CatalogError, Model, Rules
from mock_mindvideo.catalog.files import read_object
from mock_mindvideo.catalog.forms import read_checked
from mock_mindvideo.catalog.model import load_model, missing
from mock_mindvideo.catalog.prices import MAX_COMBINATIONS
from mock_mindvideo.catalog.rates import values
from mock_mindvideo.catalog.structure import properties
from mock_mindvideo.domain.pricing import Rate, text
from mock_mindvideo.render.geometry import shape_of

_FORMED = {"model.json": "model", "pricing.json": "pricing", "page.json": "page"}
_SCHEMAS = ("input.schema.json", "rules.schema.json", "upstream.schema.json")


def explained(folder: Path) -> dict[str, Any]:
    """Everything about a folder, as JSON; where it is broken, only what is wrong with it."""
    problems = list(_problems(folder))
    told: dict[str, Any] = {"folder": str(folder), "valid": not problems, "problems": problems}
    if not problems:
        told |= _about(load_model(folder))
    return told


def _problems(folder: Path) -> Iterator[dict[str, str]]:
    """What is wrong file by file; how the files go together is asked once each is right."""
    lacking = missing(folder)
    found = [lacking] if lacking else list(_broken(folder))
    if not found:
        try:
            load_model(folder)
        except CatalogError as problem:
            found.append(problem)
    for each in found:
        yield {"file": each.file.name, "pointer": each.pointer, "reason": each.reason}


def _broken(folder: Path) -> Iterator[CatalogError]:
    for name in (*_FORMED, *_SCHEMAS):
        file = folder / name
        if not file.is_file():
            continue
        try:
            if name in _FORMED:
                read_checked(file, _FORMED[name])
            else:
                Rules(file, read_object(file))
        except CatalogError as problem:
            yield problem


def _about(model: Model) -> dict[str, Any]:
    pricing = model.pricing
    return {
        "slug": model.slug,
        "title": model.title,
        "output": model.output,
        "fidelity": model.fidelity,
        "properties": list(_properties(model)),
        "others": _others(model.input_schema),
        "rules": _titles(model.rules_schema),
        "advice": _titles(model.upstream_schema),
        "unit": pricing.quantity,
        "prices": [_price(each) for each in pricing.rates],
        "input_prices": [_price(each) for each in pricing.input_rates],
        "charge_on": list(pricing.charge_on),
        "example": _example(model),
        "warnings": list(_warnings(model)),
    }


def _properties(model: Model) -> Iterator[dict[str, Any]]:
    required = model.input_schema.get("required", ())
    for name, schema in properties(model.input_schema).items():
        yield {
            "name": name,
            "type": schema.get("type", "any"),
            "required": name in required,
            "limits": ", ".join(_limits(schema)),
            **({"default": schema["default"]} if "default" in schema else {}),
        }


_BOUNDS = (
    ("minimum", "maximum", ""),
    ("minLength", "maxLength", " characters"),
    ("minItems", "maxItems", " items"),
)


def _limits(schema: Mapping[str, Any]) -> Iterator[str]:
    """The limits of a property in words."""
    if "enum" in schema:
        yield "one of " + " ".join(map(str, schema["enum"]))
    for least, most, unit in _BOUNDS:
        low, high = schema.get(least), schema.get(most)
        if low is not None and high is not None:
            yield f"{low} to {high}{unit}"
        elif low is not None or high is not None:
            bound = f"at least {low}" if high is None else f"at most {high}"
            yield f"{bound}{unit}"
    if "pattern" in schema:
        yield f"like {schema['pattern']}"


def _others(schema: Mapping[str, Any]) -> str:
    """What becomes of members that the schema does not name."""
    return "refused" if schema.get("additionalProperties") is False else "taken"


def _titles(schema: Any) -> list[str]:
    """The titles of a schema's rules, wherever they stand, each once."""
    found: dict[str, None] = {}
    left: list[Any] = [{**schema, "title": None}] if schema else []
    for node in left:  # which grows as it goes
        if isinstance(node, dict):
            if isinstance(node.get("title"), str):
                found[node["title"]] = None
            left += node.values()
        elif isinstance(node, list):
            left += node
    return list(found)


def _price(rate: Rate) -> dict[str, Any]:
    price = {"when": dict(rate.when), "price": text(rate.price), "fidelity": rate.fidelity}
    return price | ({"flat": True} if rate.flat else {})


def _example(model: Model) -> dict[str, Any]:
    filled = model.fill(model.example)
    shape = shape_of(filled, model.output, model.sizes, sound=model.sounds(filled))
    return {
        "cost": text(model.estimate(model.example)),
        "width": shape.width,
        "height": shape.height,
        "seconds": shape.seconds,
        "count": shape.count,
        "sound": shape.sound,
    }


def _warnings(model: Model) -> Iterator[str]:
    """What is no mistake, and probably not meant."""
    for rate in _unused(model):
        yield f"pricing.json#/rates: no input gets to the rate of {dict(rate.when)}"
    if any(rate.fidelity == "invented" for rate in model.pricing.rates):
        yield "pricing.json: a price is invented; what the platform asks for is not known"
    for broken in model.violations(model.example, strict=True):
        yield f"upstream.schema.json: advice for the example itself: {broken.message}"
    for name in model.references.names:
        if name not in properties(model.input_schema):
            yield f"model.json#/references: '{name}' is not a property of the input"
    yield from _out_of_reach(model)


def _unused(model: Model) -> Sequence[Rate]:
    """Each rate that no input can get to, since one before it always agrees."""
    rates, named = model.pricing.rates, properties(model.input_schema)
    asked = sorted({name for rate in rates for name in rate.when})
    own = {name: [rate.when[name] for rate in rates if name in rate.when] for name in asked}
    ways = product(*([*values(named[name]), *own[name]] for name in asked))
    used = set()
    for way in islice(ways, MAX_COMBINATIONS):
        filled = dict(zip(asked, way, strict=True))
        used.add(next((i for i, rate in enumerate(rates) if rate.applies(filled)), None))
    return [rate for index, rate in enumerate(rates) if index not in used]


def _out_of_reach(model: Model) -> Iterator[str]:
    """A keyword that the strategies cannot draw for; nothing is said where they are missing."""
    with suppress(ModuleNotFoundError):
        from mock_mindvideo.strategies import Unsupported, violations  # noqa: PLC0415 - an extra

        try:
            violations(model)
        except Unsupported as problem:
            yield f"strategies cannot draw for it: {problem}"
