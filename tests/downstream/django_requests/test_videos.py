"""The site, with Django's test client on one side and MindVideo's API on the other."""

import pytest

WANTED = {"prompt": "a cat", "video": "https://example.com/cat.mp4"}


def order(client, number="1", **changes):
    return client.post(f"/orders/{number}", WANTED | changes, content_type="application/json")


def test_an_order_becomes_a_video(client, mindvideo):
    task = order(client).json()["task"]
    assert client.get(f"/tasks/{task}/video").content == b"queued"
    mindvideo.succeed()
    assert client.get(f"/tasks/{task}/video").content[4:8] == b"ftyp"
    mindvideo.assert_charged("0.6165")


def test_progress_is_passed_on_as_it_comes(client, mindvideo):
    task = order(client).json()["task"]
    seen = []
    for line in client.get(f"/tasks/{task}/progress").streaming_content:
        seen.append((line.decode().strip(), mindvideo.task(task).status))
    assert seen == [(status, status) for status in ("queued", "processing", "succeeded")]


def test_an_order_is_charged_once_whatever_gets_lost(client, mindvideo):
    mindvideo.script("drop@after-commit; times=2")
    assert order(client).status_code == 200
    mindvideo.succeed()
    mindvideo.assert_charged_once()


def test_a_busy_service_is_asked_again(client, mindvideo):
    mindvideo.script("status=503; times=2")
    assert order(client).status_code == 200


@pytest.mark.mindvideo(strict=False)
def test_a_refusal_is_told(client, mindvideo):
    refused = order(client, prompt="x" * 6000)
    assert (refused.status_code, refused.json()) == (422, {"refused": "invalid_input"})


def test_nothing_leaves_the_machine_without_the_fixture(client):
    with pytest.raises(BaseException, match=r"a connection to api\.mindvideo\.ai:443 was stopped"):
        order(client)
