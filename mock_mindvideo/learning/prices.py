"""Prices, fitted exactly: which rates make all costs that were seen, and which rows none makes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Context, Decimal
from itertools import combinations
from typing import Any, NamedTuple

from mock_mindvideo.domain.pricing import quantity, text

#: Properties that rates may be told apart by, at most.
_MOST = 2

#: Digits of a price after its point.
_DIGITS = Decimal(1).scaleb(-9)

#: Enough for every cost that is one.
_EXACT = Context(prec=100)


class CostRow(NamedTuple):
    """What an input cost; `filled` with the defaults. `label` is the caller's own."""

    filled: Mapping[str, Any]
    cost: Decimal
    label: Any = None


class Fit(NamedTuple):
    """Rates for each value of `apart`, times a property, None for each task; rows of no rate."""

    apart: tuple[str, ...]
    quantity: str | None
    rates: tuple[tuple[Mapping[str, Any], Decimal], ...]
    unfit: tuple[CostRow, ...]


def fit(rows: Sequence[CostRow], per: str | None, apart: Sequence[str], minimum: Decimal) -> Fit:
    """The plainest rates that make the costs of `rows`.

    First as they are: for each value of the properties in `apart`, times `per`. Where rows are
    left over, rates by other properties are tried, and by another quantity; the fewest left rows
    win, then the fewest rates, then what is as it was.
    """
    names = sorted({name for row in rows for name, value in row.filled.items() if _is_plain(value)})
    usual = tuple(apart)
    found = [_fitted(rows, per, usual, minimum)]
    if not found[0].unfit:
        return found[0]
    for unit in dict.fromkeys((per, None, *_numbers(rows, names))):
        others = [name for name in names if name != unit and _differs(rows, name)]
        for count in range(_MOST + 1):
            for chosen in combinations(others, count):
                found.append(_fitted(rows, unit, chosen, minimum))
    return min(found, key=lambda each: (len(each.unfit), len(each.rates)))


def _fitted(
    rows: Sequence[CostRow], per: str | None, apart: Sequence[str], minimum: Decimal
) -> Fit:
    cells: dict[tuple[str, ...], list[CostRow]] = {}
    for row in rows:
        cells.setdefault(tuple(repr(row.filled.get(name)) for name in apart), []).append(row)
    rates, unfit = [], list[CostRow]()
    for cell in cells.values():
        prices = Counter(price for row in cell if (price := _price(row, per, minimum)) is not None)
        if not prices:
            unfit += cell
            continue
        price = prices.most_common(1)[0][0]
        when = {name: cell[0].filled.get(name) for name in apart}
        rates.append((when, price))
        unfit += [row for row in cell if _price(row, per, minimum) != price]
    return Fit(tuple(apart), per, tuple(rates), tuple(unfit))


def _price(row: CostRow, per: str | None, minimum: Decimal) -> Decimal | None:
    """The price of one unit that makes the cost exactly; None where none of nine digits does."""
    known = None if per is None else quantity(row.filled.get(per))
    units = minimum if known is None else max(known, minimum)
    if not units:
        return None
    price = _EXACT.quantize(_EXACT.divide(row.cost, units), _DIGITS)
    return Decimal(text(price)) if _EXACT.multiply(price, units) == row.cost else None


def _numbers(rows: Sequence[CostRow], names: Sequence[str]) -> Iterator[str]:
    for name in names:
        if all(quantity(row.filled.get(name)) for row in rows) and _differs(rows, name):
            yield name


def _differs(rows: Sequence[CostRow], name: str) -> bool:
    return len({repr(row.filled.get(name)) for row in rows}) > 1


def _is_plain(value: Any) -> bool:
    """Whether a rate can be told apart by it: no list, no object, no prose."""
    return isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= 32)
