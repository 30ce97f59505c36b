"""What a price file can say: tables, prices for a task, seconds of clips that are sent."""

import itertools
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.catalog import CatalogError, builtin_catalog
from mock_mindvideo.contract.prices import WorstPrices
from mock_mindvideo.domain.footage import Footage
from tests.catalog.folders import RIGHT, SLUG, load_tiny, write

SCHEMA = {
    "type": "object",
    "properties": {
        "resolution": {"enum": ["480p", "720p"], "default": "720p"},
        "audio": {"type": "boolean", "default": False},
        "duration": {"type": "integer", "minimum": 0, "default": 5},
        "length": {"enum": ["5", "10s"], "default": "5"},
        "clips": {"type": "array", "items": {"type": "string"}},
        "prompt": {"type": "string"},
    },
}
SOURCE = {"properties": ["clips"], "seconds": 4, "most": 10, "duration": "duration"}


def priced(folder, *rates, quantity="duration", source=None, **more):
    """A model with those rates."""
    pricing = {
        "currency": "USD",
        "quantity": quantity,
        "rates": [{"when": {}, "fidelity": "invented", **each} for each in rates],
        "charge_on": ["succeeded"],
        **more,
    }
    about = RIGHT["model.json"] | ({"source": source} if source else {})
    return load_tiny(
        folder(
            **{"model.json": about, "input.schema.json": SCHEMA, "pricing.json": pricing},
        )
    )


TABLE = {
    "480p": {"true": "0.02", "false": "0.01"},
    "720p": {"true": "0.04", "false": "0.03"},
}


def test_a_table_has_a_price_for_each_value_of_its_properties(folder):
    tiny = priced(folder, {"by": ["resolution", "audio"], "table": TABLE})

    for resolution, audio in itertools.product(("480p", "720p"), (True, False)):
        price = Decimal(TABLE[resolution][str(audio).lower()])
        assert tiny.estimate({"resolution": resolution, "audio": audio, "duration": 3}) == 3 * price


def test_what_a_table_does_not_list_is_priced_by_the_next_rate(folder):
    table = {"480p": {"true": "0.02"}}
    tiny = priced(folder, {"by": ["resolution", "audio"], "table": table}, {"price": "0.5"})

    assert tiny.estimate({"resolution": "480p", "audio": True}) == Decimal("0.1")
    assert tiny.estimate({"resolution": "480p"}) == Decimal("2.5")


def test_a_table_of_numbers_is_asked_by_their_value(folder):
    tiny = priced(
        folder, {"by": ["duration"], "table": {"5": "0.4", "10": "0.7"}, "flat": True},
        {"price": "1"},
    )  # fmt: skip

    assert tiny.estimate({"duration": 5.0}) == Decimal("0.4")
    assert tiny.estimate({"duration": 10}) == Decimal("0.7")
    assert tiny.estimate({"duration": 6}) == 6


def test_a_flat_price_is_for_each_task_whatever_the_quantity(folder):
    tiny = priced(folder, {"when": {"audio": True}, "price": "2", "flat": True}, {"price": "0.1"})

    assert tiny.estimate({"audio": True, "duration": 9}) == 2
    assert tiny.estimate({"duration": 9}) == Decimal("0.9")


@pytest.mark.parametrize(
    ("rate", "at", "reason"),
    [
        (
            {"by": ["size"], "table": {"1:1": "1"}},
            *("/rates/0/by/0", "is not a property of input.schema.json"),
        ),
        (
            {"by": ["resolution"], "table": {"1080p": "1"}},
            *("/rates/0/table/1080p", "'1080p' is no value of the property; there are: 480p, 720p"),
        ),
        (
            {"by": ["audio"], "table": {"yes": "1"}},
            *("/rates/0/table/yes", "'yes' is no value of the property; there are: true, false"),
        ),
        (
            {"by": ["duration"], "table": {"five": "1"}},
            *("/rates/0/table/five", "'five' is no value of the property"),
        ),
        (
            {"by": ["resolution", "audio"], "table": {"480p": "1"}},
            *("/rates/0/table/480p", "the table is to have 2 keys in a row"),
        ),
        (
            {"by": ["resolution"], "table": {"480p": {"true": "1"}}},
            *("/rates/0/table/480p/true", "the table is to have 1 keys in a row"),
        ),
        ({"by": ["resolution"], "table": {"480p": 1}}, "/rates/0/table/480p", ""),
        ({"by": ["resolution"]}, "/rates/0", ""),
        ({"price": "1", "by": ["resolution"], "table": {"480p": "1"}}, "/rates/0", ""),
        ({"by": ["resolution"], "table": {"480p": "1"}}, "/rates", "no rate for"),
    ],
)
def test_a_table_that_prices_nothing_is_told_by_its_place(folder, rate, at, reason):
    with pytest.raises(CatalogError) as told:
        priced(folder, rate)
    assert (told.value.file.name, told.value.pointer) == ("pricing.json", at)
    assert reason in told.value.reason


