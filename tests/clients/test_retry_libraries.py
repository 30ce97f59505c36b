"""Retry libraries wait exactly as they are told, and one that does not is caught."""

import asyncio
import time

import httpx
import pytest
import requests
import stamina
import tenacity
import trio
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from mock_mindvideo.plugin.handle import MindVideo
from tests.conftest import TASKS, example

TWICE = pytest.mark.parametrize("status", [429, 503])


def told(error: Exception) -> float | bool:
    """Wait as long as the answer says."""
    if isinstance(error, httpx.HTTPStatusError) and error.response.status_code in {429, 503}:
        return float(error.response.headers["Retry-After"])
    return False


def submit(mindvideo: MindVideo) -> httpx.Response:
    with mindvideo.client() as client:
        return client.post(TASKS, json=example()).raise_for_status()


@TWICE
@pytest.mark.mindvideo(patch_sleep=True)
def test_stamina_waits_as_told(mindvideo: MindVideo, status: int) -> None:
    mindvideo.script(f"status={status}; retry-after=17; times=2")
    began = mindvideo.now

    for attempt in stamina.retry_context(on=told, attempts=3, timeout=None):
        with attempt:
            submit(mindvideo)
    assert (mindvideo.now - began).total_seconds() == 34
    mindvideo.assert_polled_politely()


def as_told(state: tenacity.RetryCallState) -> float:
    assert state.outcome is not None
    return float(told(state.outcome.exception()))  # type: ignore[arg-type]


@TWICE
@pytest.mark.mindvideo(patch_sleep=True)
def test_tenacity_waits_as_told(mindvideo: MindVideo, status: int) -> None:
    mindvideo.script(f"status={status}; retry-after=17; times=2")
    began = mindvideo.now

    tenacity.Retrying(wait=as_told, stop=tenacity.stop_after_attempt(3))(submit, mindvideo)
    assert (mindvideo.now - began).total_seconds() == 34
    mindvideo.assert_polled_politely()


@pytest.mark.parametrize("run", [asyncio.run, lambda work: work], ids=["asyncio", "trio"])
@pytest.mark.mindvideo(patch_sleep=True)
def test_tenacity_waits_as_told_in_an_event_loop(mindvideo: MindVideo, run) -> None:
    mindvideo.script("status=503; retry-after=17; times=2")
    began = mindvideo.now

    async def work() -> None:
        retrying = tenacity.AsyncRetrying(wait=as_told, stop=tenacity.stop_after_attempt(3))
        async for attempt in retrying:
            with attempt:
                async with mindvideo.async_client() as client:
                    (await client.post(TASKS, json=example())).raise_for_status()

    trio.run(work) if run is not asyncio.run else run(work())
    assert (mindvideo.now - began).total_seconds() == 34
    mindvideo.assert_polled_politely()


@pytest.mark.mindvideo(patch_sleep=True)
def test_a_client_that_ignores_retry_after_is_caught(mindvideo: MindVideo) -> None:
    mindvideo.script("status=429; retry-after=17; times=2")
    impatient = tenacity.Retrying(wait=tenacity.wait_fixed(1), stop=tenacity.stop_after_attempt(3))
    impatient(submit, mindvideo)

    with pytest.raises(AssertionError) as caught:
        mindvideo.assert_polled_politely()
    assert str(caught.value).splitlines()[:2] == [
        "polled impatiently 2 times",
        "  POST /api/v1/tasks: 1 s after a 429 that said Retry-After: 17  ×2",
    ]


@TWICE
@pytest.mark.mindvideo(patch_sleep=True)
def test_urllib3_waits_as_told_against_a_real_server(
    mindvideo_live: MindVideo, status: int
) -> None:
    mindvideo_live.script(f"status={status}; retry-after=17; times=2")
    began = mindvideo_live.now
    retry = Retry(total=3, status_forcelist=[429, 503], allowed_methods=None)

    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=retry))
        answer = session.post(
            mindvideo_live.base_url + TASKS,
            json=example(),
            headers={"Authorization": f"Bearer {mindvideo_live.api_key}"},
        )
    assert answer.status_code == 200
    assert (mindvideo_live.now - began).total_seconds() == 34
    mindvideo_live.assert_polled_politely()


@pytest.mark.mindvideo(patch_sleep=True)
def test_a_sleep_of_an_hour_takes_no_time(mindvideo: MindVideo) -> None:
    began = mindvideo.now

    time.sleep(3600)
    assert (mindvideo.now - began).total_seconds() == 3600
