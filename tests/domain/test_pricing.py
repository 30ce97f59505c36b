"""What an input costs: exact, from the first rate that agrees."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.domain.pricing import Pricing, Rate, amount, same, text

MODEL = builtin_catalog().model("wan2-7-r2v")
PRICES = {"1080P": Decimal("0.1233"), "720P": Decimal("0.0747")}

scalars = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-3, 3) | st.text("01a")


def pricing(*rates, quantity="n", minimum="1"):
    """A price list; a rate is what it asks for, and its price."""
    return Pricing(
        currency="USD",
        quantity=quantity,
        minimum=Decimal(minimum),
        rates=tuple(Rate(when, Decimal(price), "invented") for when, price in rates),
        charge_on=("succeeded",),
    )


def test_five_seconds_at_1080p_cost_0_6165_exactly():
    estimate = MODEL.estimate(MODEL.example)

    assert isinstance(estimate, Decimal)
    assert estimate == Decimal("0.6165")
    assert (text(estimate), amount(estimate)) == ("0.6165", 0.6165)


@given(st.sampled_from(sorted(PRICES)), st.integers(2, 15), st.sampled_from([int, float]))
def test_a_video_costs_its_seconds_times_the_price_of_its_resolution(resolution, seconds, kind):
    given_input = {"prompt": "x", "resolution": resolution, "duration": kind(seconds)}

    assert MODEL.estimate(given_input) == seconds * PRICES[resolution]


def test_what_is_not_given_is_priced_at_its_default():
    assert MODEL.estimate({"prompt": "x"}) == 5 * PRICES["1080P"]
    assert MODEL.estimate({"duration": 2}) == 2 * PRICES["1080P"]
    assert MODEL.estimate({"resolution": "720P"}) == 5 * PRICES["720P"]


@given(st.integers(-5, 5) | st.floats(-5, 5), st.integers(0, 3))
def test_at_least_the_minimum_is_charged(quantity, minimum):
    prices = pricing(({}, "0.1"), minimum=str(minimum))

    assert prices.estimate({"n": quantity}) == Decimal("0.1") * max(minimum, Decimal(str(quantity)))


@pytest.mark.parametrize(
    "filled", [{}, {"n": None}, {"n": "seven"}, {"n": "7e9"}, {"n": "7 %"}, {"n": [7]}, {"n": True}]
)
def test_a_quantity_that_is_no_number_counts_as_the_minimum(filled):
    assert pricing(({}, "0.5"), minimum="2").estimate(filled) == 1


@pytest.mark.parametrize("unit", ["", "s", " s", " sec", "K"])
@given(number=st.integers(1, 10**15 - 1) | st.decimals(1, 10**6, places=3))
def test_a_text_that_begins_with_a_number_counts_as_that_number(unit, number):
    prices = pricing(({}, "0.1233"))

    assert prices.estimate({"n": f"{number}{unit}"}) == Decimal(number) * Decimal("0.1233")


@given(st.integers(10**30, 10**300))
def test_an_estimate_is_exact_however_large_the_quantity(number):
    estimate = pricing(({}, "0.1233")).estimate({"n": number})

    assert Fraction(estimate) == Fraction(number * 1233, 10_000)


def test_without_a_quantity_the_price_is_for_each_task():
    assert pricing(({}, "0.5"), quantity=None).estimate({"n": 9}) == Decimal("0.5")


def test_the_first_rate_that_agrees_wins():
    prices = pricing(({"mode": "pro"}, "3"), ({"mode": "pro", "n": 1}, "5"), ({}, "1"))

    assert prices.estimate({"mode": "pro", "n": 1}) == 3
    assert prices.estimate({"mode": "std", "n": 1}) == 1


def test_a_rate_asks_for_all_that_its_when_names():
    rate = Rate({"mode": "pro", "audio": True}, Decimal(1), "invented")

    assert rate.applies({"mode": "pro", "audio": True, "more": 1})
    assert not rate.applies({"mode": "pro", "audio": False})
    assert not rate.applies({"mode": "pro", "audio": 1})
    assert not rate.applies({"mode": "pro"})


def test_an_input_without_a_rate_is_a_lookup_error():
    with pytest.raises(LookupError):
        pricing(({"mode": "pro"}, "3")).estimate({"mode": "std"})


@given(scalars, scalars)
def test_same_is_equality_of_json_values(left, right):
    alike = left == right and isinstance(left, bool) == isinstance(right, bool)

    assert same(left, right) is alike
    assert same(right, left) is alike


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [(1, 1.0, True), (True, 1, False), (False, 0, False), (None, False, False), ("1", 1, False)],
)
def test_one_is_one_point_zero_and_is_not_true(left, right, verdict):
    assert same(left, right) is verdict


@given(st.decimals(0, 10**12, places=6) | st.integers(0, 10**30).map(Decimal))
def test_money_in_words_is_exact_and_plain(value):
    written = text(value)

    assert Decimal(written) == value
    assert "E" not in written.upper()
    assert "." not in written or written[-1] not in "0."


@given(st.integers(0, 10**9), st.integers(0, 9999))
def test_money_in_json_is_the_number_as_it_would_be_written(whole, part):
    written = f"{whole}.{part:04}"

    assert amount(Decimal(written)) == float(written)
    assert text(Decimal(repr(amount(Decimal(written))))) == text(Decimal(written))
