"""The price list that one example and its cost allow, and what other models add to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mock_mindvideo.catalog import Model
from mock_mindvideo.domain.pricing import quantity, text

#: Properties that prices are usually for each unit of, by the kind of output.
_UNITS = {"videos": ("duration", "seconds"), "images": ("n", "num_images", "count")}

#: Properties that prices usually depend on.
_ASKED = ("resolution", "quality", "mode", "audio")

#: Digits behind the point that a price in a file may have.
_PLACES = 9


@dataclass(slots=True)
class Priced:
    """`pricing.json`, and what it leaves open."""

    pricing: dict[str, Any]
    questions: list[str] = field(default_factory=list)


def price_list(
    example: Mapping[str, Any],
    cost: Decimal | None,
    output: str,
    properties: Mapping[str, Any],
    others: Iterable[Model],
) -> Priced:
    """What the example's cost says of each unit; `others` may know what other values cost."""
    units = next((each for each in _UNITS[output] if each in properties), None)
    found = Priced({"currency": "USD", "quantity": units, "minimum": 1, "rates": []})
    when = {name: example[name] for name in _ASKED if name in example and name in properties}
    found.pricing["rates"] = _rates(found, _each(found, example, cost), when, properties, others)
    found.pricing["charge_on"] = ["succeeded"]
    found.questions.append("What do failed and cancelled tasks cost? Nothing is charged for them.")
    return found


def _each(found: Priced, example: Mapping[str, Any], cost: Decimal | None) -> Decimal | None:
    """The price of one unit; the quantity is dropped where the cost is no multiple of it."""
    name = found.pricing["quantity"]
    if cost is None:
        found.questions.append("What does the example cost? The page shows no answer with a cost.")
        return None
    if name is None:
        found.questions.append("What is the price for? It is taken for each task.")
        return cost
    amount = max(Decimal(1), quantity(example.get(name, 1)) or Decimal(1))
    each = (cost / amount).quantize(Decimal(1).scaleb(-_PLACES))
    if each * amount == cost:
        found.questions.append(
            f"Is the price for each unit of {name}? Taken so: {text(each)} times {amount}."
        )
        return each
    found.pricing["quantity"] = None
    found.questions.append(f"What is the price for? {cost} is no multiple of {name}, {amount}.")
    return cost


def _rates(
    found: Priced,
    each: Decimal | None,
    when: Mapping[str, Any],
    properties: Mapping[str, Any],
    others: Iterable[Model],
) -> list[dict[str, Any]]:
    if each is None:
        return [_rate({}, Decimal(0), "invented")]
    rates = [_rate(when, each, "inferred")]
    if not when:
        return rates
    listed = _alone(when, properties)
    alike = _alike(each, when, listed, others) if listed else None
    if alike is not None:
        slug, prices = alike
        rates += [_rate({next(iter(when)): value}, price, "inferred") for value, price in prices]
        shown = ", ".join(f"{value} {text(price)}" for value, price in prices)
        found.questions.append(f"Do others cost as {slug} does, whose price is the same? {shown}.")
        return rates
    found.questions.append(f"What does anything but {dict(when)} cost? Taken to be as much.")
    return [*rates, _rate({}, each, "invented")]


def _alone(when: Mapping[str, Any], properties: Mapping[str, Any]) -> list[Any]:
    """The other values of the only property that the price depends on, where they are listed."""
    (name, value), *more = when.items()
    return [] if more else [each for each in properties[name].get("enum", ()) if each != value]


def _alike(
    each: Decimal, when: Mapping[str, Any], listed: list[Any], others: Iterable[Model]
) -> tuple[str, list[tuple[Any, Decimal]]] | None:
    """The first model that has the same price, and what the listed values cost there, if all do."""
    (name,) = when
    for other in others:
        known = {
            rate.when[name]: rate.price
            for rate in other.pricing.rates
            if rate.when.keys() == {name} and rate.fidelity != "invented"
        }
        if known.get(when[name]) == each and all(value in known for value in listed):
            return other.slug, [(value, known[value]) for value in listed]
    return None


def _rate(when: Mapping[str, Any], price: Decimal, fidelity: str) -> dict[str, Any]:
    return {"when": dict(when), "price": text(price), "fidelity": fidelity}
