import pytest
from studio import NoClip, Studio

PICTURE = "https://example.com/cat.jpg"


def test_a_clip_is_made(mindvideo):
    with Studio() as studio:
        assert studio.clip("a cat", PICTURE, "order-7").endswith(".mp4")
    [submit] = mindvideo.assert_requested("POST /api/v1/tasks", times=1)
    assert submit.json["input"]["prompt"] == "a cat"


def test_a_refused_picture_is_told(mindvideo):
    mindvideo.next_task(outcome="failed", error="content_policy")
    with Studio() as studio, pytest.raises(NoClip, match="content_policy"):
        studio.clip("a cat", PICTURE, "order-7")


def test_a_busy_platform_is_asked_again_with_the_same_key(mindvideo):
    mindvideo.script(status=503, retry_after=3, times=1)
    with Studio() as studio:
        assert studio.clip("a cat", PICTURE, "order-7").endswith(".mp4")
    mindvideo.assert_requested("POST /api/v1/tasks", times=2)
    mindvideo.assert_charged_once()


def test_a_refused_key_is_told(mindvideo):
    mindvideo.script(status=401)
    with Studio() as studio, pytest.raises(NoClip, match="api_key"):
        studio.clip("a cat", PICTURE, "order-7")


def test_the_studio_waits_as_long_as_it_is_told(mindvideo):
    mindvideo.script(status=429, retry_after=20, times=1, method="GET")
    with Studio() as studio:
        studio.clip("a cat", PICTURE, "order-7")
    mindvideo.assert_polled_politely()
