import pytest
from studio import NoClip, Studio

PICTURE = "https://example.com/cat.jpg"


@pytest.fixture(autouse=True)
def api(mindvideo_live, monkeypatch):
    mindvideo_live.setenv()
    monkeypatch.setattr("studio.time.sleep", lambda seconds: None)


def test_a_clip_is_made():
    with Studio() as studio:
        assert studio.clip("a cat", PICTURE, "order-7").endswith(".mp4")


def test_a_refused_picture_is_told(mindvideo_live):
    mindvideo_live.next_task(outcome="failed", error="content_policy")
    with Studio() as studio, pytest.raises(NoClip, match="content_policy"):
        studio.clip("a cat", PICTURE, "order-7")


def test_a_refused_key_is_told(mindvideo_live):
    mindvideo_live.script(status=401)
    with Studio() as studio, pytest.raises(NoClip, match="api_key"):
        studio.clip("a cat", PICTURE, "order-7")


def test_an_empty_purse_is_told(mindvideo_live):
    mindvideo_live.credit = "0.10"
    with Studio() as studio, pytest.raises(NoClip, match="insufficient_credit"):
        studio.clip("a cat", PICTURE, "order-7")


def test_a_busy_platform_is_asked_again(mindvideo_live):
    mindvideo_live.script(status=503, retry_after=3, times=1)
    with Studio() as studio:
        studio.clip("a cat", PICTURE, "order-7")
    mindvideo_live.assert_charged_once()
