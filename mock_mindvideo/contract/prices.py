"""What a submit can cost at most, by the models' price files."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from mock_mindvideo.catalog import Catalog, Model
from mock_mindvideo.domain.pricing import quantity


class WorstPrices:
    """The worst case for a model and an input, which need not be valid."""

    def __init__(self, catalog: Catalog) -> None:
        self._models = catalog.models

    def __call__(self, model: Any, given: Any) -> Decimal | None:
        """In US dollars. No model at all: the dearest; one that is not known: None."""
        if not isinstance(model, str):
            return max((_worst(each, {}) for each in self._models.values()), default=None)
        known = self._models.get(model)
        return _worst(known, given if isinstance(given, dict) else {}) if known else None


def _worst(model: Model, given: Mapping[str, Any]) -> Decimal:
    """The dearest rate that could apply, times the largest quantity that could be meant."""
    filled = {**model.defaults, **given}
    rates = [rate for rate in model.pricing.rates if rate.applies(filled)]
    price = max(rate.price for rate in rates or model.pricing.rates)
    return price * _quantity(model, filled)


def _quantity(model: Model, filled: Mapping[str, Any]) -> Decimal:
    name = model.pricing.quantity or ""
    schema = model.input_schema.get("properties", {}).get(name, {})
    asked = filled.get(name)
    least = [model.pricing.minimum, *_numbers([schema.get("minimum")])]
    if not _numbers([asked]):
        listed = schema.get("enum", [schema.get("const")])
        least += _numbers([schema.get("maximum"), schema.get("default"), *listed])
    return max([*_numbers([asked]), *least])


def _numbers(values: Iterable[Any]) -> list[Decimal]:
    known = (value if isinstance(value, Decimal) else quantity(value) for value in values)
    return [value for value in known if value is not None]
