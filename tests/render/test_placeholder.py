"""What is served in the place of clips where PyAV is missing."""

import subprocess
import sys

import pytest

from mock_mindvideo.render.clip import can_render_clips, render_clip
from mock_mindvideo.render.geometry import OutputShape
from mock_mindvideo.render.make_placeholders import make_placeholders
from mock_mindvideo.render.placeholder import RATIOS, placeholder_clip, placeholder_file
from mock_mindvideo.render.rendition import render

WIDE = OutputShape(1920, 1080, 5.0, 1)


@pytest.fixture
def _without_av(monkeypatch):
    # None in sys.modules makes every import of the name an ImportError.
    monkeypatch.setitem(sys.modules, "av", None)


@pytest.mark.usefixtures("_without_av")
def test_without_pyav_a_video_is_a_placeholder_and_says_so():
    rendition = render("task_1", "videos", WIDE)

    assert not can_render_clips()
    assert rendition.placeholder
    assert rendition.media_type == "video/mp4"
    assert rendition.body == placeholder_clip(WIDE)


@pytest.mark.usefixtures("_without_av")
def test_without_pyav_rendering_a_clip_is_an_import_error():
    with pytest.raises(ImportError):
        render_clip("task_1", WIDE)


def test_a_pyav_without_an_h264_encoder_cannot_render_clips(monkeypatch):
    av = pytest.importorskip("av")
    monkeypatch.setattr(av, "codecs_available", frozenset({"mpeg4"}))

    assert not can_render_clips()
    assert render("task_1", "videos", WIDE).placeholder


@pytest.mark.parametrize(
    ("sides", "ratio"),
    [
        ((1920, 1080), "16:9"),
        ((4096, 1024), "16:9"),
        ((720, 1280), "9:16"),
        ((576, 2304), "9:16"),
        ((1080, 1080), "1:1"),
        ((1080, 1100), "1:1"),
        ((1440, 1080), "4:3"),
        ((1620, 1080), "4:3"),
        ((720, 960), "3:4"),
    ],
)
def test_the_placeholder_of_the_nearest_aspect_ratio_is_taken(sides, ratio):
    assert placeholder_clip(OutputShape(*sides, 5.0, 1)) == placeholder_file(ratio).read_bytes()


@pytest.mark.parametrize("ratio", RATIOS)
def test_each_placeholder_is_a_small_clip_that_a_browser_can_start_early(decode, ratio):
    body = placeholder_file(ratio).read_bytes()
    clip = decode(body)

    width, height = map(int, ratio.split(":"))
    assert (clip.codec, clip.pixel_format) == ("h264", "yuv420p")
    assert clip.width * height == clip.height * width
    assert min(clip.width, clip.height) == 180
    assert clip.container_seconds == 2
    assert clip.boxes.index("moov") < clip.boxes.index("mdat")
    assert len(body) < 16_000


def test_the_committed_placeholders_show_what_they_would_if_made_anew(decode, tmp_path):
    pytest.importorskip("av")
    make_placeholders(tmp_path)

    for ratio in RATIOS:
        committed = placeholder_file(ratio)
        old = decode(committed.read_bytes()).first
        new = decode((tmp_path / committed.name).read_bytes()).first
        # Pictures, not bytes: another version of the encoder rounds differently.
        assert sum(abs(a - b) > 16 for a, b in zip(old, new, strict=True)) < len(old) / 100


def test_importing_the_package_imports_neither_pyav_nor_another_part_of_the_product():
    code = (
        "import sys, mock_mindvideo.render\n"
        "print([n for n in sys.modules if n == 'av' or n.startswith('mock_mindvideo.')"
        " and not n.startswith('mock_mindvideo.render')])"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"
