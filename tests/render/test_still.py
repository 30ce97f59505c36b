"""Stills, read back with the standard library."""

import struct
import sys
import zlib
from itertools import chain

import pytest

from mock_mindvideo.render.geometry import OutputShape
from mock_mindvideo.render.picture import picture_of
from mock_mindvideo.render.rendition import render
from mock_mindvideo.render.still import render_still

SMALL = OutputShape(320, 180, 0.0, 1)


def chunks(png):
    """Kind and body of each chunk; fails where a checksum is wrong."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    offset = 8
    while offset < len(png):
        size, kind = struct.unpack_from(">I4s", png, offset)
        body = png[offset + 8 : offset + 8 + size]
        (checksum,) = struct.unpack_from(">I", png, offset + 8 + size)
        assert checksum == zlib.crc32(kind + body)
        yield kind, body
        offset += 12 + size


def pixels(png):
    """The rows of an indexed PNG as lists of RGB triples."""
    parts = dict(chunks(png))
    width, height = struct.unpack_from(">II", parts[b"IHDR"])
    palette = list(struct.iter_unpack("BBB", parts[b"PLTE"]))
    data = zlib.decompress(parts[b"IDAT"])
    assert len(data) == height * (width + 1)
    rows = [data[start : start + width + 1] for start in range(0, len(data), width + 1)]
    assert {row[0] for row in rows} == {0}
    return [[palette[index] for index in row[1:]] for row in rows]


@pytest.mark.parametrize("sides", [(1920, 1080), (720, 1280), (1440, 1440), (321, 181)])
def test_a_still_is_a_png_of_exactly_its_shape(sides):
    png = render_still("task_1", OutputShape(*sides, 0.0, 1))

    kinds, bodies = zip(*chunks(png), strict=True)
    assert kinds == (b"IHDR", b"PLTE", b"IDAT", b"IEND")
    assert struct.unpack(">IIBBBBB", bodies[0]) == (*sides, 8, 3, 0, 0, 0)
    assert len(zlib.decompress(bodies[2])) == sides[1] * (sides[0] + 1)


def test_a_still_shows_the_picture_of_its_label():
    rows = pixels(render_still("task_1", SMALL))

    palette = picture_of("task_1", SMALL.width, SMALL.height).palette
    assert rows[0][0] == palette[0]
    assert rows[-1][-1] == (16, 16, 16)
    assert {colour for row in rows for colour in row} <= set(palette)


def test_equal_arguments_give_equal_bytes():
    assert render_still("task_1", SMALL) == render_still("task_1", SMALL)


def test_another_label_gives_a_picture_of_which_a_tenth_at_least_differs():
    one, two = (list(chain(*pixels(render_still(label, SMALL)))) for label in ("task_1", "task_2"))

    assert sum(here != there for here, there in zip(one, two, strict=True)) > len(one) / 10


def test_the_images_of_one_task_differ():
    assert len({render_still(f"task_1/{number}", SMALL) for number in range(10)}) == 10


def test_a_still_in_2k_stays_under_100_kb():
    assert len(render_still("task_1", OutputShape(2560, 1440, 0.0, 1))) < 100_000


def test_an_image_is_rendered_as_a_still_without_pyav_too(monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)

    rendition = render("task_1", "images", SMALL)

    assert rendition.media_type == "image/png"
    assert not rendition.placeholder
    assert rendition.body == render_still("task_1", SMALL)
