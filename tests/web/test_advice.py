"""What the mock advises."""

from urllib.parse import unquote

import pytest
from starlette.testclient import TestClient

from tests.conftest import TASKS, MakeClient, example

PAGE = {"Origin": "https://app.example.com"}


def advice(client: TestClient, body: dict[str, object], **headers: str) -> str | None:
    answer = client.post(TASKS, json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers.get("X-Mock-Advice", "").isascii()
    sent = answer.headers.get("X-Mock-Advice")
    return None if sent is None else unquote(sent)


def test_a_good_request_gets_no_advice(client: TestClient) -> None:
    assert advice(client, example()) is None


def test_a_browser_is_told_to_keep_keys_on_a_server(client: TestClient) -> None:
    assert "keep API keys on a server" in (advice(client, example(), **PAGE) or "")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"prompt": "图3 walks"}, "the prompt names 图3, but image_with_roles holds 1"),
        ({"prompt": "Video 1 as it is"}, "the prompt names Video 1, but video_urls holds 0"),
        ({"video_urls": ["https://a/b.mp4"], "duration": 12}, "duration should be 2 to 10 seconds"),
        ({"video_urls": ["data:video/mp4;base64,???"]}, "a data URI of a video should read"),
        ({"video_urls": ["data:text/plain;base64,AAAA"]}, "a data URI of a video should read"),
        ({"video_urls": ["ftp://a/b.mp4"]}, "should be an http or https URL, or a data URI"),
    ],
)
def test_a_likely_mistake_is_advice_by_default(
    client: TestClient, changes: dict[str, object], words: str
) -> None:
    assert words in (advice(client, example(**changes)) or "")


def test_a_well_formed_data_uri_is_taken_as_it_is(client: TestClient) -> None:
    image = {"url": "data:image/png;base64,iVBORw0KGgo=", "role": "reference_image"}
    assert advice(client, example(image_with_roles=[image])) is None


def test_the_strict_profile_refuses_what_upstream_refuses(make_client: MakeClient) -> None:
    client = make_client(profile="strict")
    body = example(video_urls=["https://a/b.mp4"], duration=12)
    error = client.post(TASKS, json=body).json()["error"]
    assert (error["code"], error["details"][0]["pointer"]) == ("invalid_input", "/input/duration")
    assert client.post(TASKS, json=example()).status_code == 200
