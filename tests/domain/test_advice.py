"""Likely mistakes in a prompt that are not errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.domain.advice import References

NAMES = {"图": "image_with_roles", "Image ": "image_with_roles"} | {
    "视频": "video_urls",
    "Video ": "video_urls",
}
BOTH = References((name, [word]) for word, name in NAMES.items())


@given(
    st.lists(st.tuples(st.sampled_from(sorted(NAMES)), st.integers(0, 6)), max_size=5),
    st.integers(0, 5),
    st.integers(0, 5),
)
def test_each_name_without_an_item_behind_it_is_told_once(named, images, videos):
    prompt = ", ".join(f"{name}{number}" for name, number in named)
    held = {"image_with_roles": images, "video_urls": videos}
    sent = {name: ["https://example.com/x"] * count for name, count in held.items()}
    missing = {
        f"the prompt names {name}{number}, but {NAMES[name]} holds {held[NAMES[name]]}"
        for name, number in named
        if not 1 <= number <= held[NAMES[name]]
    }

    told = BOTH.advice({"prompt": prompt, **sent})
    assert len(told) == len(set(told))
    assert set(told) == missing


@given(st.text("图视频Image Video0a,。"), st.lists(st.just("https://example.com/x"), max_size=3))
def test_a_prompt_without_a_number_needs_no_advice(prompt, items):
    given_input = {"prompt": prompt.replace("0", ""), "image_with_roles": items}

    assert BOTH.advice(given_input) == ()


@pytest.mark.parametrize(
    "given_input",
    [
        {},
        {"prompt": None},
        {"prompt": 5},
        {"prompt": ["图3"]},
        {"prompt": "图1", "image_with_roles": [{}]},
        {"prompt": "图", "image_with_roles": []},
    ],
)
def test_what_names_nothing_that_is_missing_needs_no_advice(given_input):
    assert BOTH.advice(given_input) == ()


@pytest.mark.parametrize("odd", [None, 5, "https://example.com/x", {"0": "x"}])
def test_a_property_that_is_no_list_holds_nothing(odd):
    assert BOTH.advice({"prompt": "视频1", "video_urls": odd}) == (
        "the prompt names 视频1, but video_urls holds 0",
    )


def test_a_model_without_names_for_its_references_advises_nothing():
    assert References().advice({"prompt": "图1, Video 2"}) == ()


def test_the_shipped_model_advises_about_prompt_and_inferred_rules():
    model = builtin_catalog().model("wan2-7-r2v")
    given_input = {"prompt": "图1 and Video 2", "duration": 12, "video_urls": ["https://a.test/x"]}

    assert list(model.advice(given_input)) == [
        "the prompt names 图1, but image_with_roles holds 0",
        "the prompt names Video 2, but video_urls holds 1",
        "with a reference video, duration should be 2 to 10 seconds",
    ]


def test_the_vendors_example_needs_no_advice():
    model = builtin_catalog().model("wan2-7-r2v")

    assert list(model.advice(model.example)) == []
