"""Links lead where the client reached the mock, through whatever stands between."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from mock_mindvideo import Settings
from mock_mindvideo.web.app import create_app
from mock_mindvideo.web.forwarded import base, told
from tests.conftest import AUTH, TASKS, MakeClient, caller, example

REMOTE = ("172.17.0.3", 40000)


def link(client: TestClient, **headers: str) -> str:
    """A result's link without its path, as the client of a finished task is told."""
    task_id = client.post(TASKS, json=example()).json()["task_id"]
    client.post(f"/_mock/tasks/{task_id}/succeed")
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    body = client.get(f"{TASKS}/{task_id}", headers=sent).json()
    return str(body["output"]["videos"][0]["url"]).partition("/media/")[0]


@pytest.mark.parametrize(
    ("headers", "base"),
    [
        ({"Host": "mock_mindvideo:8080"}, "http://mock_mindvideo:8080"),
        ({"Host": "MOCK.local."}, "http://MOCK.local."),
        ({"X_Forwarded_Proto": "https"}, "https://127.0.0.1:8080"),
        ({"X_Forwarded_Host": "app.test"}, "http://app.test"),
        ({"X_Forwarded_Host": "my_app:3000, inner"}, "http://my_app:3000"),
        ({"X_Forwarded_Host": "app.test", "X_Forwarded_Port": "8443"}, "http://app.test:8443"),
        ({"X_Forwarded_Host": "app.test:1", "X_Forwarded_Port": "2"}, "http://app.test:1"),
        ({"X_Forwarded_Host": "[::1]", "X_Forwarded_Port": "2"}, "http://[::1]:2"),
        ({"X_Forwarded_Proto": "https", "X_Forwarded_Port": "443"}, "https://127.0.0.1"),
        ({"X_Forwarded_Prefix": "/mock/"}, "http://127.0.0.1:8080/mock"),
        ({"X_Forwarded_Prefix": "/a, /b"}, "http://127.0.0.1:8080/a/b"),
        ({"Forwarded": "for=1.2.3.4;proto=https;host=a.test"}, "https://a.test"),
        ({"Forwarded": 'Host="a.test:8443";PROTO=https, host=b'}, "https://a.test:8443"),
        ({"Forwarded": 'for="[2001:db8::1]";host="[::1]:80"'}, "http://[::1]:80"),
        ({"Forwarded": "host=a.test;secret=x;ext-1=2;proto=https"}, "https://a.test"),
        ({"Forwarded": ";host=a.test; ;proto=https;"}, "https://a.test"),
        ({"Forwarded": " , ,for=_gazonk;host=a.test,host=b.test"}, "http://a.test"),
        ({"Forwarded": 'for="a;host=b.test, c";host=a.test'}, "http://a.test"),
        ({"Forwarded": "proto=https", "X_Forwarded_Host": "a.test"}, "https://a.test"),
        ({"Forwarded": "host=a.test", "X_Forwarded_Host": "b.test"}, "http://a.test"),
    ],
)
def test_a_proxy_on_this_machine_says_where_links_begin(
    client: TestClient, headers: dict[str, str], base: str
) -> None:
    assert link(client, **headers) == base


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Forwarded_Host": 'a"b'},
        {"X_Forwarded_Host": "a/b"},
        {"X_Forwarded_Host": "user@a.test"},
        {"X_Forwarded_Proto": "javascript"},
        {"X_Forwarded_Port": "x"},
        {"X_Forwarded_Port": "65536"},
        {"X_Forwarded_Prefix": "//evil.test"},
        {"X_Forwarded_Prefix": "evil"},
        {"X_Forwarded_Prefix": "/a/../b"},
        {"X_Forwarded_Prefix": '/a"b'},
        {"Forwarded": "host=a b"},
        {"Forwarded": 'host="a\\"b"'},
        {"Forwarded": ";;="},
        {"Forwarded": "host=a.test x"},
        {"Forwarded": "host a.test"},
    ],
)
def test_what_cannot_stand_in_a_link_is_passed_over(
    client: TestClient, headers: dict[str, str]
) -> None:
    assert link(client, **headers) == "http://127.0.0.1:8080"


