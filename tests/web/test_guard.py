"""The control plane is for this machine; a page on the web, or another machine, is refused."""

import pytest
from starlette.testclient import TestClient

from mock_mindvideo import Settings, create_app
from tests.conftest import AUTH, TASKS, example

TOKEN = {"X-Mock-Admin-Token": "s3cret"}


def reach(
    host: str = "127.0.0.1:8080",
    address: str = "127.0.0.1",
    token: str | None = "s3cret",  # noqa: S107
    **sent: str,
) -> tuple[int, TestClient]:
    """The status of a look at the control plane under those circumstances."""
    app = create_app(Settings(admin_token=token))
    client = TestClient(app, base_url=f"http://{host}", client=(address, 40000), headers=AUTH)
    return client.get("/_mock/tasks", headers=sent).status_code, client


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8080", "localhost", "localhost:1", "[::1]:8080", "app.localhost:3000"]
)
def test_this_machine_is_let_in_under_its_own_names(host: str) -> None:
    assert reach(host)[0] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80"]
)
def test_a_foreign_host_is_refused_so_dns_rebinding_leads_nowhere(host: str) -> None:
    assert reach(host)[0] == 403


def test_the_way_in_without_its_slash_is_guarded_too() -> None:
    assert reach("evil.example")[1].get("/_mock").status_code == 403


@pytest.mark.parametrize("address", ["10.0.0.7", "192.168.1.5", "2001:db8::1"])
def test_a_remote_address_is_refused(address: str) -> None:
    assert reach(address=address)[0] == 403


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://localhost.evil"],
)
def test_a_foreign_origin_is_refused_even_with_the_token(origin: str) -> None:
    assert reach(Origin=origin)[0] == 403
    assert reach(Origin=origin, **TOKEN)[0] == 403


@pytest.mark.parametrize(
    "origin", ["http://localhost:5173", "http://127.0.0.1:3000", "http://[::1]:80"]
)
def test_a_page_of_this_machine_is_let_in_and_may_read(origin: str) -> None:
    app_status, client = reach(Origin=origin)
    assert app_status == 200
    for path, status in (("/_mock/tasks", 200), ("/_mock/tasks/none", 404), ("/_mock/none", 404)):
        answer = client.get(path, headers={"Origin": origin})
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        assert answer.headers["Vary"] == "Origin"
    asked = {"Origin": origin, "Access-Control-Request-Method": "DELETE"}
    preflight = client.options("/_mock/scripts", headers=asked)
    assert preflight.status_code == 204
    assert "DELETE" in preflight.headers["Access-Control-Allow-Methods"]


def test_the_token_lets_a_remote_caller_in_under_any_host() -> None:
    assert reach("mock:8080", "172.17.0.3", **TOKEN)[0] == 200


@pytest.mark.parametrize("sent", [{"X-Mock-Admin-Token": "wrong"}, {"X-Mock-Admin-Token": ""}, {}])
def test_a_wrong_token_does_not(sent: dict[str, str]) -> None:
    assert reach("mock:8080", "172.17.0.3", **sent)[0] == 403


def test_without_a_token_set_none_is_right() -> None:
    assert reach(address="172.17.0.3", token=None, **TOKEN)[0] == 403


def test_a_refusal_says_what_to_do() -> None:
    _, client = reach(address="172.17.0.3")
    message = client.get("/_mock/tasks").json()["error"]["message"]
    assert message == (
        "the control plane is closed to the remote address 172.17.0.3:"
        " start the server with --admin-token and send it as X-Mock-Admin-Token"
    )


def test_the_emulated_api_and_the_media_lie_outside_the_guard() -> None:
    _, client = reach("mock:8080", "172.17.0.3")
    created = client.post(TASKS, json=example(), headers={"Origin": "https://app.example.com"})
    assert created.status_code == 200
    assert client.get("/media/default/none/1.mp4").json()["error"]["code"] == "not_found"
