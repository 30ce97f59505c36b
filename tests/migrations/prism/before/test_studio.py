import pytest
from studio import NoClip, Studio

PICTURE = "https://example.com/cat.jpg"


def test_a_clip_is_made():
    with Studio(Prefer="example=succeeded") as studio:
        assert studio.clip("a cat", PICTURE, "order-7").endswith(".mp4")


def test_a_refused_picture_is_told():
    with Studio(Prefer="example=failed") as studio, pytest.raises(NoClip, match="content_policy"):
        studio.clip("a cat", PICTURE, "order-7")


def test_a_refused_key_is_told():
    with Studio(Prefer="code=401") as studio, pytest.raises(NoClip, match="api_key"):
        studio.clip("a cat", PICTURE, "order-7")


def test_an_empty_purse_is_told():
    with Studio(Prefer="code=402") as studio, pytest.raises(NoClip, match="insufficient_credit"):
        studio.clip("a cat", PICTURE, "order-7")
