"""Unchanged code, whatever client it uses: its own host is answered, in process."""

from contextlib import nullcontext

import pytest

from mock_mindvideo.plugin.handle import MindVideo
from tests.conftest import TASKS, example
from tests.transports.clients import Client


def test_a_task_is_submitted_and_polled_to_success(client: Client) -> None:
    task_id = client.submit(example())

    polls = [client.request("GET", f"{TASKS}/{task_id}").json() for _ in range(3)]
    assert [poll["status"] for poll in polls] == ["queued", "processing", "succeeded"]
    assert polls[-1]["cost_actual"] == 0.6165


@pytest.mark.slow  # it is rendered for each
def test_the_video_can_be_fetched_where_the_task_says(client: Client, mindvideo: MindVideo) -> None:
    client.submit(example())
    url = mindvideo.succeed().raw["output"]["videos"][0]["url"]

    assert url.startswith("https://api.mindvideo.ai/media/")
    answer = client.request("GET", url)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.content[4:8] == b"ftyp"


def test_a_retry_after_a_lost_answer_finds_the_one_task(
    client: Client, mindvideo: MindVideo
) -> None:
    mindvideo.script("drop@after-commit", times=1)
    key = {"Idempotency-Key": "order-1"}
    with pytest.raises(client.disconnected) if client.disconnected else nullcontext():
        client.request("POST", TASKS, json=example(), headers=key)

    again = client.request("POST", TASKS, json=example(), headers=key)
    assert again.headers["idempotent-replayed"] == "true"
    mindvideo.succeed()
    mindvideo.assert_charged_once(again.json()["task_id"])


def test_a_refusal_arrives_as_the_servers_own(client: Client) -> None:
    answer = client.request("POST", TASKS, json=example(prompt=None))

    assert answer.status_code == 422
    assert answer.json()["error"]["details"][0]["pointer"] == "/input"


def test_an_unknown_path_is_answered_like_any_other(client: Client) -> None:
    answer = client.request("GET", "/elsewhere")

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_a_delay_beyond_the_clients_timeout_is_its_read_timeout(
    client: Client, mindvideo: MindVideo
) -> None:
    mindvideo.script("delay=30")

    with pytest.raises(client.timed_out):
        client.request("POST", TASKS, json=example(), timeout=2)


def test_a_delay_within_it_takes_the_worlds_time_only(client: Client, mindvideo: MindVideo) -> None:
    before = mindvideo.now
    mindvideo.script("delay=30; times=1")

    client.request("POST", TASKS, json=example(), timeout=60)
    assert (mindvideo.now - before).total_seconds() == 30
