import pytest
from studio import NoClip, Studio

PICTURE = "https://example.com/cat.jpg"
CLIP = "https://cdn.mindvideo.ai/clip.mp4"
TASKS = "/api/v1/tasks"


def stub(api, method, path, before, after, answer, status=200, **headers):
    mapping = {
        "scenarioName": "a task",
        "requiredScenarioState": before,
        "newScenarioState": after,
        "request": {"method": method, "urlPath": path},
        "response": {"status": status, "jsonBody": answer, "headers": headers},
    }
    api.post("/mappings", json=mapping).raise_for_status()


def submits(api, before="Started"):
    stub(api, "POST", TASKS, before, "queued", {"task_id": "task_1", "status": "queued"})


def polls(api, status, **more):
    path, task = f"{TASKS}/task_1", {"task_id": "task_1"}
    stub(api, "GET", path, "queued", "processing", task | {"status": "queued"})
    stub(api, "GET", path, "processing", "ended", task | {"status": "processing"})
    stub(api, "GET", path, "ended", "ended", task | {"status": status} | more)


def sent(api):
    found = api.post("/requests/find", json={"method": "POST", "urlPath": TASKS}).json()
    return found["requests"][::-1]


def test_a_clip_is_made(api):
    submits(api)
    polls(api, "succeeded", output={"videos": [{"url": CLIP}]})
    with Studio() as studio:
        assert studio.clip("a cat", PICTURE, "order-7") == CLIP
    assert '"a cat"' in sent(api)[0]["body"]


def test_a_refused_picture_is_told(api):
    submits(api)
    polls(api, "failed", error={"code": "content_policy"})
    with Studio() as studio, pytest.raises(NoClip, match="content_policy"):
        studio.clip("a cat", PICTURE, "order-7")


def test_a_busy_platform_is_asked_again_with_the_same_key(api):
    stub(api, "POST", TASKS, "Started", "free", {}, status=503, **{"Retry-After": "3"})
    submits(api, before="free")
    polls(api, "succeeded", output={"videos": [{"url": CLIP}]})
    with Studio() as studio:
        assert studio.clip("a cat", PICTURE, "order-7") == CLIP
    assert [each["headers"]["Idempotency-Key"] for each in sent(api)] == ["order-7", "order-7"]


def test_a_refused_key_is_told(api):
    refusal = {"error": {"code": "invalid_api_key"}}
    stub(api, "POST", TASKS, "Started", "Started", refusal, status=401)
    with Studio() as studio, pytest.raises(NoClip, match="api_key"):
        studio.clip("a cat", PICTURE, "order-7")
