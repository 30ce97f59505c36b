"""What a page in a browser may send and read."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from mock_mindvideo.web.cors import ALLOWED, preflight
from tests.conftest import TASKS, MakeClient, example

PAGE = {"Origin": "https://app.example.com"}
LOCAL_PAGE = {"Origin": "http://localhost:5173"}

#: What tracing, caching and SDKs add to the requests of a page.
ADDED = (
    "baggage, cache-control, if-none-match, range, sentry-trace, traceparent, x-requested-with,"
    " x-stainless-os, x-stainless-retry-count"
)

TOKEN = string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~"


def names(value: str) -> set[str]:
    return {name.lower() for name in value.split(", ")}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", TASKS, 200),
        ("GET", f"{TASKS}/x", 404),
        ("GET", "/api/nothing", 404),
        ("PUT", TASKS, 405),
    ],
)
def test_any_page_may_read_any_answer_of_the_api(
    client: TestClient, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path, headers=PAGE, json=example())
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Vary"] == "Accept, Origin"
    exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert exposed == [
        "X-Request-Id",
        "Idempotent-Replayed",
        "Retry-After",
        "X-Mock-Advice",
        "X-Mock-Script",
    ]


@pytest.mark.parametrize(
    ("path", "status"), [("/", 404), ("/media/default/task_x/1.mp4", 404), ("/favicon.ico", 404)]
)
def test_any_page_may_read_why_it_gets_no_file(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path, headers=PAGE)
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"content-range", "etag"} <= names(answer.headers["Access-Control-Expose-Headers"])


@pytest.mark.parametrize(
    ("path", "method"),
    [
        (TASKS, "POST"),
        (f"{TASKS}/x", "GET"),
        (f"{TASKS}/x/events", "GET"),
        ("/media/default/task_x/1.mp4", "GET"),
    ],
)
def test_a_preflight_is_answered_without_a_key(client: TestClient, path: str, method: str) -> None:
    asked = PAGE | {"Authorization": "", "Access-Control-Request-Method": method}
    answer = client.options(path, headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers.get_list("Access-Control-Allow-Origin") == ["*"]
    assert names(answer.headers["Access-Control-Allow-Methods"]) >= {method.lower()}
    assert names(answer.headers["Access-Control-Allow-Headers"]) == set(map(str.lower, ALLOWED))
    assert "Access-Control-Allow-Private-Network" not in answer.headers


@pytest.mark.parametrize(
    ("path", "page"),
    [
        (TASKS, PAGE),
        (f"{TASKS}/x/events", PAGE),
        ("/media/default/task_x/1.mp4", PAGE),
        ("/nowhere", PAGE),
        ("/_mock/uploads", LOCAL_PAGE),
    ],
)
def test_a_preflight_allows_what_it_asks_for_so_that_the_page_can_read_the_answer(
    client: TestClient, path: str, page: dict[str, str]
) -> None:
    """A method that is refused later too: a page cannot read why a preflight failed."""
    asked = {
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": ADDED,
        "Access-Control-Request-Private-Network": "true",
    }
    answer = client.options(path, headers=page | asked)
    assert answer.status_code == 204
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"].split(", ")
    assert names(answer.headers["Access-Control-Allow-Headers"]) >= names(ADDED)
    assert answer.headers["Access-Control-Allow-Private-Network"] == "true"


@pytest.mark.parametrize("path", ["/_mock/uploads", "/_mock/clock", "/_mock/none"])
def test_a_foreign_pages_preflight_for_the_control_plane_is_refused(
    client: TestClient, path: str
) -> None:
    asked = {"Access-Control-Request-Method": "POST"}
    answer = client.options(path, headers=PAGE | asked)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


@given(st.binary(max_size=300) | st.lists(st.text(TOKEN, max_size=120)).map(", ".join))
def test_a_preflight_echoes_names_only_each_once_and_not_without_end(asked: bytes | str) -> None:
    sent = asked if isinstance(asked, bytes) else asked.encode()
    scope = {"headers": [(b"access-control-request-headers", sent)]}
    allowed = dict(preflight(scope, "GET"))[b"access-control-allow-headers"].decode()
    listed = allowed.split(", ")
    assert len({name.lower() for name in listed}) == len(listed) <= 100 + len(ALLOWED)
    for name in listed:
        assert 0 < len(name) <= 100
        assert set(name) <= set(TOKEN)


def test_a_preflight_allows_the_headers_of_all_its_lines() -> None:
    asked = [(b"access-control-request-headers", name) for name in (b"x-one", b"x-two,x-three")]
    allowed = dict(preflight({"headers": asked}, "GET"))[b"access-control-allow-headers"].decode()
    assert names(allowed) >= {"x-one", "x-two", "x-three"}


def test_a_preflight_allows_a_hundred_headers() -> None:
    asked = ",".join(f"x-{number}" for number in range(200)).encode()
    scope = {"headers": [(b"access-control-request-headers", asked)]}
    allowed = dict(preflight(scope, "GET"))[b"access-control-allow-headers"].decode()
    assert len(allowed.split(", ")) == 100 + len(ALLOWED)


def test_a_failure_of_the_control_plane_can_be_read_by_the_page_that_met_it(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_client()
    monkeypatch.setattr(client.app.store, "counts", lambda: 1 / 0)  # type: ignore[attr-defined]
    answer = client.get("/_mock/health", headers=LOCAL_PAGE)
    assert answer.status_code == 500
    assert answer.headers["Access-Control-Allow-Origin"] == LOCAL_PAGE["Origin"]
