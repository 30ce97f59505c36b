"""Prices are fitted exactly, or the rows that no rate makes are named."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.learning.prices import CostRow, fit

PRICES = st.decimals("0.0001", "99", places=4)
LENGTHS = st.integers(2, 15)


def row(price: Decimal, resolution: str, seconds: int, **more: object) -> CostRow:
    filled = {"resolution": resolution, "duration": seconds, **more}
    return CostRow(filled, price * seconds, (resolution, seconds))


@given(st.dictionaries(st.sampled_from(["720P", "1080P"]), PRICES, min_size=1), st.data())
def test_rates_are_found_to_the_last_digit(rates: dict[str, Decimal], data: st.DataObject) -> None:
    rows = [row(price, name, data.draw(LENGTHS)) for name, price in rates.items()]
    found = fit(rows, "duration", ("resolution",), Decimal(1))
    assert found.unfit == ()
    assert {when["resolution"]: price for when, price in found.rates} == rates


@given(PRICES, st.lists(LENGTHS, min_size=3, max_size=9), PRICES)
def test_a_row_that_fits_no_rate_is_named_and_spoils_none(
    price: Decimal, lengths: list[int], odd: Decimal
) -> None:
    rows = [row(price, "720P", each) for each in lengths]
    spoilt = CostRow(rows[0].filled, rows[0].cost + odd, "odd")
    found = fit([*rows, spoilt], "duration", ("resolution",), Decimal(1))
    assert [each.label for each in found.unfit] == ["odd"]
    assert [rate for _, rate in found.rates] == [price]


@given(PRICES, PRICES.filter(lambda each: each > 1), st.lists(LENGTHS, min_size=2, unique=True))
def test_another_property_tells_rates_apart_where_it_does(
    price: Decimal, more: Decimal, lengths: list[int]
) -> None:
    rows = [row(price + more * on, "720P", each, audio=on) for each in lengths for on in (0, 1)]
    found = fit(rows, "duration", ("resolution",), Decimal(1))
    assert (found.apart, found.quantity, found.unfit) == (("audio",), "duration", ())
    assert {when["audio"]: rate for when, rate in found.rates} == {0: price, 1: price + more}


@given(PRICES, st.lists(LENGTHS, min_size=2, unique=True))
def test_a_price_for_each_task_is_found_where_length_is_free(
    price: Decimal, lengths: list[int]
) -> None:
    rows = [CostRow({"duration": each, "resolution": "720P"}, price) for each in lengths]
    found = fit(rows, "duration", ("resolution",), Decimal(1))
    assert found.quantity is None
    assert [rate for _, rate in found.rates] == [price]
    assert found.unfit == ()


def test_a_cost_that_no_nine_digits_make_is_no_price() -> None:
    rows = [CostRow({"duration": 3}, Decimal("0.1")), CostRow({"duration": 5}, Decimal("0.3"))]
    assert fit(rows[:1], "duration", (), Decimal(1)).quantity is None
    assert len(fit(rows, "duration", (), Decimal(1)).unfit) <= 1
