"""A model: a folder of JSON files, loaded and checked; a new one needs no Python."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

from mock_mindvideo.catalog.files import CatalogError, pointer, read_checked, read_object
from mock_mindvideo.catalog.validation import Rules, Violation
from mock_mindvideo.domain.advice import References, prompt_advice
from mock_mindvideo.domain.pricing import Pricing, Rate
from mock_mindvideo.domain.representation import OutputKind

#: Values of the properties in `when` that are tried out against the rates.
MAX_COMBINATIONS = 10_000


@dataclass(frozen=True, slots=True)
class Model:
    """One model folder. Inputs are JSON objects as `read_json` gives them."""

    slug: str
    title: str
    output: OutputKind
    example: Mapping[str, Any]
    folder: Path
    pricing: Pricing
    references: tuple[References, ...]
    rules: tuple[Rules, ...]
    upstream: Rules | None
    defaults: Mapping[str, Any]

    @property
    def input_schema(self) -> dict[str, Any]:
        """What the vendor publishes, unchanged."""
        return self.rules[0].schema

    @property
    def rules_schema(self) -> dict[str, Any] | None:
        """What the vendor says only in prose, or None."""
        return self.rules[1].schema if len(self.rules) > 1 else None

    @property
    def upstream_schema(self) -> dict[str, Any] | None:
        """Inferred rules, or None."""
        return self.upstream.schema if self.upstream else None

    def violations(self, given: object, *, strict: bool = False) -> tuple[Violation, ...]:
        """Every rule that the input breaks; with `strict` the inferred ones too."""
        broken = [violation for rules in self.rules for violation in rules.violations(given)]
        if strict and self.upstream:
            broken += self.upstream.violations(given)
        return tuple(broken)

    def fill(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """The input with the schema's top-level defaults filled in."""
        return {**self.defaults, **given}

    def estimate(self, given: Mapping[str, Any]) -> Decimal:
        """The cost of a valid input in US dollars."""
        return self.pricing.estimate(self.fill(given))

    def advice(self, given: Mapping[str, Any]) -> Iterator[str]:
        """Likely mistakes in a valid input that are not errors."""
        yield from prompt_advice(self.references, given)
        if self.upstream and not self.upstream.is_likely_valid(given):
            yield from (violation.message for violation in self.upstream.violations(given))


def load_model(folder: Path) -> Model:
    """The model in `folder`; raises CatalogError for a bad or missing file."""
    about = read_checked(folder / "model.json", "model")
    if about["slug"] != folder.name:
        raise CatalogError(folder / "model.json", "/slug", f"must be '{folder.name}', the folder")
    rules = [_rules(folder / "input.schema.json")]
    if (folder / "rules.schema.json").is_file():
        rules.append(_rules(folder / "rules.schema.json", titled=True))
    upstream = folder / "upstream.schema.json"
    model = Model(
        slug=about["slug"],
        title=about["title"],
        output=about["output"],
        example=about["example"],
        folder=folder,
        pricing=_pricing(folder / "pricing.json", rules[0].schema),
        references=tuple(
            References(each["property"], tuple(each["names"]))
            for each in about.get("references", ())
        ),
        rules=tuple(rules),
        upstream=_rules(upstream, titled=True) if upstream.is_file() else None,
        defaults=defaults(rules[0].schema),
    )
    _check_example(model)
    return model


def properties(schema: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """The top-level properties by name, looked up through `$ref` and `allOf`."""

    def collect(node: Any, depth: int) -> dict[str, Any]:
        node = resolve(schema, node, depth)
        found: dict[str, Any] = {}
        for part in node.get("allOf", ()) if depth else ():
            found |= collect(part, depth - 1)
        return found | {name: resolve(schema, each) for name, each in _named(node).items()}

    return collect(schema, 8)


def resolve(schema: Mapping[str, Any], node: Any, depth: int = 8) -> Mapping[str, Any]:
    """`node` with what its `$ref` leads to merged under it; {} for a boolean schema."""
    if not isinstance(node, dict):
        return {}
    if "$ref" not in node or not depth:
        return node
    target: Any = schema
    for step in node["$ref"].removeprefix("#").split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        target = target[int(name)] if isinstance(target, list) else target[name]
    return {**resolve(schema, target, depth - 1), **node}


def defaults(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The defaults of the top-level properties."""
    named = properties(schema)
    return {name: each["default"] for name, each in named.items() if "default" in each}


def _named(node: Mapping[str, Any]) -> Mapping[str, Any]:
    named = node.get("properties")
    return named if isinstance(named, dict) else {}


def _rules(file: Path, *, titled: bool = False) -> Rules:
    return Rules(file, read_object(file), titled=titled)


def _check_example(model: Model) -> None:
    file = model.folder / "model.json"
    try:
        broken = model.violations(model.example)
    except RecursionError:
        raise CatalogError(model.rules[0].file, "", "a $ref leads back to itself") from None
    if broken:
        where, _, why, rule = broken[0]
        raise CatalogError(file, f"/example{where}", f"the example is not valid: {why} ({rule})")


def _pricing(file: Path, schema: Mapping[str, Any]) -> Pricing:
    raw = read_checked(file, "pricing")
    pricing = Pricing(
        currency=raw["currency"],
        quantity=raw["quantity"],
        minimum=Decimal(str(raw.get("minimum", 1))),
        rates=tuple(
            Rate(rate["when"], Decimal(rate["price"]), rate["fidelity"]) for rate in raw["rates"]
        ),
        charge_on=tuple(raw["charge_on"]),
    )
    _check_quantity(file, pricing, properties(schema))
    _check_rates(file, pricing, properties(schema))
    return pricing


def _check_quantity(file: Path, pricing: Pricing, named: Mapping[str, Any]) -> None:
    if pricing.quantity is not None and pricing.quantity not in named:
        raise CatalogError(
            file, "/quantity", f"'{pricing.quantity}' is not a property of input.schema.json"
        )


def _check_rates(file: Path, pricing: Pricing, named: Mapping[str, Any]) -> None:
    """Refuse a price list under which some valid input would have no price."""
    for index, rate in enumerate(pricing.rates):
        for name in rate.when.keys() - named.keys():
            where = pointer(("rates", index, "when", name))
            raise CatalogError(file, where, "is not a property of input.schema.json")
    asked = sorted({name for rate in pricing.rates for name in rate.when})
    for values in list(product(*(_values(named[name]) for name in asked)))[:MAX_COMBINATIONS]:
        filled = dict(zip(asked, values, strict=True))
        if not any(rate.applies(filled) for rate in pricing.rates):
            shown = {name: value for name, value in filled.items() if value is not None}
            raise CatalogError(
                file,
                "/rates",
                f"no rate for {shown or 'other inputs'}; add a last one with when {{}}",
            )


def _values(schema: Mapping[str, Any]) -> list[Any]:
    """The values a property may have, as far as rates can tell them apart; None for "other"."""
    absent = [] if "default" in schema else [None]
    if "const" in schema:
        return [schema["const"], *absent]
    if "enum" in schema:
        return [*schema["enum"], *absent]
    if schema.get("type") == "boolean":
        return [True, False, *absent]
    return [None]
