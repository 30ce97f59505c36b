"""Rules in prose become schemas that say the same, or questions."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mock_mindvideo.contract.adopting.prose import read_prose, read_references, upload_kind
from mock_mindvideo.contract.drift.page.reading import Sentence

LISTS = {name: {"type": "array"} for name in ("a_urls", "b_urls", "c_urls")}


def rules(text, properties=LISTS):
    return read_prose([Sentence(text, 7)], properties).rules


def takes(rule, counts):
    """Whether a rule takes lists of so many items; a list of none is left out."""
    given_input = {name: ["x"] * count for name, count in zip(LISTS, counts, strict=False) if count}
    return Draft202012Validator(rule).is_valid(given_input)


@pytest.mark.parametrize(
    "text",
    [
        "a_urls and b_urls combined cannot exceed 4 items.",
        "Together, a_urls and b_urls hold at most 4.",
        "You may send up to 4 files in total over a_urls and b_urls",
    ],
)
def test_a_bound_on_lists_together_is_read_in_any_words(text):
    (rule,) = rules(text)

    assert rule["title"] == "a_urls and b_urls together must hold at most 4 items"
    for counts in product(range(7), repeat=2):
        assert takes(rule, counts) is (sum(counts) <= 4)


@given(
    st.integers(1, 5),
    st.integers(2, 3),
    st.lists(st.none() | st.integers(1, 6), min_size=3, max_size=3),
)
def test_a_limit_over_any_lists_is_the_limit_on_their_sum(most, count, limits):
    properties = {
        name: {"type": "array", **({} if limit is None else {"maxItems": limit})}
        for name, limit in zip([*LISTS][:count], limits, strict=False)
    }
    named = " and ".join(properties)
    within = [range(min(limit or most + 2, most + 2) + 1) for limit in limits[:count]]
    found = rules(f"{named} combined cannot exceed {most} items", properties)
    for counts in product(*within):
        assert all(takes(rule, counts) for rule in found) is (sum(counts) <= most)


@pytest.mark.parametrize(
    "text",
    [
        "At least one of a_urls or b_urls is required.",
        "Either a_urls or b_urls must be provided",
        "One or more of a_urls, b_urls are required.",
        "You must send at least one: a_urls, b_urls.",
    ],
)
def test_a_rule_that_at_least_one_is_required_is_read_in_any_words(text):
    (rule,) = rules(text)

    assert rule["title"] == "at least one of a_urls and b_urls is required"
    assert [takes(rule, each) for each in ((0, 0), (1, 0), (0, 1), (1, 1))] == [
        *(False, True, True, True)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a_urls cannot be used together with b_urls.",
        "a_urls and b_urls are mutually exclusive.",
        "Only one of a_urls and b_urls can be sent.",
    ],
)
def test_a_rule_that_properties_exclude_each_other_is_read_in_any_words(text):
    (rule,) = rules(text)

    assert rule["title"] == "a_urls and b_urls exclude each other"
    assert [takes(rule, each) for each in ((0, 0), (1, 0), (0, 1), (1, 1))] == [
        *(True, True, True, False)
    ]


def test_a_rule_of_exactly_one_requires_one_and_excludes_two():
    found = rules("Exactly one of a_urls and b_urls is required.")

    assert [each["title"] for each in found] == [
        "at least one of a_urls and b_urls is required",
        "a_urls and b_urls exclude each other",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a_urls must be JPEG.",
        "Neither a_urls nor b_urls is required.",
        "a_urls is required when b_urls is sent.",
        "a_urls and b_urls combined cannot exceed 3 items and 20 MB.",
    ],
)
def test_what_is_not_understood_stays_a_question(text):
    found = read_prose([Sentence(text, 7)], LISTS)

    assert found.rules == []
    assert [each.text for each in found.unread] == [text]


@pytest.mark.parametrize("text", ["Videos look good.", "Send a_urls and b_urls in their order."])
def test_what_limits_nothing_is_no_question(text):
    found = read_prose([Sentence(text, 7)], LISTS)

    assert (found.rules, found.unread) == ([], [])


def test_a_rule_that_stands_in_no_list_of_facts_names_its_line():
    (rule,) = rules("a_urls and b_urls are mutually exclusive.")

    assert rule["$comment"] == "line 7 of the page"


@pytest.mark.parametrize(
    ("name", "schema", "kind"),
    [
        ("files", {"x-playground": {"uploadKind": "video"}}, "video"),
        ("files", {"x-playground": {"accept": "image/*"}}, "image"),
        ("image_urls", {}, "image"),
        ("image_with_roles", {}, "image"),
        ("reference_video_url", {}, "video"),
        ("voice_urls", {"x-playground": "odd"}, "audio"),
        ("image_count", {}, None),
        ("video_urls", {"x-playground": {"uploadKind": "image"}}, "image"),
    ],
)
def test_what_is_uploaded_is_said_by_the_form_or_the_name(name, schema, kind):
    assert upload_kind(name, schema) == kind


def test_references_are_named_as_the_page_names_them():
    properties = {"video_urls": {"type": "array"}, "image_urls": {"type": "array"}}

    assert read_references([Sentence("Use 图1、视频2 in order.", 1)], properties) == [
        {"property": "image_urls", "names": ["图", "Image "]},
        {"property": "video_urls", "names": ["视频", "Video "]},
    ]
    assert read_references([Sentence("Use Video 1.", 1)], properties) == [
        {"property": "video_urls", "names": ["视频", "Video "]},
    ]
    assert read_references([Sentence("Videos look good.", 1)], properties) == []
