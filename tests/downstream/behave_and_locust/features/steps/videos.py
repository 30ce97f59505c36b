"""An application that orders a video, and what is expected of it."""

import httpx
from behave import then, when

TASKS = "https://api.mindvideo.ai/api/v1/tasks"
KEY = {"Authorization": "Bearer mv_live_xxx"}
BODY = {
    "model": "wan2-7-r2v",
    "input": {"prompt": "a cat", "video_urls": ["https://example.com/cat.mp4"]},
}


@when("a video is ordered")
def order(context):
    context.task = httpx.post(TASKS, json=BODY, headers=KEY).json()["task_id"]


@when("time passes")
def wait(context):
    context.mindvideo.advance(600)


@then("its task is {status}")
def look(context, status):
    assert httpx.get(f"{TASKS}/{context.task}", headers=KEY).json()["status"] == status


@then("there is no task")
def nothing(context):
    assert context.mindvideo.tasks == ()
