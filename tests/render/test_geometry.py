"""What shape an input asks for."""

import math
import string
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mock_mindvideo.render.geometry import OutputShape, shape_of

# Given by hand: to draw from all of Unicode, Hypothesis first builds a table for a second.
PRINTABLE = string.printable + "：×１６"
NAMES = ("size", "aspect_ratio", "resolution", "duration", "n")

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**300)
    | st.floats()
    | st.text(PRINTABLE, max_size=8)
    | st.from_regex(r"[0-9]{1,6}[:xX*/][0-9]{1,6}", fullmatch=True)
    | st.from_regex(r"[0-9]{1,6}[pPkK]", fullmatch=True)
    | st.from_regex(r"[0-9]{1,6}(\.[0-9]{1,4})?", fullmatch=True)
)
values = (
    scalars
    | st.lists(scalars, max_size=2)
    | st.dictionaries(st.text(PRINTABLE), scalars, max_size=2)
)
inputs = st.dictionaries(st.sampled_from(NAMES), values)
outputs = st.sampled_from(["videos", "images"])


@given(inputs, outputs)
def test_any_input_has_a_shape_within_the_bounds(input, output):
    shape = shape_of(input, output)

    short, long = sorted((shape.width, shape.height))
    assert 144 <= short <= long <= 4096
    assert shape.width % 2 == shape.height % 2 == 0
    # Four to one, but for the pixel that the short side may have lost to be even.
    assert long <= 4 * (short + 1)


@given(inputs)
def test_a_video_lasts_one_to_sixty_seconds_and_is_one(input):
    shape = shape_of(input, "videos")

    assert 1 <= shape.seconds <= 60
    assert isinstance(shape.seconds, float)
    assert shape.count == 1


@given(inputs)
def test_images_have_no_duration_and_are_one_to_ten(input):
    shape = shape_of(input, "images")

    assert shape.seconds == 0
    assert 1 <= shape.count <= 10


@given(st.integers(1, 400), st.integers(1, 400), st.integers(144, 1000))
def test_ratio_and_resolution_are_kept_to_the_pixel(across, down, lines):
    assume(across <= 4 * down and down <= 4 * across)
    shape = shape_of({"size": f"{across}:{down}", "resolution": f"{lines}P"}, "videos")

    stretch = max(Fraction(across, down), Fraction(down, across))
    assert abs(min(shape.width, shape.height) - lines) <= 1
    assert abs(max(shape.width, shape.height) - lines * stretch) <= 1
    assert (across > down) <= (shape.width >= shape.height)
    assert (across < down) <= (shape.width <= shape.height)


@given(st.integers(1, 60))
def test_a_duration_within_bounds_is_kept_exactly(seconds):
    assert shape_of({"duration": seconds}, "videos").seconds == seconds


@given(st.integers(1, 10))
def test_a_number_of_images_within_bounds_is_kept(count):
    assert shape_of({"n": count}, "images").count == count


@pytest.mark.parametrize(
    ("ratio", "resolution", "sides"),
    [
        ("16:9", "1080P", (1920, 1080)),
        ("9:16", "720P", (720, 1280)),
        ("1:1", "1080P", (1080, 1080)),
        ("4:3", "1080P", (1440, 1080)),
        ("3:4", "720p", (720, 960)),
        ("16:9", "480p", (854, 480)),
        ("1:1", "2K", (1440, 1440)),
        ("16:9", "4k", (3840, 2160)),
        ("21:9", "4K", (4096, 1756)),
        ("100:1", "1080P", (4096, 1024)),
        ("1:100", "720P", (720, 2880)),
        ("16:9", "1p", (256, 144)),
    ],
)
@pytest.mark.parametrize("name", ["size", "aspect_ratio"])
def test_resolution_is_the_short_side(name, ratio, resolution, sides):
    shape = shape_of({name: ratio, "resolution": resolution}, "videos")

    assert (shape.width, shape.height) == sides


@pytest.mark.parametrize("size", ["1280x720", "1280*720", " 1280X720 "])
def test_a_size_in_pixels_overrides_the_resolution(size):
    shape = shape_of({"size": size, "resolution": "1080P"}, "images")

    assert (shape.width, shape.height) == (1280, 720)


@pytest.mark.parametrize(
    ("size", "sides"),
    [("1281x721", (1280, 720)), ("8000x4500", (4096, 2304)), ("10x10", (144, 144))],
)
def test_a_size_out_of_bounds_or_odd_is_brought_to_the_nearest(size, sides):
    shape = shape_of({"size": size}, "images")

    assert (shape.width, shape.height) == sides


@pytest.mark.parametrize(
    "odd", [None, "", "16:0", "0:9", "wide", "16:9:4", "١٦:٩", 169, True, [], {}, "9" * 5000 + ":1"]
)
def test_an_odd_ratio_counts_as_missing(odd):
    assert shape_of({"size": odd}, "videos") == OutputShape(1920, 1080, 5.0, 1)


def test_where_size_is_no_ratio_aspect_ratio_is_read():
    shape = shape_of({"size": "large", "aspect_ratio": "9:16"}, "videos")

    assert (shape.width, shape.height) == (1080, 1920)


@pytest.mark.parametrize("odd", [None, "", "0p", "HD", "8K", "-720P", 720, "7" * 5000 + "P"])
def test_an_odd_resolution_counts_as_missing(odd):
    assert shape_of({"resolution": odd}, "videos") == OutputShape(1920, 1080, 5.0, 1)


@pytest.mark.parametrize("odd", [None, 0, -3, math.nan, -math.inf, True, "soon", "5s", [5]])
def test_an_odd_duration_counts_as_missing(odd):
    assert shape_of({"duration": odd}, "videos").seconds == 5.0


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [("8", 8.0), (2.5, 2.5), (0.2, 1.0), (61, 60.0), (math.inf, 60.0), (10**400, 60.0)],
)
def test_a_duration_is_a_number_brought_within_bounds(duration, seconds):
    assert shape_of({"duration": duration}, "videos").seconds == seconds


@pytest.mark.parametrize(("n", "count"), [(None, 1), (0, 1), (-1, 1), (4, 4), (2.0, 2), (99, 10)])
def test_n_is_the_number_of_images(n, count):
    assert shape_of({"n": n}, "images").count == count
