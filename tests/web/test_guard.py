"""The control plane is for this machine; a page on the web, or another machine, is refused."""

import pytest
from starlette.testclient import TestClient

from mock_mindvideo import Settings, create_app
from mock_mindvideo.settings import SettingsError
from tests.conftest import AUTH, TASKS, caller, example

TOKEN = {"X-Mock-Admin-Token": "s3cret"}


def reach(
    host: str = "127.0.0.1:8080",
    address: str = "127.0.0.1",
    token: str | None = "s3cret",  # noqa: S107
    **sent: str,
) -> tuple[int, TestClient]:
    """The status of a look at the control plane under those circumstances."""
    app = create_app(Settings(admin_token=token))
    named = {"Host": host.encode()}
    client = caller(app, client=(address, 40000), headers=AUTH)
    client.headers.update(named)
    return client.get("/_mock/tasks", headers=sent).status_code, client


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8080",
        "127.8.9.10",
        "localhost",
        "LOCALHOST:1",
        "localhost.",
        "[::1]:8080",
        "[::ffff:127.0.0.1]",
        "app.localhost:3000",
    ],
)
def test_this_machine_is_let_in_under_its_own_names(host: str) -> None:
    assert reach(host)[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:80",
        "[::1].evil.com",
        "[::1]evil.com",
        "[::1",
        "::1",
        "localhost:80.evil.com",
        "localhost:80:80",
        "localhost:99999",
        "localhost:x",
        "127.999.999.999",
        "127.1",
        "127.0.0.1.",
        "0177.0.0.1",
        "0x7f000001",
        "2130706433",
        "127.0.0.01",
        "127.0.0.1%00",
        "localhost@evil.com",
        "evil.com@localhost",
        "localhost evil.com",
        "localhost,evil.com",
        "localhost/evil.com",
        "localhost..",
        ".localhost",
        "evil.com#.localhost",
        "xn--lcalhost-d7a",
        "loc\u00e4lhost",
        "[::ffff:8.8.8.8]",
        "[::1%25lo]",
        "0.0.0.0",  # noqa: S104
        "",
    ],
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
    [
        "https://evil.example",
        "null",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil",
        "http://localhost:80.evil.com",
        "http://[::1].evil.com",
        "http://127.999.999.999",
        "http://localhost@evil.com",
        "http://localhost http://evil.com",
        "http://localhost/",
        "localhost",
        "//localhost",
        "ftp://localhost",
        "chrome-extension://localhost",
        "",
    ],
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


@pytest.mark.parametrize(
    "name",
    [
        "X-Forwarded-For",
        "X-Real-IP",
        "CF-Connecting-IP",
        "True-Client-IP",
        "X-Client-IP",
        "Fly-Client-IP",
        "X-Cluster-Client-IP",
        "X-Forwarded-Host",
        "X-Original-Host",
    ],
)
@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["127.0.0.1"], 200),
        (["::1, [::1]:80, 127.0.0.1:4000", "::ffff:127.0.0.1"], 200),
        (["8.8.8.8"], 403),
        (["127.0.0.1", "8.8.8.8"], 403),
        (["8.8.8.8", "127.0.0.1"], 403),
        (["127.0.0.1, 8.8.8.8"], 403),
        (["127.0.0.1", "", "127.0.0.1,,[2001:db8::1]:80"], 403),
        (["127.0.0.1", "unknown"], 403),
        (["127.0.0.1", "127.1"], 403),
    ],
)
def test_any_line_of_a_proxys_field_can_make_a_caller_remote_and_none_can_make_one_local(
    name: str, lines: list[str], status: int
) -> None:
    _, client = reach()
    sent = [(name, line) for line in lines]
    assert client.get("/_mock/tasks", headers=sent).status_code == status
    assert client.get("/_mock/tasks", headers=[*sent, *TOKEN.items()]).status_code == 200
    _, remote = reach(address="8.8.4.4")
    assert remote.get("/_mock/tasks", headers=sent).status_code == 403


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Forwarded", "for=127.0.0.1"),
        ("Forwarded", "for=8.8.8.8"),
        ("Via", "1.1 caddy"),
        ("CDN-Loop", "x"),
    ],
)
def test_a_proxy_that_names_itself_passes_on_callers_that_nobody_knows(
    name: str, value: str
) -> None:
    assert reach(**{name: value})[0] == 403


def test_an_allowed_page_may_use_the_control_plane_and_read_it() -> None:
    app = create_app(Settings(allow_origin=("https://app.example", "null")))
    client = caller(app, base_url="http://127.0.0.1", client=("127.0.0.1", 40000))
    for origin, status in (
        ("https://app.example", 200),
        ("https://app.example:443", 200),
        ("null", 200),
        ("http://app.example", 403),
        ("https://app.example:8443", 403),
        ("https://app.example.evil.com", 403),
    ):
        answer = client.get("/_mock/health", headers={"Origin": origin})
        assert answer.status_code == status
        allowed = origin if status == 200 else None
        assert answer.headers.get("Access-Control-Allow-Origin") == allowed


IMAGE = {"url": "https://fail.mock.invalid/x.jpg", "role": "reference_image"}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost@evil.com"])
def test_a_foreign_page_may_call_the_api_but_not_steer_it(origin: str) -> None:
    _, client = reach()
    page = {"Origin": origin}
    plain = client.post(TASKS, json=example(), headers=page)
    assert plain.status_code == 200
    task = f"{TASKS}/{plain.json()['task_id']}"
    for answer in (
        client.post(TASKS, json=example(), headers=page | {"X-Mock-Script": "status=503"}),
        client.get(task, headers=page | {"X-Mock-Script": "status=503"}),
        client.get(f"{task}/events", headers=page | {"X-Mock-Script": "cut=1"}),
        client.post(TASKS, json=example(image_with_roles=[IMAGE]), headers=page),
        client.post(
            TASKS,
            json=example(video_urls=["https://unavailable.mock.invalid/v.mp4"]),
            headers=page,
        ),
    ):
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "forbidden"
        assert "--allow-origin" in answer.json()["error"]["message"]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert len(client.get("/_mock/tasks").json()["tasks"]) == 1


@pytest.mark.parametrize("origin", ["http://localhost:5173", "http://[::1]", "https://app.example"])
def test_pages_of_this_machine_and_allowed_ones_steer(origin: str) -> None:
    app = create_app(Settings(allow_origin=("https://app.example",)))
    client = caller(app, headers=AUTH | {"Origin": origin})
    scripted = client.post(TASKS, json=example(), headers={"X-Mock-Script": "status=503"})
    assert scripted.status_code == 503
    assert client.post(TASKS, json=example(image_with_roles=[IMAGE])).status_code == 200


@pytest.mark.parametrize("wrong", ["app.example", "https://", "https://a/b", "*", "https://u@a"])
def test_an_origin_that_is_none_cannot_be_allowed(wrong: str) -> None:
    with pytest.raises(SettingsError, match="allow-origin must be a scheme and a host"):
        Settings(allow_origin=(wrong,))


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
