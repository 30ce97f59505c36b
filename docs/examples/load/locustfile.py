"""Locust: each user submits tasks, and polls each until it has ended, as an application does.

    pip install locust
    mock-mindvideo serve --profile load
    locust -f locustfile.py --host http://127.0.0.1:8080 --headless -u 50 -r 10 -t 1m

MINDVIDEO_API_KEY is the key, MINDVIDEO_POLL the seconds between two polls.
"""

import os
import time
import uuid

from gevent import sleep
from locust import HttpUser, constant, task

API_KEY = os.environ.get("MINDVIDEO_API_KEY", "mv_test_load")
POLL = float(os.environ.get("MINDVIDEO_POLL", "1"))
PAYLOAD = {
    "model": "wan2-7-r2v",
    "input": {"prompt": "a lantern in the rain", "video_urls": ["https://example.com/v.mp4"]},
}
ENDED = {"succeeded", "failed", "cancelled"}


class Renderer(HttpUser):
    """Somebody who wants one video after the other."""

    wait_time = constant(0)

    def on_start(self):
        self.client.headers["Authorization"] = f"Bearer {API_KEY}"

    @task
    def one_video(self):
        """Submit under one key until it is taken, and follow the task to its end."""
        began = time.perf_counter()
        key = {"Idempotency-Key": f"load-{uuid.uuid4()}"}
        task_id = self.asked("POST", "/api/v1/tasks", "submit", json=PAYLOAD, headers=key)[
            "task_id"
        ]
        while True:
            found = self.asked("GET", f"/api/v1/tasks/{task_id}", "poll")
            if found["status"] in ENDED:
                break
            sleep(POLL)
        ms = (time.perf_counter() - began) * 1000
        self.environment.events.request.fire(
            request_type="TASK",
            name=found["status"],
            response_time=ms,
            response_length=0,
            exception=None,
            context={},
        )

    def asked(self, method, path, name, **more):
        """The answer; after a 429 or 503 the same request again, when `Retry-After` says."""
        while True:
            with self.client.request(
                method, path, name=name, catch_response=True, **more
            ) as answer:
                if answer.status_code in (429, 503):
                    answer.success()  # the platform is busy, and says when to come again
                elif answer.ok:
                    return answer.json()
                else:
                    answer.failure(answer.text)
                    answer.raise_for_status()
            sleep(float(answer.headers.get("Retry-After", POLL)))
