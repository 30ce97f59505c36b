"""A quantity may be a text that begins with a number: `"5"`, `"5s"`."""

from dataclasses import replace
from decimal import Decimal

import pytest

from mock_mindvideo.catalog import CatalogError, builtin_catalog
from mock_mindvideo.contract.prices import WorstPrices

from .folders import SLUG, changed, load_tiny


@pytest.mark.parametrize(
    ("schema", "given", "units"),
    [
        ({"type": "string", "enum": ["5", "10"]}, "10", 10),
        ({"enum": ["5s", "10 sec"]}, "5s", 5),
        ({"type": "string", "pattern": r"^\d+(\.\d+)?$"}, "2.5", Decimal("2.5")),
        ({"type": ["string", "integer"]}, 7, 7),
        ({"type": "string"}, "some", 1),
        ({"enum": ["5", 10, None]}, None, 1),
    ],
)
def test_its_number_is_multiplied_with_the_price(folder, schema, given, units):
    tiny = load_tiny(folder(**changed("input.schema.json", "/properties/n", schema)))

    assert tiny.violations({"prompt": "x", "n": given}) == ()
    assert tiny.estimate({"prompt": "x", "n": given}) == units * Decimal("0.1")


def test_its_default_is_priced(folder):
    schema = {"enum": ["5", "10"], "default": "10"}
    tiny = load_tiny(folder(**changed("input.schema.json", "/properties/n", schema)))

    assert tiny.estimate({"prompt": "x"}) == 1


@pytest.mark.parametrize("values", [["5", "long"], ["s5"], ["5e3"], [True], [[5]]])
def test_a_list_with_a_value_that_is_no_number_is_refused(folder, values):
    with pytest.raises(CatalogError, match=r"pricing.json#/quantity: 'n' may be .* no number"):
        load_tiny(folder(**changed("input.schema.json", "/properties/n", {"enum": values})))


def test_what_a_submit_can_cost_at_most_counts_the_largest_text(folder):
    schema = {"enum": ["5", "10s"]}
    tiny = load_tiny(folder(**changed("input.schema.json", "/properties/n", schema)))

    worst = WorstPrices(replace(builtin_catalog(), models={SLUG: tiny}))
    assert worst(SLUG, {"mode": "std"}) == Decimal("1.0")
    assert worst(SLUG, {"mode": "std", "n": "5"}) == Decimal("0.5")
