"""What the suites that are compared have in common."""

from typing import Any

import httpx

#: Tests in a suite; the first ones import and warm up, and are not counted.
REPEAT = range(300)
WARM = 20

URL = "/api/v1/tasks"
ANSWER = {"task_id": "task_1", "status": "queued"}
BODY = {
    "model": "wan2-7-r2v",
    "input": {"prompt": "a cat", "video_urls": ["https://example.com/cat.mp4"]},
}

#: One client for all tests, as its making costs more than everything that is measured.
CLIENT = httpx.Client(headers={"Authorization": "Bearer mv_live_xxx"}, trust_env=False)


def submit(url: str, **headers: str) -> Any:
    """POST a valid task."""
    return CLIENT.post(url, json=BODY, headers=headers)
