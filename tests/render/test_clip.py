"""Clips, as a player sees them."""

import io

import pytest

from mock_mindvideo.render.clip import can_render_clips, render_clip
from mock_mindvideo.render.geometry import OutputShape
from mock_mindvideo.render.rendition import render

av = pytest.importorskip("av")

SMALL = OutputShape(320, 180, 1.0, 1)


@pytest.mark.parametrize(
    ("shape", "frames"),
    [
        (OutputShape(1920, 1080, 5.0, 1), 60),
        (OutputShape(720, 1280, 8.0, 1), 96),
        (OutputShape(1080, 1080, 2.0, 1), 24),
        (OutputShape(854, 480, 2.5, 1), 30),
        (OutputShape(426, 240, 5.3, 1), 64),
        (OutputShape(144, 576, 1.001, 1), 12),
        (OutputShape(256, 144, 60.0, 1), 720),
    ],
)
def test_a_clip_is_h264_of_exactly_its_shape(decode, shape, frames):
    clip = decode(render_clip("task_1", shape))

    assert (clip.codec, clip.pixel_format) == ("h264", "yuv420p")
    assert (clip.width, clip.height) == (shape.width, shape.height)
    assert clip.container_seconds == shape.seconds
    assert clip.stream_seconds == shape.seconds
    assert clip.frames == frames


@pytest.mark.parametrize("seconds", [1.0, 15.0, 60.0])
def test_the_index_comes_before_the_frames_so_that_a_browser_can_start_early(decode, seconds):
    boxes = decode(render_clip("task_1", OutputShape(256, 144, seconds, 1))).boxes

    assert boxes.index("ftyp") < boxes.index("moov") < boxes.index("mdat")


def test_equal_arguments_give_equal_bytes():
    assert render_clip("task_1", SMALL) == render_clip("task_1", SMALL)


def test_another_label_gives_a_picture_of_which_a_tenth_at_least_is_visibly_different(decode):
    one, two = (decode(render_clip(label, SMALL)).first for label in ("task_1", "task_2"))

    different = sum(abs(here - there) > 16 for here, there in zip(one, two, strict=True))
    assert different > len(one) / 10


def test_a_clip_moves(decode):
    clip = decode(render_clip("task_1", SMALL))

    assert clip.first != clip.last


def test_the_progress_bar_is_full_in_the_last_frame_only(decode):
    clip = decode(render_clip("task_1", SMALL))

    def bar(frame):
        middle = SMALL.height * 93 // 100 + 1
        return frame[middle * SMALL.width : (middle + 1) * SMALL.width]

    assert min(bar(clip.last)) > 180
    assert min(bar(clip.first)) < 120 < max(bar(clip.first))


def test_the_colours_of_the_picture_survive_encoding(decode):
    with av.open(io.BytesIO(render_clip("task_1", SMALL))) as container:
        frame = next(container.decode(video=0))

    assert frame.colorspace == av.video.reformatter.Colorspace.ITU709
    # The footer is the palette's darkest grey, (16, 16, 16), in studio range.
    luma, blueness, redness = (bytes(plane) for plane in frame.planes)
    assert abs(luma[frame.planes[0].line_size * 178] - 30) <= 2
    assert abs(blueness[frame.planes[1].line_size * 89] - 128) <= 1
    assert abs(redness[frame.planes[2].line_size * 89] - 128) <= 1


@pytest.mark.slow
def test_fifteen_seconds_in_full_hd_stay_under_300_kb():
    assert len(render_clip("task_01hx9k2m4n6p8q", OutputShape(1920, 1080, 15.0, 1))) < 300_000


def test_rendering_prints_nothing(capfd):
    render_clip("task_1", SMALL)

    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("label", ["", "图1", "\ud800", "x" * 5000])
def test_any_text_can_be_a_label(decode, label):
    assert decode(render_clip(label, SMALL)).frames == 12


@pytest.mark.parametrize(
    "shape",
    [OutputShape(320, 180, 0.0, 1), OutputShape(321, 180, 1.0, 1), OutputShape(320, 181, 1.0, 1)],
)
def test_a_shape_that_no_clip_can_have_is_refused(shape):
    with pytest.raises(ValueError, match="needs a duration and even sides"):
        render_clip("task_1", shape)


def test_with_pyav_a_video_is_rendered_as_a_clip():
    rendition = render("task_1", "videos", SMALL)

    assert can_render_clips()
    assert rendition.media_type == "video/mp4"
    assert not rendition.placeholder
    assert rendition.body == render_clip("task_1", SMALL)
