import json

import pytest
import respx
from studio import NoClip, Studio

TASKS = "https://api.mindvideo.ai/api/v1/tasks"
PICTURE = "https://example.com/cat.jpg"
CLIP = "https://cdn.mindvideo.ai/clip.mp4"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr("studio.time.sleep", lambda seconds: None)


@pytest.fixture
def api():
    with respx.mock(assert_all_called=False) as router:
        router.submit = router.post(TASKS)
        router.submit.respond(json={"task_id": "task_1", "status": "queued"})
        router.poll = router.get(f"{TASKS}/task_1")
        yield router


def ends(api, status, **more):
    answers = [{"status": "queued"}, {"status": "processing"}, {"status": status, **more}]
    api.poll.side_effect = [
        respx.MockResponse(json={"task_id": "task_1", **answer}) for answer in answers
    ]


def test_a_clip_is_made(api):
    ends(api, "succeeded", output={"videos": [{"url": CLIP}]})
    with Studio() as studio:
        assert studio.clip("a cat", PICTURE, "order-7") == CLIP
    body = json.loads(api.submit.calls.last.request.content)
    assert body["input"]["prompt"] == "a cat"


def test_a_refused_picture_is_told(api):
    ends(api, "failed", error={"code": "content_policy"})
    with Studio() as studio, pytest.raises(NoClip, match="content_policy"):
        studio.clip("a cat", PICTURE, "order-7")


def test_a_busy_platform_is_asked_again_with_the_same_key(api):
    ends(api, "succeeded", output={"videos": [{"url": CLIP}]})
    api.submit.side_effect = [
        respx.MockResponse(503, headers={"Retry-After": "3"}),
        respx.MockResponse(json={"task_id": "task_1", "status": "queued"}),
    ]
    with Studio() as studio:
        assert studio.clip("a cat", PICTURE, "order-7") == CLIP
    keys = [call.request.headers["Idempotency-Key"] for call in api.submit.calls]
    assert keys == ["order-7", "order-7"]


def test_a_refused_key_is_told(api):
    api.submit.respond(401, json={"error": {"code": "invalid_api_key"}})
    with Studio() as studio, pytest.raises(NoClip, match="api_key"):
        studio.clip("a cat", PICTURE, "order-7")
