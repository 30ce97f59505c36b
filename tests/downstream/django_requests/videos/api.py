"""The site's client of MindVideo: one session for the process, which repeats what is safe."""

import json
from collections.abc import Iterator
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import Retry

TASKS = f"{settings.MINDVIDEO_URL}/api/v1/tasks"
MODEL = "wan2-7-r2v"

session = requests.Session()
session.headers["Authorization"] = f"Bearer {settings.MINDVIDEO_KEY}"
retry = Retry(total=3, status_forcelist=[429, 503], allowed_methods=None, backoff_factor=0)
session.mount("https://", HTTPAdapter(max_retries=retry))


def submit(prompt: str, video: str, order: str) -> str:
    """The id of a new task; the same for the same order."""
    body = {"model": MODEL, "input": {"prompt": prompt, "video_urls": [video]}}
    answer = session.post(TASKS, json=body, headers={"Idempotency-Key": order}, timeout=10)
    answer.raise_for_status()
    return str(answer.json()["task_id"])


def task(task_id: str) -> dict[str, Any]:
    answer = session.get(f"{TASKS}/{task_id}", timeout=10)
    answer.raise_for_status()
    return dict(answer.json())


def events(task_id: str) -> Iterator[dict[str, Any]]:
    """Each event as it comes."""
    with session.get(f"{TASKS}/{task_id}/events", stream=True, timeout=10) as answer:
        answer.raise_for_status()
        for line in answer.iter_lines():
            if line.startswith(b"data: "):
                yield json.loads(line[6:])


def download(url: str) -> bytes:
    with session.get(url, stream=True, timeout=10) as answer:
        answer.raise_for_status()
        return b"".join(answer.iter_content(64 * 1024))
