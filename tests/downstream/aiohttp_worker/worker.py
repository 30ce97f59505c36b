"""Takes jobs from a queue, has each become a video, and follows several at once."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp

URL = "https://api.mindvideo.ai"
TASKS = "/api/v1/tasks"
ENDS = {"succeeded", "failed", "cancelled"}


class Worker:
    """`results` has each job's end: a URL, or what went wrong."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.jobs: asyncio.Queue[str] = asyncio.Queue()
        self.results: dict[str, str] = {}

    async def run(self, workers: int = 3) -> None:
        """Work until the queue is empty."""
        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(self._work())

    async def _work(self) -> None:
        while not self.jobs.empty():
            prompt = self.jobs.get_nowait()
            try:
                task = await self._submit(prompt)
                self.results[prompt] = await self._end(task)
            except (aiohttp.ClientError, TimeoutError) as problem:
                self.results[prompt] = type(problem).__name__

    async def _submit(self, prompt: str) -> str:
        body = {
            "model": "wan2-7-r2v",
            "input": {"prompt": prompt, "video_urls": ["https://example.com/a.mp4"]},
        }
        for attempt in range(3):
            try:
                async with self._session.post(
                    TASKS, json=body, headers={"Idempotency-Key": prompt}, raise_for_status=True
                ) as answer:
                    return str((await answer.json())["task_id"])
            except aiohttp.ServerDisconnectedError:
                if attempt == 2:
                    raise
        raise AssertionError

    async def _end(self, task: str) -> str:
        async for event in self.events(task):
            if event["task"]["status"] in ENDS:
                break
        async with self._session.get(f"{TASKS}/{task}", raise_for_status=True) as answer:
            told = await answer.json()
        if told["status"] != "succeeded":
            return str(told["status"])
        return str(told["output"]["videos"][0]["url"])

    async def events(self, task: str) -> AsyncIterator[dict[str, Any]]:
        """Each event as it comes; begun anew after the last one where the stream breaks off."""
        last = "0"
        while True:
            try:
                headers = {"Last-Event-ID": last} if last != "0" else {}
                async with self._session.get(f"{TASKS}/{task}/events", headers=headers) as answer:
                    async for line in answer.content:
                        if line.startswith(b"id: "):
                            last = line[4:].decode().strip()
                        elif line.startswith(b"data: "):
                            event = json.loads(line[6:])
                            yield event
                            if event["task"]["status"] in ENDS:
                                return
            except aiohttp.ClientPayloadError:
                continue
