"""Reference URLs under `mock.invalid`: known ones act, any others are told."""

import json

import pytest
from starlette.testclient import TestClient

from mock_mindvideo import Settings, create_app
from tests.conftest import AUTH, TASKS, caller, example

ROLE = {"role": "reference_image"}

SPELLINGS = [
    "https://{}.mock.invalid/x.jpg",
    "http://{}.mock.invalid",
    "HTTPS://{}.MOCK.Invalid/x.jpg",
    "https://{}.mock.invalid:8443/x.jpg",
    "https://{}.mock.invalid./x.jpg",
    "https://user:pass@{}.mock.invalid:80./x.jpg?a=b#c",
    "https://example.com@{}.mock.invalid/x.jpg",
    "https://{}.mock%2Einvalid/x.jpg",
    "https:\\\\{}.mock.invalid\\x.jpg",
    "s3://{}.mock.invalid/x.jpg",
    "  https://{}.mock.invalid/x.jpg",
]


def submit(client: TestClient, body: str) -> tuple[int, dict]:
    headers = {"Content-Type": "application/json"}
    answer = client.post(TASKS, content=body.encode(), headers=headers)
    return answer.status_code, answer.json()


def with_urls(*urls: str) -> str:
    images = [{"url": "https://a.example/1.jpg", **ROLE}, *({"url": each, **ROLE} for each in urls)]
    return json.dumps(example(image_with_roles=images))


@pytest.mark.parametrize("form", SPELLINGS)
def test_a_known_host_acts_however_its_url_is_written(client: TestClient, form: str) -> None:
    assert submit(client, with_urls(form.format("unavailable")))[0] == 503
    assert submit(client, with_urls(form.format("FAIL" if "MOCK" in form else "fail")))[0] == 200
    task = client.get("/_mock/tasks").json()["tasks"][-1]
    assert task["script"] == "outcome=failed"


@pytest.mark.parametrize("form", SPELLINGS)
def test_an_unknown_host_is_told_with_what_was_probably_meant(
    client: TestClient, form: str
) -> None:
    status, answer = submit(client, with_urls(form.format("fail-content_policy")))
    said = (
        "unknown host 'fail-content_policy.mock.invalid':"
        " did you mean 'fail-content-policy.mock.invalid'?"
    )
    assert status == 422
    assert answer["error"]["code"] == "invalid_input"
    assert answer["error"]["message"] == f"a magic URL: {said}"
    assert answer["error"]["details"] == [
        {"pointer": "/input/image_with_roles/1/url", "keyword": "magic", "message": said}
    ]
    assert client.get("/_mock/tasks").json()["tasks"] == []


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("fails", "did you mean 'fail.mock.invalid'?"),
        ("a.fail", "did you mean 'fail.mock.invalid'?"),
        ("stuck.", "did you mean 'stuck.mock.invalid'?"),
        ("drop-after", "did you mean 'drop-after-commit.mock.invalid'?"),
        ("zzzzzz", "known are fail, "),
    ],
)
def test_a_host_below_a_known_one_or_misspelt_is_unknown(
    client: TestClient, host: str, near: str
) -> None:
    body = json.dumps(example(video_urls=["https://a.example/v", f"https://{host}.mock.invalid"]))
    status, answer = submit(client, body)
    assert status == 422
    assert near in answer["error"]["message"]
    assert answer["error"]["details"][0]["pointer"] == "/input/video_urls/1"


def test_every_unknown_host_is_told(client: TestClient) -> None:
    _, answer = submit(client, with_urls("https://x1.mock.invalid", "https://x2.mock.invalid"))
    assert [each["pointer"] for each in answer["error"]["details"]] == [
        "/input/image_with_roles/1/url",
        "/input/image_with_roles/2/url",
    ]


@pytest.mark.parametrize("known", ["fail", "unavailable"])
def test_beside_an_unknown_host_a_known_one_does_nothing(client: TestClient, known: str) -> None:
    urls = (f"https://{known}.mock.invalid/", "https://x.mock.invalid/")
    assert submit(client, with_urls(*urls))[0] == 422
    assert submit(client, with_urls(*reversed(urls)))[0] == 422


def test_of_two_hosts_that_decide_the_same_the_second_is_told(client: TestClient) -> None:
    status, answer = submit(
        client, with_urls("https://fail.mock.invalid", "https://stuck.mock.invalid")
    )
    assert status == 422
    assert answer["error"]["details"][0] == {
        "pointer": "/input/image_with_roles/2/url",
        "keyword": "magic",
        "message": "'stuck.mock.invalid' would do nothing: 'fail.mock.invalid' stands before it",
    }
    assert submit(client, with_urls(*["https://fail.mock.invalid"] * 2))[0] == 200


def test_a_plan_and_a_fault_may_stand_in_one_body(client: TestClient) -> None:
    body = with_urls("https://fail.mock.invalid", "https://unavailable.mock.invalid")
    assert submit(client, body)[0] == 503
    assert submit(client, body)[0] == 200
    assert client.get("/_mock/tasks").json()["tasks"][-1]["script"] == "outcome=failed"


@pytest.mark.parametrize(
    "escaped", ["\\u006dock.invalid", "mock\\u002einvalid", "mock%2E\\u0049nvalid"]
)
def test_json_escapes_do_not_hide_a_host(client: TestClient, escaped: str) -> None:
    for host, status in (("unavailable", 503), ("fails", 422)):
        body = with_urls(f"https://{host}.mock.invalid/").replace("mock.invalid", escaped)
        assert submit(client, body)[0] == status


@pytest.mark.parametrize(
    "url",
    [
        "https://mock.invalid/x.jpg",
        "https://notmock.invalid/x.jpg",
        "https://fails.mock.invalid.example.com/x.jpg",
        "https://fails.mock.invalid@example.com/x.jpg",
        "https://example.com/https://fails.mock.invalid/",
        "https://example.com/?u=https://fails.mock.invalid/",
        "data:image/png;base64,fails.mock.invalid",
    ],
)
def test_a_url_under_another_host_is_no_script(client: TestClient, url: str) -> None:
    assert submit(client, with_urls(url))[0] == 200


def test_a_prompt_may_speak_of_any_host(client: TestClient) -> None:
    body = json.dumps(example(prompt="see https://fails.mock.invalid/ and stuck.mock.invalid"))
    assert submit(client, body)[0] == 200


def test_without_magic_no_host_is_told() -> None:
    client = caller(create_app(Settings(magic=False)), headers=AUTH)
    assert submit(client, with_urls("https://fails.mock.invalid/"))[0] == 200
