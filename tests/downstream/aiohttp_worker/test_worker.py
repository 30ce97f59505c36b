"""The worker, with a session that is made as in production."""

import aiohttp
import pytest
from worker import URL, Worker


@pytest.fixture
async def session():
    """Made before the mock is there, as an application does at its start."""
    headers = {"Authorization": "Bearer mv_live_xxx"}
    timeout = aiohttp.ClientTimeout(total=120)
    async with aiohttp.ClientSession(URL, headers=headers, timeout=timeout) as session:
        yield session


@pytest.fixture
def worker(session):
    return Worker(session)


async def work(worker, *prompts):
    for prompt in prompts:
        worker.jobs.put_nowait(prompt)
    await worker.run()
    return worker.results


async def test_jobs_become_videos(worker, mindvideo):
    results = await work(worker, *(f"cat {number}" for number in range(6)))
    assert all(url.startswith(f"{URL}/media/") for url in results.values())
    assert len(mindvideo.tasks) == 6
    mindvideo.assert_charged("3.6990")


async def test_a_lost_answer_costs_nothing(worker, mindvideo):
    mindvideo.script("drop@after-commit; times=1")
    await work(worker, "cat")
    mindvideo.assert_charged_once()


async def test_a_stream_that_breaks_off_goes_on(worker, mindvideo):
    mindvideo.script("truncate=300; path=/api/v1/tasks/*/events; times=1")
    assert (await work(worker, "cat"))["cat"].startswith(URL)


async def test_a_failed_task_is_told(worker, mindvideo):
    mindvideo.next_task(outcome="failed")
    assert await work(worker, "cat") == {"cat": "failed"}


async def test_a_stuck_task_takes_no_time(worker, mindvideo):
    mindvideo.next_task(outcome="stuck")
    assert await work(worker, "cat") == {"cat": "TimeoutError"}


async def test_nothing_leaves_the_machine_without_the_fixture(worker):
    with pytest.raises(BaseExceptionGroup) as stopped:
        await work(worker, "cat")
    assert "mindvideo: a connection to api.mindvideo.ai:443 was stopped" in str(
        stopped.value.exceptions[0]
    )
