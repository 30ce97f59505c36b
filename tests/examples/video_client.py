"""A small client library of an imaginary application. It knows nothing of the mock."""

import json
import os
import time
import uuid
from collections.abc import Iterator
from typing import Any

import httpx

ENDED = {"succeeded", "failed", "cancelled"}
ATTEMPTS = 5


class GenerationFailed(Exception):
    """The task ended without a video; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class VideoClient:
    """Submits tasks, waits for them, follows them; survives what networks do."""

    def __init__(self, api_key: str | None = None, base_url: str | None = None) -> None:
        self._http = httpx.Client(
            base_url=base_url or os.environ.get("MINDVIDEO_BASE_URL", "https://api.mindvideo.ai"),
            headers={"Authorization": f"Bearer {api_key or os.environ['MINDVIDEO_API_KEY']}"},
            timeout=10,
        )

    def __enter__(self) -> "VideoClient":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def submit(self, prompt: str, image: str, **options: Any) -> str:
        """The id of a new task; however often it has to be sent, it is made once."""
        images = [{"url": image, "role": "reference_image"}]
        given = {"prompt": prompt, "image_with_roles": images, **options}
        answer = self._send(
            "POST",
            "/api/v1/tasks",
            json={"model": "wan2-7-r2v", "input": given},
            headers={"Idempotency-Key": uuid.uuid4().hex},
        )
        return str(answer.json()["task_id"])

    def wait(self, task_id: str, every: float = 2.0) -> str:
        """The URL of the finished video; raises GenerationFailed."""
        while True:
            task = self._send("GET", f"/api/v1/tasks/{task_id}").json()
            if task["status"] in ENDED:
                return _video(task)
            time.sleep(every)

    def follow(self, task_id: str) -> Iterator[dict[str, Any]]:
        """Each event of the task once, over as many connections as it takes."""
        seen = 0
        while True:
            for event in self._events(task_id, seen):
                if event["sequence"] > seen:
                    seen = event["sequence"]
                    yield event
                if event["task"]["status"] in ENDED:
                    return
            time.sleep(1)

    def _events(self, task_id: str, seen: int) -> Iterator[dict[str, Any]]:
        path, resume = f"/api/v1/tasks/{task_id}/events", {"Last-Event-ID": str(seen)}
        try:
            with self._http.stream("GET", path, headers=resume if seen else {}) as answer:
                for line in answer.iter_lines():
                    if line.startswith("data: "):
                        yield json.loads(line.removeprefix("data: "))
        except httpx.TransportError:
            return

    def _send(self, method: str, path: str, **sent: Any) -> httpx.Response:
        for attempt in range(ATTEMPTS):
            try:
                answer = self._http.request(method, path, **sent)
            except httpx.TransportError:
                if attempt == ATTEMPTS - 1:
                    raise
                time.sleep(2**attempt)
                continue
            if answer.status_code not in {429, 503} or attempt == ATTEMPTS - 1:
                break
            time.sleep(float(answer.headers.get("Retry-After", 2**attempt)))
        return answer.raise_for_status()


def _video(task: dict[str, Any]) -> str:
    if task["status"] != "succeeded":
        raise GenerationFailed(task.get("error", {}).get("code", task["status"]))
    return str(task["output"]["videos"][0]["url"])
