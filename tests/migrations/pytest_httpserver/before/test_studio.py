import pytest
from studio import NoClip, Studio

PICTURE = "https://example.com/cat.jpg"
CLIP = "https://cdn.mindvideo.ai/clip.mp4"
TASKS = "/api/v1/tasks"


@pytest.fixture(autouse=True)
def api(httpserver, monkeypatch):
    monkeypatch.setenv("MINDVIDEO_BASE_URL", httpserver.url_for("").rstrip("/"))
    monkeypatch.setattr("studio.time.sleep", lambda seconds: None)


def submits(httpserver):
    order = httpserver.expect_ordered_request(TASKS, method="POST")
    order.respond_with_json({"task_id": "task_1", "status": "queued"})


def polls(httpserver, status, **more):
    for answer in ({"status": "queued"}, {"status": "processing"}, {"status": status, **more}):
        poll = httpserver.expect_ordered_request(f"{TASKS}/task_1", method="GET")
        poll.respond_with_json({"task_id": "task_1", **answer})


def test_a_clip_is_made(httpserver):
    submits(httpserver)
    polls(httpserver, "succeeded", output={"videos": [{"url": CLIP}]})
    with Studio() as studio:
        assert studio.clip("a cat", PICTURE, "order-7") == CLIP
    request, _ = httpserver.log[0]
    assert request.json["input"]["prompt"] == "a cat"
    httpserver.check()


def test_a_refused_picture_is_told(httpserver):
    submits(httpserver)
    polls(httpserver, "failed", error={"code": "content_policy"})
    with Studio() as studio, pytest.raises(NoClip, match="content_policy"):
        studio.clip("a cat", PICTURE, "order-7")


def test_a_busy_platform_is_asked_again_with_the_same_key(httpserver):
    busy = httpserver.expect_ordered_request(TASKS, method="POST")
    busy.respond_with_data("busy", status=503, headers={"Retry-After": "3"})
    submits(httpserver)
    polls(httpserver, "succeeded", output={"videos": [{"url": CLIP}]})
    with Studio() as studio:
        assert studio.clip("a cat", PICTURE, "order-7") == CLIP
    keys = [request.headers["Idempotency-Key"] for request, _ in httpserver.log[:2]]
    assert keys == ["order-7", "order-7"]


def test_a_refused_key_is_told(httpserver):
    wrong = httpserver.expect_request(TASKS, method="POST")
    wrong.respond_with_json({"error": {"code": "invalid_api_key"}}, status=401)
    with Studio() as studio, pytest.raises(NoClip, match="api_key"):
        studio.clip("a cat", PICTURE, "order-7")
