"""The sound of a clip, as a player hears it."""

import io

import pytest

from mock_mindvideo.render.clip import render_clip
from mock_mindvideo.render.geometry import OutputShape

av = pytest.importorskip("av")


def shape(seconds, sound=True):
    return OutputShape(256, 144, seconds, 1, sound)


def heard(clip):
    """The samples of a clip's sound, and what its track says of itself."""
    with av.open(io.BytesIO(clip)) as container:
        track = container.streams.audio[0]
        frames = [bytes(each.planes[0])[: 4 * each.samples] for each in container.decode(track)]
        seconds = float(track.duration * track.time_base)
        about = (track.codec_context.name, track.layout.name, track.sample_rate, seconds)
        return memoryview(b"".join(frames)).cast("f"), about, container.duration / av.time_base


@pytest.mark.parametrize("seconds", [1.0, 1.001, 2.5, 5.3, 20.0])
def test_the_sound_is_aac_and_just_as_long_as_the_picture(seconds):
    _, about, whole = heard(render_clip("task_1", shape(seconds)))

    assert about[:3] == ("aac", "mono", 44_100)
    assert about[3] == pytest.approx(seconds, abs=1e-4)
    assert whole == pytest.approx(seconds, abs=1e-3)


def test_the_sound_can_be_heard_and_never_overdrives():
    samples, *_ = heard(render_clip("task_1", shape(2.0)))

    assert 0.1 < max(map(abs, samples)) < 0.5


def test_the_sound_beeps_once_a_second():
    samples, *_ = heard(render_clip("task_1", shape(3.0)))

    def loudest(start):
        return max(map(abs, samples[round(start * 44_100) : round((start + 0.1) * 44_100)]))

    for second in range(3):
        assert loudest(second + 0.05) > 4 * loudest(second + 0.5)


def test_a_clip_without_sound_has_no_sound_track():
    with av.open(io.BytesIO(render_clip("task_1", shape(1.0, sound=False)))) as container:
        assert not container.streams.audio


def test_equal_labels_sound_alike_and_others_do_not():
    one, again, other = (render_clip(label, shape(1.0)) for label in ("a", "a", "b"))

    assert one == again
    assert list(heard(one)[0]) != list(heard(other)[0])


@pytest.mark.parametrize("seconds", [1.0, 20.0])
def test_the_index_still_comes_before_the_frames(decode, seconds):
    boxes = decode(render_clip("task_1", shape(seconds))).boxes

    assert boxes.index("moov") < boxes.index("mdat")
