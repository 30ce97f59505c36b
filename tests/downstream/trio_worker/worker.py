"""Makes several videos at a time, each within ten minutes."""

from datetime import UTC, datetime

import httpx
import trio

URL = "https://api.mindvideo.ai"
BUDGET = 600


class Worker:
    """`ended` says for each prompt what became of it, and when."""

    def __init__(self):
        headers = {"Authorization": "Bearer mv_live_xxx"}
        self.client = httpx.AsyncClient(base_url=URL, headers=headers)
        self.ended = {}

    async def make(self, prompts):
        """Make all of them."""
        async with self.client, trio.open_nursery() as nursery:
            for prompt in prompts:
                nursery.start_soon(self._make, prompt)

    async def _make(self, prompt):
        status = "timeout"
        with trio.move_on_after(BUDGET):
            given = {"prompt": prompt, "video_urls": ["https://example.com/cat.mp4"]}
            body = {"model": "wan2-7-r2v", "input": given}
            answer = await self.client.post("/api/v1/tasks", json=body)
            status = await self._wait(answer.json()["task_id"])
        self.ended[prompt] = status, datetime.now(UTC)

    async def _wait(self, task_id):
        while True:
            task = (await self.client.get(f"/api/v1/tasks/{task_id}")).json()
            if task["status"] not in ("queued", "processing"):
                return task["status"]
            await trio.sleep(5)
