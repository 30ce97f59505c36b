"""`pricing.json`, read and held against the schema it prices."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import islice, product
from pathlib import Path
from typing import Any

from mock_mindvideo.catalog.contested import FilePatches, patched
from mock_mindvideo.catalog.files import CatalogError, read_object
from mock_mindvideo.catalog.forms import check_read
from mock_mindvideo.catalog.rates import listed, read_rates, values
from mock_mindvideo.catalog.structure import properties
from mock_mindvideo.domain.footage import Footage
from mock_mindvideo.domain.pricing import Pricing, quantity

#: Values of the properties in `when` that are tried out against the rates.
MAX_COMBINATIONS = 10_000


def load_pricing(
    file: Path, schema: Mapping[str, Any], footage: Footage | None, patches: FilePatches
) -> Pricing:
    """The price list in `file`; raises CatalogError if it is bad, or leaves inputs without one."""
    raw = patched(read_object(file), file.name, patches)
    check_read(file, raw, "pricing")
    named = properties(schema)
    pricing = Pricing(
        currency=raw["currency"],
        quantity=raw["quantity"],
        minimum=Decimal(str(raw.get("minimum", 1))),
        rates=tuple(read_rates(file, raw, "rates", named)),
        charge_on=tuple(raw["charge_on"]),
        input_rates=tuple(read_rates(file, raw, "input_rates", named)),
        footage=footage,
    )
    if pricing.input_rates and footage is None:
        reason = "model.json must say under `source` which properties name clips"
        raise CatalogError(file, "/input_rates", reason)
    _check_quantity(file, pricing, named)
    _check_rates(file, pricing, named)
    return pricing


def _check_quantity(file: Path, pricing: Pricing, named: Mapping[str, Any]) -> None:
    name = pricing.quantity
    if name is None:
        return
    if name not in named:
        raise CatalogError(file, "/quantity", f"'{name}' is not a property of input.schema.json")
    schema = named[name]
    unread = [each for each in listed(schema) if each is not None and quantity(each) is None]
    if unread:
        reason = f"'{name}' may be {unread[0]!r}, which is no number; a text must begin with one"
        raise CatalogError(file, "/quantity", reason)
    if not listed(schema) and not _countable(schema):
        raise CatalogError(file, "/quantity", f"'{name}' is not of type integer, number or string")


def _countable(schema: Mapping[str, Any]) -> bool:
    kinds = schema.get("type", ())
    return bool({"number", "integer", "string"} & set([kinds] if isinstance(kinds, str) else kinds))


def _check_rates(file: Path, pricing: Pricing, named: Mapping[str, Any]) -> None:
    """Refuse a price list under which some valid input would have no price."""
    asked = sorted({name for rate in pricing.rates for name in rate.when})
    combinations = product(*(values(named[name]) for name in asked))
    for tried in islice(combinations, MAX_COMBINATIONS):
        filled = dict(zip(asked, tried, strict=True))
        if not any(rate.applies(filled) for rate in pricing.rates):
            shown = {name: value for name, value in filled.items() if value is not None}
            advice = "add a last one with when {}"
            raise CatalogError(file, "/rates", f"no rate for {shown or 'other inputs'}; {advice}")
