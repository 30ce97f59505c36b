"""Hostile inputs are refused without looking at all of them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from mock_mindvideo.catalog import Rules, builtin_catalog
from mock_mindvideo.catalog.keywords import MAX_ITEMS
from mock_mindvideo.catalog.validation import MAX_VIOLATIONS

from .folders import changed, load_tiny

MODEL = builtin_catalog().model("wan2-7-r2v")
MANY = 100_000
IMAGE = {"url": "https://example.com/1.jpg", "role": "reference_image"}


class Watched(dict):
    """An item that counts how often one of its kind was looked at."""

    looked = 0

    def __contains__(self, name: object) -> bool:
        Watched.looked += 1
        return super().__contains__(name)

    def __getitem__(self, name: str) -> object:
        Watched.looked += 1
        return super().__getitem__(name)


@pytest.fixture
def looked():
    Watched.looked = 0
    return lambda: Watched.looked


@pytest.mark.parametrize("profile", ["default", "strict"])
def test_an_array_far_over_its_bound_is_refused_after_its_first_items(looked, profile):
    items = [Watched(IMAGE) for _ in range(MANY)]
    given = {"prompt": "x", "image_with_roles": items}
    broken = MODEL.violations(given, strict=profile == "strict")

    assert broken[0].message == f"must hold at most 5 items; it holds {MANY}"
    assert looked() <= 20 * MAX_ITEMS


def test_items_that_are_all_wrong_are_told_up_to_a_bound():
    broken = MODEL.violations({"prompt": "x", "image_with_roles": [1] * MANY})

    assert len(broken) == MAX_VIOLATIONS
    assert {each.keyword for each in broken} <= {"type", "maxItems"}


def test_an_array_over_its_bound_is_told_so_even_where_its_items_are_right():
    for count in (6, MAX_ITEMS - 1, MAX_ITEMS, MAX_ITEMS + 1, 3 * MAX_ITEMS):
        (broken,) = MODEL.violations({"prompt": "x", "video_urls": ["https://a.test/x"] * count})
        assert (broken.keyword, broken.pointer) == ("maxItems", "/video_urls")


def test_an_array_within_its_bound_is_looked_at_to_its_end():
    rules = Rules(Path("input.schema.json"), {"items": {"type": "integer"}, "maxItems": MANY})

    (broken,) = rules.violations([1] * (2 * MAX_ITEMS) + ["x"])
    assert broken.pointer == f"/{2 * MAX_ITEMS}"


def test_an_array_without_a_bound_is_looked_at_to_its_end():
    rules = Rules(Path("input.schema.json"), {"items": {"type": "integer"}})

    assert [each.pointer for each in rules.violations([1] * MANY + ["x"])] == [f"/{MANY}"]


def test_unknown_properties_are_one_violation_that_names_the_first_few():
    (broken,) = MODEL.violations({**MODEL.example, **{f"p{each}": 1 for each in range(MANY)}})

    assert broken.message.startswith("unknown property 'p0', 'p1', 'p2', 'p3', 'p4'; allowed are ")
    assert len(broken.message) <= 300


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        ({"type": ["string", "null"]}, 5, "must be of type string or null"),
        ({"const": "a"}, "b", "must be 'a'; it is 'b'"),
        ({"enum": [1, None, "a"]}, True, "must be one of 1, null, 'a'; it is true"),
        ({"enum": [1]}, "x" * 99, "must be one of 1; it is '" + "x" * 58 + "…"),
        ({"pattern": "^a$"}, "b", "must match the pattern ^a$"),
        ({"maxLength": 1}, "图片", "must have at most 1 character; it has 2"),
        ({"required": ["it's"]}, {}, 'the property "it\'s" is required'),
        ({"additionalProperties": False}, {"a": 1}, "unknown property 'a'"),
        (
            {"patternProperties": {"^x-": {}}, "additionalProperties": False},
            {"x-a": 1, "b": 2},
            "unknown property 'b'",
        ),
    ],
)
def test_a_message_says_what_was_expected_and_what_was_there(schema, value, message):
    (broken,) = Rules(Path("input.schema.json"), schema).violations(value)

    assert broken.message == message


def test_a_message_of_any_keyword_is_cut_at_300_characters():
    (broken,) = Rules(Path("a.json"), {"not": {"type": "string"}}).violations("x" * 1000)

    assert len(broken.message) == 300
    assert broken.message.endswith("…")


def test_a_property_that_must_not_be_there_is_told_by_its_own_pointer(folder):
    tiny = load_tiny(folder(**changed("input.schema.json", "/properties/gone", False)))

    (broken,) = tiny.violations({"prompt": "x", "gone": 1})
    assert broken.pointer == "/gone"


def test_violations_are_plain_tuples():
    (broken,) = MODEL.violations({**MODEL.example, "duration": 1})

    assert isinstance(MODEL.defaults, Mapping)
    assert broken == (
        "/duration",
        "minimum",
        "must be at least 2; it is 1",
        "input.schema.json#/properties/duration/minimum",
    )
