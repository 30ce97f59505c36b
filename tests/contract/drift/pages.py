"""A page in words of its own that states what the vendor documents, and what can change in it."""
# ruff: noqa: E501 - a row for each change

import json
from typing import Any

from mock_mindvideo.platform.data import data_folder

MODEL = data_folder("schemas") / "models" / "wan2-7-r2v"
SCHEMA: dict[str, Any] = json.loads((MODEL / "input.schema.json").read_text("utf-8"))
EXAMPLE = json.loads((MODEL / "model.json").read_text("utf-8"))["example"]
ANSWER = {
    "request_id": "req_demo_model",
    "task_id": "task_demo_model",
    "status": "succeeded",
    "cost_estimate": 0.6165,
    "cost_actual": 0.6165,
    "output": {"videos": [{"url": "https://example.com/output/demo.mp4"}]},
}


def own_words() -> dict[str, Any]:
    """The schema, with other descriptions of the same facts."""
    schema: dict[str, Any] = json.loads(json.dumps(SCHEMA))
    found = schema["properties"]
    found["prompt"]["description"] = (
        "What happens. Name the references 图1、图2、视频1, in their order."
    )
    found["video_urls"]["description"] = (
        "Taken together, image_with_roles and video_urls hold at most 5 items."
    )
    found["image_with_roles"]["description"] = (
        "You need at least one: image_with_roles or video_urls."
    )
    return schema


PAGE = f"""\
How to send work
Work is asynchronous: you poll until the final state is there.
Send the slug of the model that you create a task for.
What returns is a request ID, a task ID, the normalized status and the estimated cost.
Give an Idempotency-Key that is unique for every business request.
The same payload again is the first task, never charged twice.
The same key for another input is refused with 409.
curl -X POST https://api.mindvideo.ai/api/v1/tasks \\
-H "Authorization: Bearer mv_live_xxx" \\
-H "Content-Type: application/json" \\
-H "Idempotency-Key: task_$(date +%s)" \\
-d '{json.dumps({"model": "wan2-7-r2v", "input": EXAMPLE}, ensure_ascii=False, indent=1)}'
All requests from your server need an API key in their Authorization.
In the dashboard, a key is created, disabled, or deleted
A state is queued, processing, succeeded, failed, or cancelled
curl https://api.mindvideo.ai/api/v1/tasks/task_demo_model \\
-H "Authorization: Bearer mv_live_xxx"
curl https://api.mindvideo.ai/api/v1/tasks/task_demo_model/events \\
-H "Authorization: Bearer mv_live_xxx"
{json.dumps(ANSWER, indent=1)}
Files are hosted by you, or are short data URIs.
{json.dumps(own_words(), ensure_ascii=False, indent=1)}
"""

#: Fact, what stands in the page, what takes its place, and whether it breaks somebody.
CHANGES: list[tuple[str, str, str, bool]] = [
    ("D01", "POST https://api.mindvideo.ai/api/v1/tasks", "POST https://api.mindvideo.ai/api/v2/tasks", True),
    ("D01", "-X POST", "-X PUT", True),
    ("D01", '"wan2-7-r2v"', '"wan2-8-r2v"', True),
    ("D01", "the slug of the model", "the name of the model", True),
    ("D02", "Authorization: Bearer mv_live_xxx", "X-Api-Key: mv_live_xxx", True),
    ("D02", "in their Authorization", "in their query", True),
    ("D03", "created, disabled, or deleted", "created or deleted", True),
    ("D04", "a task ID, ", "", True),
    ("D05", "you poll until", "you are called when", True),
    ("D06", "task_demo_model \\", "task_demo_model/status \\", True),
    ("D07", "task_demo_model/events", "task_demo_model/log", True),
    ("D08", "failed, or cancelled", "failed, paused, or cancelled", True),
    ("D08", '"status": "succeeded"', '"status": "completed"', True),
    ("D09", "unique for every business request", "sent by you", True),
    ("D09", "Idempotency-Key: task_", "Request-Key: task_", True),
    ("D10", "never charged twice", "charged twice", True),
    ("D11", "409", "422", True),
    ("D12", '"cost_actual": 0.6165,\n', "", True),
    ("D12", '"videos"', '"clips"', True),
    ("D12", '"req_demo_model"', '"req_other"', False),
    ("D13", '"cost_estimate": 0.6165', '"cost_estimate": 0.7', True),
    ("D13", '"cost_actual": 0.6165', '"cost_actual": 0.7', True),
    ("D14", "short data URIs", "nothing", True),
    ("D15", '"maxLength": 5000', '"maxLength": 4000', True),
    ("D15", '"default": "1080P"', '"default": "720P"', True),
    ("D15", '"title": "Seed"', '"title": "Grain"', False),
    ("D16", "at most 5 items", "at most 3 items", True),
    ("D17", "at least one", "neither", True),
    ("D18", "in their order", "in any order", True),
    ("D19", '"rows": 6', '"rows": 8', False),
    ("D20", "from your server", "from anywhere", True),
]  # fmt: skip
