"""What an input costs, from a model's price file. Amounts are `Decimal` US dollars."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import cached_property, lru_cache

from mock_mindvideo.domain.equality import same
from mock_mindvideo.domain.footage import Footage

#: A decimal number, and a unit that is only read over.
_QUANTITY = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,15})?) ?[A-Za-z]{0,16}")

#: Digits enough for any quantity that a body can hold.
_EXACT = Context(prec=1000)

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rate:
    """A price for each unit of the quantity, for inputs that agree with `when`.

    `flat` is a price for each task, whatever the quantity.
    """

    when: Mapping[str, object]
    price: Decimal
    fidelity: str
    flat: bool = False

    def applies(self, filled: Mapping[str, object]) -> bool:
        for name, value in self.when.items():
            if not same(filled.get(name), value):
                return False
        return True


@dataclass(frozen=True)
class Pricing:
    """`pricing.json`, checked: rates tried in order, times a quantity taken from the input.

    The first of `input_rates` that agrees, if there is one, is added for each second of the clips
    that the input names; `footage` tells their length.
    """

    currency: str
    quantity: str | None
    minimum: Decimal
    rates: tuple[Rate, ...]
    charge_on: tuple[str, ...]
    input_rates: tuple[Rate, ...] = ()
    footage: Footage | None = None

    def estimate(self, filled: Mapping[str, object]) -> Decimal:
        """The cost of an input whose defaults are filled in; 5 s at 1080P is 0.6165 exactly.

        Raises LookupError where no rate agrees; the catalog refuses files where that can be.
        """
        values = [*map(filled.get, self._relevant)]
        seconds = _NOTHING
        if self.input_rates and self.footage:
            seconds = self.footage.length(filled)
        try:
            return self._estimate(seconds, *values)
        except TypeError:  # an array or object cannot be remembered
            return self._work_out(seconds, *values)

    @cached_property
    def _relevant(self) -> tuple[str, ...]:
        """The properties that the price depends on, the quantity first."""
        asked = {name for rate in (*self.rates, *self.input_rates) for name in rate.when}
        return (self.quantity or "", *sorted(asked))

    @cached_property
    def _estimate(self) -> Callable[..., Decimal]:
        """The estimate for values of `_relevant`; few of them differ, so it is remembered."""
        return lru_cache(maxsize=4096, typed=True)(self._work_out)

    def _work_out(self, seconds: Decimal, amount: object, *values: object) -> Decimal:
        filled = dict(zip(self._relevant[1:], values, strict=True))
        rate = next((rate for rate in self.rates if rate.applies(filled)), None)
        if rate is None:
            raise LookupError("no rate agrees with the input")
        cost = _EXACT.multiply(rate.price, Decimal(1) if rate.flat else self._units(amount))
        added = next((rate for rate in self.input_rates if rate.applies(filled)), None)
        return _EXACT.add(cost, _EXACT.multiply(added.price, seconds)) if added else cost

    def _units(self, amount: object) -> Decimal:
        known = quantity(amount)
        return self.minimum if known is None else max(self.minimum, known)


def quantity(value: object) -> Decimal | None:
    """How many units a value stands for: a number, or a text that begins with one.

    `"5"`, `"5s"` and `"5 sec"` are 5; None for what does not begin with a decimal number.
    """
    if isinstance(value, str):
        match = _QUANTITY.fullmatch(value)
        return Decimal(match[1]) if match else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    return None


def amount(money: Decimal) -> float:
    """An amount as it is written in JSON: the shortest number that reads back the same."""
    return float(money)


@lru_cache(maxsize=4096)
def text(money: Decimal) -> str:
    """An amount as a decimal string, without exponent or trailing zeros."""
    plain = f"{money:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
