"""Valid inputs: all of them valid, and all kinds of them among those drawn."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from mock_mindvideo.strategies import ABSENT, valid_inputs
from tests.strategies.drawing import PATIENT, check, draw_many, kinds
from tests.strategies.oracle import model, reports

SOUND = 20_000  # examples that the long run looks at
PROPERTIES = set(model().input_schema["properties"])


@pytest.fixture(scope="module")
def drawn() -> list[dict[str, Any]]:
    return draw_many(valid_inputs(), 500)


@PATIENT
@given(valid_inputs())
def test_jsonschema_accepts_every_drawn_valid_input(value):
    assert reports(value) == set()


@pytest.mark.slow
def test_jsonschema_accepts_twenty_thousand_drawn_valid_inputs():
    check(
        valid_inputs(), SOUND, test_jsonschema_accepts_every_drawn_valid_input.hypothesis.inner_test
    )


@PATIENT
@given(valid_inputs())
def test_every_input_can_be_sent_as_json(value):
    assert json.loads(json.dumps(value, allow_nan=False).encode()) == value


def test_each_optional_property_comes_with_and_without_each_other_one(drawn):
    optional = sorted(PROPERTIES - {"prompt", "image_with_roles", "video_urls"})
    seen = {(a, b, a in value, b in value) for value in drawn for a in optional for b in optional}
    wanted = {(a, b, x, y) for a in optional for b in optional for x in (0, 1) for y in (0, 1)}
    assert {each for each in wanted if each[0] != each[1] or each[2] == each[3]} <= seen


@pytest.mark.slow
def test_every_subset_of_the_optional_properties_can_be_drawn():
    free = sorted(PROPERTIES - {"prompt", "image_with_roles", "video_urls"})
    strategy = valid_inputs(video_urls=ABSENT).map(lambda value: frozenset(value) & set(free))
    assert len(set(draw_many(strategy, 6_000))) > 2 ** len(free) * 0.9


@pytest.mark.parametrize("size", [1, 4_999, 5_000])
def test_prompts_reach_both_ends_counted_in_code_points(drawn, size):
    assert any(len(value["prompt"]) == size for value in drawn)


def test_long_prompts_beyond_the_basic_plane_come_up(drawn):
    longest = [value["prompt"] for value in drawn if len(value["prompt"]) == 5_000]
    assert any(len(prompt.encode("utf-16-le")) > 2 * 5_000 for prompt in longest)


def test_every_duration_comes_up():
    every = {None, *range(2, 16)}
    strategy = valid_inputs(prompt="a", video_urls=["v"], **_leaving_out("duration"))
    assert kinds(strategy, lambda value: {value.get("duration")}, every) == every


@pytest.mark.parametrize("name", ["size", "resolution", "watermark", "prompt_extend"])
def test_every_listed_value_comes_up(drawn, name):
    schema = model().input_schema["properties"][name]
    listed = schema.get("enum", [True, False])
    assert {value[name] for value in drawn if name in value} == set(listed)


def test_references_are_split_in_every_way_up_to_five():
    def split(value):
        return {(len(value.get("image_with_roles", ())), len(value.get("video_urls", ())))}

    allowed = {(i, v) for i in range(6) for v in range(6) if 1 <= i + v <= 5}
    strategy = valid_inputs(prompt="a", **_leaving_out("image_with_roles", "video_urls"))
    assert kinds(strategy, split, allowed) == allowed


def test_the_simplest_input_is_one_that_a_person_would_write():
    assert find(valid_inputs(), lambda _: True) == {"prompt": "0", "video_urls": [""]}


@pytest.mark.parametrize(("times", "least"), [(2, 1), pytest.param(8, 6, marks=pytest.mark.slow)])
def test_a_failing_input_shrinks_to_what_matters_nearly_always(times, least):
    found = [
        find(valid_inputs(), lambda value: value.get("duration", 5) > 9, random=Random(number))
        for number in range(times)
    ]
    assert found.count({"prompt": "0", "duration": 10, "video_urls": [""]}) >= least


@PATIENT
@given(valid_inputs(duration=st.just(5), size="1:1", seed=ABSENT))
def test_overrides_pin_properties_and_leave_them_out(value):
    assert (value["duration"], value["size"]) == (5, "1:1")
    assert "seed" not in value
    assert reports(value) == set()


@PATIENT
@given(valid_inputs(seed=ABSENT))
def test_a_property_that_is_left_out_never_comes_up(value):
    assert "seed" not in value


@PATIENT
@given(valid_inputs(video_urls=st.lists(st.just("https://a/1.mp4"), min_size=4, max_size=5)))
def test_the_rest_is_drawn_to_go_with_the_pins(value):
    assert reports(value) == set()


def test_an_override_of_an_unknown_property_is_refused_with_the_nearest_name():
    with pytest.raises(ValueError, match="did you mean 'duration'"):
        valid_inputs(durations=5)


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("duration", 99, "#/properties/duration/maximum"),
        ("prompt", "", "#/properties/prompt/minLength"),
        ("size", "2:1", "#/properties/size/enum"),
        ("image_with_roles", [{"url": "u"}], "image_with_roles/items/required/1"),
    ],
)
def test_an_override_that_no_valid_input_has_is_refused_with_the_rule(name, value, rule):
    with pytest.raises(ValueError, match=rule):
        valid_inputs(**{name: value})


def test_an_override_that_draws_a_bad_value_is_refused_when_it_does():
    with pytest.raises(ValueError, match=r"duration=16: breaks .*/duration/maximum"):
        find(valid_inputs(duration=st.just(16)), lambda _: True)


def test_pins_that_contradict_each_other_are_refused():
    images = [{"url": "u", "role": "first_frame"}]
    with pytest.raises(ValueError, match="no valid input has"):
        valid_inputs(image_with_roles=images, video_urls=["v"] * 5)


def test_a_required_property_cannot_be_left_out():
    with pytest.raises(ValueError, match="prompt=ABSENT"):
        valid_inputs(prompt=ABSENT)


@PATIENT
@given(valid_inputs(realistic=True))
def test_realistic_inputs_break_no_rule_and_need_no_advice(value):
    assert model().violations(value, strict=True) == ()
    assert list(model().advice(value)) == []


@PATIENT
@given(valid_inputs(realistic=True))
def test_realistic_prompts_name_each_reference_in_order(value):
    for kind, name in (("image_with_roles", "图"), ("video_urls", "视频")):
        for index in range(len(value.get(kind, ()))):
            assert f"{name}{index + 1}" in value["prompt"]


@PATIENT
@given(valid_inputs(realistic=True, duration=7))
def test_realistic_inputs_take_overrides_too(value):
    assert value["duration"] == 7


def _leaving_out(*kept):
    """All that need not be there left out, but for what is kept."""
    return dict.fromkeys(PROPERTIES - {"prompt", "video_urls", *kept}, ABSENT)
