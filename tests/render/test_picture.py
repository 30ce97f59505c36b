"""The picture that clips and stills share, and the font of its text."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.render.font import ADVANCE, GLYPH_HEIGHT, text_rects
from mock_mindvideo.render.picture import LIGHT_INK, footer_top, picture_of
from mock_mindvideo.render.plane import Plane, Rect

CHARACTERS = string.ascii_letters + string.digits + "_-./:"

sides = st.integers(144, 4096)


@given(st.text(CHARACTERS + "~ \n图é\ud800", max_size=600), sides, sides)
def test_every_label_and_size_has_a_picture_that_stays_within_its_sides(label, width, height):
    picture = picture_of(label, width, height)

    for rect in picture.rects:
        assert rect.left >= 0
        assert rect.top >= 0
        assert rect.left + rect.width <= width
        assert rect.top + rect.height <= height
        assert rect.ink < len(picture.palette)


@given(sides, sides)
def test_bands_and_footer_leave_no_pixel_unpainted(width, height):
    rows = Plane.blank(1, height, 1)

    full = [rect for rect in picture_of("task_1", width, height).rects if rect.width == width]
    rows.paint(full, [1] * len(picture_of("task_1", width, height).palette))

    assert rows.data == b"\1" * height


def test_labels_that_differ_in_one_character_have_pictures_that_differ_without_their_text():
    def bare(label: str) -> tuple[object, ...]:
        picture = picture_of(label, 1920, 1080)
        return picture.palette, *(rect for rect in picture.rects if rect.top < footer_top(1080))

    assert len({bare(f"task_{number}") for number in range(200)}) == 200


def test_text_is_the_only_thing_in_the_footer_and_is_grey_as_it_is():
    picture = picture_of("task_1", 1280, 720)

    footer, *text = (rect for rect in picture.rects if rect.top >= footer_top(720))
    assert {rect.ink for rect in text} == {LIGHT_INK}
    assert {len(set(picture.palette[rect.ink])) for rect in (footer, *text)} == {1}


def test_a_label_too_long_for_the_width_keeps_its_end():
    shown = picture_of("x" * 500 + "task_end", 320, 180)
    other = picture_of("y" + "x" * 499 + "task_end", 320, 180)

    def text(picture):
        return [rect for rect in picture.rects if rect.ink == LIGHT_INK]

    assert text(shown) == text(other)
    assert text(shown)[-1] != text(picture_of("x" * 508, 320, 180))[-1]


def test_each_character_of_the_font_looks_different():
    glyphs = {tuple(text_rects(character, 0, 0, 1, 0)) for character in CHARACTERS + "~"}

    assert len(glyphs) == len(CHARACTERS) + 1


@pytest.mark.parametrize("character", ["~", "图", "\n", "\ud800"])
def test_a_character_that_the_font_lacks_shows_as_a_box(character):
    assert list(text_rects(character, 0, 0, 1, 0)) == list(text_rects("?", 0, 0, 1, 0))


def test_text_grows_with_its_scale_and_starts_where_told():
    rects = list(text_rects("E_", 10, 20, 3, 7))

    assert rects[0] == Rect(10, 20, 15, 3, 7)
    assert rects[-1] == Rect(10 + 3 * ADVANCE, 20 + 3 * (GLYPH_HEIGHT - 1), 15, 3, 7)


def test_a_plane_leaves_out_what_lies_outside_and_never_touches_the_padding_of_rows():
    plane = Plane.blank(4, 2, 6)

    plane.paint([Rect(-3, -1, 100, 2, 0), Rect(50, 0, 4, 4, 0), Rect(1, 1, 2, 9, 1)], [9, 5])

    assert plane.data == bytes([9, 9, 9, 9, 0, 0, 0, 5, 5, 0, 0, 0])
