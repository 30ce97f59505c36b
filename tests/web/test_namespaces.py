"""A token for some worlds sees and steers these, and no others."""

from collections.abc import Mapping
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from mock_mindvideo import Settings, create_app
from mock_mindvideo.settings import SettingsError
from mock_mindvideo.web.index import ABOUT
from tests.conftest import TASKS, caller, example

MINE = {"X-Mock-Admin-Token": "mine"}
REMOTE = ("203.0.113.9", 4000)

#: What tells of no world, so that it may be asked for without a key.
OF_NO_WORLD = {
    "/", "/ui", "/ui/{file:path}", "/health", "/rules", "/models", "/openapi.json",
    "/control-openapi.json", "/worlds", "/estimate", "/live", "/ready",
}  # fmt: skip


@pytest.fixture
def client() -> TestClient:
    """A remote caller of a server with two namespaces and worlds in both."""
    given = ("mine-=mine", "theirs-=theirs")
    app = create_app(Settings(progress="manual", admin_token="all", namespace=given))
    client = caller(app, base_url="http://mock.example", client=REMOTE)
    for world in ("mine-a", "mine-b", "theirs-a"):
        assert client.post(TASKS, json=example(), headers=key(world)).status_code == 200
    return client


def key(world: str) -> dict[str, str]:
    return {"Authorization": f"Bearer mv_test_{world}"}


def ask(client: TestClient, method: str, path: str, *headers: Mapping[str, str]) -> Any:
    merged = {name: value for each in headers for name, value in each.items()}
    filled = path.replace("{task_id}", "task_x").replace("{move}", "cancel")
    filled = filled.replace("{key_id}", "key_x").replace("{file:path}", "app.js")
    more = {"json": {}} if method in ("POST", "PATCH") else {}
    query = "?follow=0" if path == "/changes" else ""
    return client.request(method, f"/_mock{filled}{query}", headers=merged, **more)


def test_a_token_sees_the_worlds_whose_names_begin_so(client: TestClient) -> None:
    shown = ask(client, "GET", "/worlds", MINE).json()["worlds"]
    assert [each["world"] for each in shown] == ["mine-a", "mine-b"]
    everything = ask(client, "GET", "/worlds", {"X-Mock-Admin-Token": "all"}).json()["worlds"]
    assert "theirs-a" in {each["world"] for each in everything}


def test_a_token_steers_its_worlds(client: TestClient) -> None:
    tasks = ask(client, "GET", "/tasks", MINE, key("mine-a")).json()["tasks"]
    moved = ask(client, "POST", f"/tasks/{tasks[0]['task_id']}/cancel", MINE, key("mine-a"))
    assert moved.json()["status"] == "cancelled"
    assert ask(client, "POST", "/reset", MINE, key("mine-new")).json() == {"world": "mine-new"}


@pytest.mark.parametrize(("method", "path"), ABOUT)
@pytest.mark.parametrize("sent", [{}, key("theirs-a"), {"Authorization": "Bearer mv_live_xxx"}])
def test_a_token_neither_sees_nor_steers_another_world(
    client: TestClient, method: str, path: str, sent: dict[str, str]
) -> None:
    answer = ask(client, method, path, MINE, sent)
    if path in ("/live", "/ready") or (not sent and path in OF_NO_WORLD):
        assert answer.status_code != 403, answer.text
        return
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")


def test_numbers_of_all_worlds_are_for_no_namespace(client: TestClient) -> None:
    assert ask(client, "GET", "/metrics", MINE, key("mine-a")).status_code == 403
    assert ask(client, "GET", "/metrics", {"X-Mock-Admin-Token": "all"}).status_code == 200


@pytest.mark.parametrize("secret", ["mv_test_theirs-a", "mv_live_xxx"])
def test_a_token_cannot_take_a_key_that_stands_for_another_world(
    client: TestClient, secret: str
) -> None:
    headers = {**MINE, **key("mine-a")}
    refused = client.post("/_mock/keys", json={"key": secret}, headers=headers)
    assert refused.status_code == 403
    assert client.post("/_mock/keys", json={"key": "sk-own"}, headers=headers).status_code == 201


@pytest.mark.parametrize("token", ["", "min", "mine2", "mine-=mine", "ünknown".encode("latin-1")])
def test_another_token_opens_nothing(client: TestClient, token: Any) -> None:
    sent = {"X-Mock-Admin-Token": token, **key("mine-a")}
    assert client.get("/_mock/tasks", headers=sent).status_code == 403


def test_a_token_does_not_let_a_foreign_page_in(client: TestClient) -> None:
    origin = {"Origin": "https://evil.example"}
    assert ask(client, "GET", "/tasks", MINE, key("mine-a"), origin).status_code == 403


@pytest.mark.parametrize(
    "given", ["s3cret", "=s3cret", "Mine-=s3cret", "mine-=", "mine-=s3cret b", "mine-=s3cret\n"]
)
def test_what_is_no_namespace_is_told(given: str) -> None:
    with pytest.raises(SettingsError, match="namespace must be PREFIX=TOKEN"):
        Settings(namespace=(given,))


def test_a_token_is_for_one_namespace_and_is_shown_nowhere() -> None:
    with pytest.raises(SettingsError, match="each token for one prefix"):
        Settings(namespace=("a-=same", "b-=same"))
    assert "s3cret" not in repr(Settings(namespace=("a-=s3cret",)))


def test_every_path_is_asked_for() -> None:
    outer = create_app().surroundings.routes
    control = next(each for each in outer if getattr(each, "path", "") == "/_mock")
    assert not isinstance(control, Route)
    assert {path for _, path in ABOUT} >= OF_NO_WORLD
