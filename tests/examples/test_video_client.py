"""The suite of that client library: no network, no waiting, no cost."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.examples.video_client import GenerationFailed, VideoClient

IMAGE = "https://example.com/character.jpg"


@pytest.fixture
def client(mindvideo):
    mindvideo.setenv(MINDVIDEO_API_KEY=mindvideo.api_key)
    return VideoClient()


def test_a_video_is_made(mindvideo, client):
    url = client.wait(client.submit("图1 walks through the city", IMAGE), every=0)

    assert httpx.get(url).headers["content-type"] == "video/mp4"
    mindvideo.assert_charged("0.6165")


def test_a_lost_answer_costs_nothing_twice(mindvideo, client):
    mindvideo.patch_sleep()
    mindvideo.script("drop@after-commit", times=1)

    task_id = client.submit("图1 walks", IMAGE)
    client.wait(task_id)
    mindvideo.assert_requested("POST /api/v1/tasks", times=2)
    mindvideo.assert_charged_once(task_id)


@pytest.mark.mindvideo(patch_sleep=True)
def test_polling_is_polite_even_when_told_to_slow_down(mindvideo, client):
    mindvideo.script("limit=3/60")

    client.wait(client.submit("图1 walks", IMAGE))
    mindvideo.assert_requested("GET /api/v1/tasks/*", status=429)
    mindvideo.assert_polled_politely(min_interval=2)


def test_a_refused_prompt_is_told_by_its_code(mindvideo, client):
    mindvideo.next_task(outcome="failed", error="content_policy")

    with pytest.raises(GenerationFailed) as failed:
        client.wait(client.submit("图1 walks", IMAGE), every=0)
    assert failed.value.code == "content_policy"
    mindvideo.assert_charged(0)


@pytest.mark.mindvideo(patch_sleep=True, script=["cut=1; times=1", "duplicate=2"])
def test_events_arrive_once_however_often_the_stream_is_cut(mindvideo, client):
    task_id = client.submit("图1 walks", IMAGE)

    assert [event["type"] for event in client.follow(task_id)] == [
        "task.queued",
        "task.processing",
        "task.succeeded",
    ]
    mindvideo.assert_stream_complete(task_id)


def test_a_second_request_under_a_held_key_is_told_to_wait(mindvideo):
    def submit():
        with mindvideo.client() as http:
            images = [{"url": IMAGE, "role": "reference_image"}]
            body = {"model": "wan2-7-r2v", "input": {"prompt": "x", "image_with_roles": images}}
            return http.post("/api/v1/tasks", json=body, headers={"Idempotency-Key": "order-7"})

    with ThreadPoolExecutor() as pool, mindvideo.hold("commit") as gate:
        first = pool.submit(submit)
        gate.wait()
        assert submit().json()["error"]["code"] == "idempotency_in_progress"
        gate.release()
        assert first.result().status_code == 200


@pytest.mark.mindvideo(patch_sleep=True, script="status=503; retry-after=20; times=2")
def test_retries_wait_as_long_as_they_are_told(mindvideo, client):
    began = mindvideo.now
    client.submit("图1 walks", IMAGE)

    assert (mindvideo.now - began).total_seconds() == 40
    mindvideo.assert_polled_politely()
