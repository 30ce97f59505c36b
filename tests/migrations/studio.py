"""An application that makes clips. Its suites were written with other mocks, and moved."""

import os
import time
from typing import Any

import httpx

API = "https://api.mindvideo.ai"


class NoClip(Exception):
    """There is no clip; the text is the reason's code."""


class Studio:
    """Orders clips, and waits for them."""

    def __init__(self, **headers: str) -> None:
        key = os.environ.get("MINDVIDEO_API_KEY", "mv_live_xxx")
        self._http = httpx.Client(
            base_url=os.environ.get("MINDVIDEO_BASE_URL", API),
            headers={"Authorization": f"Bearer {key}", **headers},
        )

    def __enter__(self) -> "Studio":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def clip(self, prompt: str, image: str, order: str) -> str:
        """The link to the clip of an order; raises NoClip."""
        images = [{"url": image, "role": "reference_image"}]
        given = {"prompt": prompt, "image_with_roles": images, "duration": 5}
        body = {"model": "wan2-7-r2v", "input": given}
        task = self._send("POST", "/api/v1/tasks", json=body, headers={"Idempotency-Key": order})
        while task["status"] not in ("succeeded", "failed", "cancelled"):
            time.sleep(2)
            task = self._send("GET", f"/api/v1/tasks/{task['task_id']}")
        if task["status"] != "succeeded":
            raise NoClip(task["error"]["code"])
        return str(task["output"]["videos"][0]["url"])

    def _send(self, method: str, path: str, **sent: Any) -> dict[str, Any]:
        for _ in range(5):
            answer = self._http.request(method, path, **sent)
            if answer.status_code not in (429, 503):
                break
            time.sleep(float(answer.headers.get("Retry-After", 1)))
        if answer.status_code >= 400:
            raise NoClip(answer.json()["error"]["code"])
        return dict(answer.json())