def remote(**settings: Any) -> TestClient:
    app = create_app(Settings(progress="manual", admin_token="t", **settings))
    headers = {**AUTH, "X-Mock-Admin-Token": "t"}
    return caller(app, base_url="http://mock:8080", client=REMOTE, headers=headers)


TOLD = {"X_Forwarded_Host": "app.test", "X_Forwarded_Proto": "https", "X_Forwarded_Prefix": "/m"}


def test_a_proxy_elsewhere_is_believed_only_where_that_was_asked_for() -> None:
    assert link(remote(), **TOLD) == "http://mock:8080"
    assert link(remote(public_url="auto"), **TOLD) == "https://app.test/m"


def test_a_public_url_goes_before_what_proxies_say() -> None:
    assert link(remote(public_url="https://set.test/x"), **TOLD) == "https://set.test/x"


def test_what_a_proxy_says_opens_no_door(make_client: MakeClient) -> None:
    client = make_client(public_url="auto")
    for headers in (
        {"Host": "evil.test", "X-Forwarded-Host": "localhost"},
        {"X-Forwarded-For": "8.8.8.8", "X-Forwarded-Host": "localhost"},
        {"Origin": "https://evil.test", "X-Forwarded-Host": "evil.test"},
    ):
        for path in ("/_mock/tasks", "/m/_mock/tasks"):
            answer = client.get(path, headers=headers | {"X-Forwarded-Prefix": "/m"})
            assert answer.status_code == 403


@pytest.mark.parametrize("path", [TASKS, f"{TASKS}/none", "/media/default/none/1.mp4"])
def test_a_proxy_may_leave_its_prefix_on_the_path(client: TestClient, path: str) -> None:
    prefix = {"X-Forwarded-Prefix": "/some/where"}
    asked = client.get(f"/some/where{path}", headers=prefix)
    plain = client.get(path)
    assert asked.status_code == plain.status_code
    assert asked.json()["error"] == plain.json()["error"]
    for other in ("/some", "/some/wherever", "/where"):
        unknown = client.get(f"{other}{path}", headers=prefix)
        assert unknown.json()["error"]["code"] == "not_found"


def test_the_path_of_the_public_url_may_stand_before_every_path(make_client: MakeClient) -> None:
    client = make_client(public_url="https://mock.example.com/base/")
    task_id = client.post(f"/base{TASKS}", json=example(duration=2)).json()["task_id"]
    client.post(f"/base/_mock/tasks/{task_id}/succeed")
    url = client.get(f"/base{TASKS}/{task_id}").json()["output"]["videos"][0]["url"]
    assert url.startswith("https://mock.example.com/base/media/")
    assert client.head(url.removeprefix("https://mock.example.com")).status_code == 200


NAMES = st.sampled_from(["host", "forwarded", "proto", "host", "port", "prefix"])
SENT = st.dictionaries(
    NAMES.map(lambda each: each if each in ("host", "forwarded") else f"x-forwarded-{each}"),
    st.text(st.characters(max_codepoint=255), max_size=80)
    | st.from_regex(r'(?i)(for|proto|host)=("[^"]*"|[a-z.:0-9]*)([;,].*)?', fullmatch=True)
    | st.from_regex(r"[/a-z0-9.:, _-]{0,30}", fullmatch=True),
)


@given(SENT)
def test_a_link_is_a_url_whatever_is_sent(sent: dict[str, str]) -> None:
    headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in sent.items()]
    url = base(told({"headers": headers}), by_proxy=True, scheme="http", server=("mock", 1))
    scheme, _, rest = url.partition("://")
    assert scheme in ("http", "https")
    assert rest.isascii()
    assert not set(rest) & set(" \"'<>\\?#@\t\r\n") - set("'@")
    assert not rest.startswith("/")
    assert "//" not in rest
