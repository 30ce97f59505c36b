"""A shop that sells videos: one order, one task, one charge."""

import asyncio
import os

import httpx
from fastapi import FastAPI, HTTPException

app = FastAPI()

BUSY = frozenset((429, 500, 502, 503))


async def ask(client: httpx.AsyncClient, method: str, path: str, **options: object) -> dict:
    """The JSON of an answer; what passes is asked for again."""
    for _ in range(6):
        try:
            answer = await client.request(method, path, **options)
            if answer.status_code not in BUSY:
                answer.raise_for_status()
                return answer.json()
        except (httpx.TransportError, ValueError):
            await asyncio.sleep(1)
        else:
            await asyncio.sleep(int(answer.headers.get("retry-after", 1)))
    raise HTTPException(503, "try again later")


@app.post("/orders/{order}")
async def order(order: str, prompt: str) -> dict:
    """Make the video of an order."""
    key = {"Authorization": f"Bearer {os.environ['MINDVIDEO_API_KEY']}"}
    base = os.environ["MINDVIDEO_BASE_URL"]
    body = {
        "model": "wan2-7-r2v",
        "input": {"prompt": prompt, "video_urls": ["https://example.com/cat.mp4"]},
    }
    async with httpx.AsyncClient(base_url=base, headers=key, timeout=30) as client:
        once = {"Idempotency-Key": order}
        task = await ask(client, "POST", "/api/v1/tasks", json=body, headers=once)
        for _ in range(100):
            found = await ask(client, "GET", f"/api/v1/tasks/{task['task_id']}")
            if found["status"] == "succeeded":
                return {"url": found["output"]["videos"][0]["url"]}
            if found["status"] in ("failed", "cancelled"):
                raise HTTPException(502, found["status"])
            await asyncio.sleep(5)
    raise HTTPException(504, "it takes too long")