def test_seconds_of_the_clips_that_are_sent_can_cost_too(folder):
    rates = [{"when": {"resolution": "480p"}, "price": "0.01", "fidelity": "invented"}]
    tiny = priced(folder, {"price": "1"}, source=SOURCE, input_rates=rates)

    assert tiny.estimate({"resolution": "480p", "clips": ["a", "b"]}) == Decimal("5.08")
    assert tiny.estimate({"clips": ["a", "b"]}) == 5
    assert tiny.estimate({"resolution": "480p"}) == 5


def test_a_price_for_clips_needs_to_know_which_they_are(folder):
    rates = [{"when": {}, "price": "0.01", "fidelity": "invented"}]
    with pytest.raises(CatalogError, match=r"pricing.json#/input_rates: model.json must say"):
        priced(folder, {"price": "1"}, input_rates=rates)


@pytest.mark.parametrize("name", ["properties", "duration"])
def test_a_source_that_is_no_property_is_told(folder, name):
    source = SOURCE | {name: ["films"] if name == "properties" else "films"}
    with pytest.raises(CatalogError, match=rf"model.json#/source/{name}.*'films' is not a prop"):
        priced(folder, {"price": "1"}, source=source)


@pytest.mark.parametrize(
    ("clips", "seconds"),
    [
        (["a"], 4),
        (["a", "b"], 8),
        (["a#t=0,7"], 7),
        (["a#t=,2.5"], Decimal("2.5")),
        (["a#t=npt:1,3&x=1"], 2),
        (["a#t=2"], 4),
        (["a#t=9,3"], 4),
        (["a#t=0,99"], 10),
        ([], 4),
    ],
)
def test_a_duration_of_zero_is_as_long_as_the_clips(folder, clips, seconds):
    tiny = priced(folder, {"price": "1"}, source=SOURCE)

    assert tiny.fill({"duration": 0, "clips": clips})["duration"] == seconds
    assert tiny.estimate({"duration": 0, "clips": clips}) == seconds
    assert tiny.estimate({"duration": 3, "clips": clips}) == 3


@given(st.lists(st.text(max_size=20) | st.from_regex(r"a#t=[0-9.,:]*", fullmatch=True), max_size=4))
def test_the_length_of_any_clips_is_within_its_bounds(urls):
    footage = Footage(("clips",), Decimal(4), Decimal(10))

    assert 0 <= footage.length({"clips": urls}) <= 10 * len(urls)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "resolution": st.sampled_from(["480p", "720p"]),
            "audio": st.booleans(),
            "duration": st.integers(0, 12),
            "clips": st.lists(st.sampled_from(["a", "a#t=0,9", "a#t=0,1"]), max_size=3),
        },
    )
)
def test_no_input_costs_more_than_the_worst_that_is_said_beforehand(tiny_with_clips, given_input):
    tiny, worst = tiny_with_clips

    assert tiny.estimate(given_input) <= worst(SLUG, given_input)


@pytest.fixture(scope="module")
def tiny_with_clips(tmp_path_factory):
    """A model with a table, a flat price and billed clips, and its worst prices."""
    place = tmp_path_factory.mktemp("models")
    tiny = priced(
        lambda **files: write(place, **files),
        {"when": {"audio": True}, "price": "9", "flat": True},
        {"by": ["resolution"], "table": {"480p": "0.1", "720p": "0.3"}},
        source=SOURCE,
        input_rates=[{"when": {}, "price": "0.2", "fidelity": "invented"}],
    )
    return tiny, WorstPrices(replace(builtin_catalog(), models={SLUG: tiny}))
