"""What a submit can cost at most, by the models' price files."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from mock_mindvideo.catalog import Catalog, Model
from mock_mindvideo.domain.pricing import Rate, quantity


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
    units = _quantity(model, filled)
    rates = _possible(model.pricing.rates, filled) or model.pricing.rates
    cost = max(rate.price * (1 if rate.flat else units) for rate in rates)
    return cost + _input_cost(model, filled)


def _possible(rates: Sequence[Rate], filled: Mapping[str, Any]) -> Sequence[Rate]:
    return [rate for rate in rates if rate.applies(filled)]


def _input_cost(model: Model, filled: Mapping[str, Any]) -> Decimal:
    """What is billed of the clips that the input names, if each is as long as it may be."""
    if model.footage is None:
        return Decimal(0)
    rates = _possible(model.pricing.input_rates, filled)
    longest = model.footage.most * len(list(model.footage.clips(filled)))
    return max((rate.price * longest for rate in rates), default=Decimal(0))


def _quantity(model: Model, filled: Mapping[str, Any]) -> Decimal:
    name = model.pricing.quantity or ""
    schema = model.input_schema.get("properties", {}).get(name, {})
    asked = filled.get(name)
    least = [model.pricing.minimum, *_numbers([schema.get("minimum")])]
    if not _numbers([asked]):
        listed = schema.get("enum", [schema.get("const")])
        least += _numbers([schema.get("maximum"), schema.get("default"), *listed])
    if model.footage and model.footage.duration == name:
        clips = len(list(model.footage.clips(filled)))
        least += [model.footage.most * max(1, clips)] if quantity(asked) in (None, 0) else []
    return max([*_numbers([asked]), *least])


def _numbers(values: Iterable[Any]) -> list[Decimal]:
    known = (value if isinstance(value, Decimal) else quantity(value) for value in values)
    return [value for value in known if value is not None]
