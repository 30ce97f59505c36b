"""Clients that nobody here wrote, against a real server: they submit, poll, follow and retry."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import requests
import urllib3

from mock_mindvideo.plugin.handle import MindVideo
from tests.conftest import TASKS, example

NODE = Path(__file__).parent / "node"

#: What a client found out: the statuses it polled, the events it read, whether its retry under
#: the same key was a replay.
Findings = dict[str, Any]
Journey = Callable[[str, str], Findings]


def sequences(text: str) -> list[int]:
    lines = [line for line in text.splitlines() if line.startswith("id: ")]
    return [int(line[4:]) for line in lines]


def by_requests(url: str, key: str) -> Findings:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "order-1"}
    with requests.Session() as session:
        session.headers.update(headers)
        with pytest.raises(requests.ConnectionError):
            session.post(url, json=example(), timeout=60)
        again = session.post(url, json=example(), timeout=60)
        task = f"{url}/{again.json()['task_id']}"
        polls = [session.get(task, timeout=60).json()["status"] for _ in range(3)]
        events = session.get(f"{task}/events", timeout=60).text
    return findings(again.headers, polls, events)


def by_urllib3(url: str, key: str) -> Findings:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "order-1"}
    with urllib3.PoolManager(headers=headers, retries=False) as pool:
        with pytest.raises(urllib3.exceptions.ProtocolError):
            pool.request("POST", url, json=example(), headers={**headers, **JSON})
        again = pool.request("POST", url, json=example(), headers={**headers, **JSON})
        task = f"{url}/{again.json()['task_id']}"
        polls = [pool.request("GET", task).json()["status"] for _ in range(3)]
        events = pool.request("GET", f"{task}/events").data.decode()
    return findings(again.headers, polls, events)


JSON = {"Content-Type": "application/json"}


def by_aiohttp(url: str, key: str) -> Findings:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "order-1"}

    async def travel() -> Findings:
        async with aiohttp.ClientSession(headers=headers) as session:
            with pytest.raises(aiohttp.ServerDisconnectedError):
                await session.post(url, json=example())
            async with session.post(url, json=example()) as again:
                task = f"{url}/{(await again.json())['task_id']}"
            polls = []
            for _ in range(3):
                async with session.get(task) as poll:
                    polls.append((await poll.json())["status"])
            async with session.get(f"{task}/events") as stream:
                return findings(again.headers, polls, await stream.text())

    return asyncio.run(travel())


def by_node(url: str, key: str) -> Findings:
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    script = [str(NODE / "journey.mjs"), url, key, json.dumps(example())]
    done = subprocess.run(["node", *script], capture_output=True, text=True, timeout=60, check=True)
    found: Findings = json.loads(done.stdout)
    return found


def findings(headers: Any, polls: list[str], events: str) -> Findings:
    replayed = headers.get("Idempotent-Replayed") == "true"
    return {"polls": polls, "events": sequences(events), "replayed": replayed}


@pytest.mark.parametrize("journey", [by_requests, by_urllib3, by_aiohttp, by_node])
def test_a_foreign_client_gets_one_task_for_one_charge(
    mindvideo_live: MindVideo, journey: Journey
) -> None:
    mindvideo_live.script("drop@after-commit", times=1)

    found = journey(mindvideo_live.base_url + TASKS, mindvideo_live.api_key)
    assert found == {
        "polls": ["queued", "processing", "succeeded"],
        "events": [1, 2, 3],
        "replayed": True,
    }
    mindvideo_live.assert_charged_once()
    mindvideo_live.assert_stream_complete()
    mindvideo_live.assert_no_violations()
