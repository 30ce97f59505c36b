"""No header of any answer stands there twice, and each answer says once who may read it."""

import itertools
import json
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest

from mock_mindvideo import MockServer, Settings
from mock_mindvideo.web.app import create_app
from tests.conftest import TASKS, example
from tests.serving.wire.talking import talking
from tests.web.doors import Door, Lines, through_a_socket, without_a_socket
from tests.web.test_errors import REFUSALS
from tests.web.test_fidelity import endpoints

PAGES = {"a page": "https://app.example.com", "a page of this machine": "http://localhost:5173"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
JSON = {"Content-Type": "application/json"}
BODY = json.dumps(example()).encode()
STATUSES = (400, 401, 402, 403, 404, 405, 408, 409, 413, 415, 418, 422, 429, 500, 502, 503, 504)

DOORS = ("through a socket", "without a socket")


@pytest.fixture(scope="module")
def doors(server: MockServer) -> Iterator[Mapping[str, Door]]:
    app = create_app(Settings(progress="manual", seed=7))
    with without_a_socket(app) as inside:
        yield dict(zip(DOORS, (through_a_socket(server.url), inside), strict=True))
    app.store.close()


@pytest.fixture(params=DOORS)
def ask(request: pytest.FixtureRequest, doors: Mapping[str, Door]) -> Door:
    return doors[request.param]


@pytest.fixture(params=[None, *PAGES])
def headers(request: pytest.FixtureRequest) -> dict[str, str]:
    """Those of a request in a world of its own, from a page or from a program."""
    origin = PAGES.get(request.param)
    world = "lines" if origin is None else f"lines-{'local' if 'localhost' in origin else 'web'}"
    page = {} if origin is None else {"Origin": origin}
    return page | {"Authorization": f"Bearer mv_test_{world}"}


def hold(lines: Lines, path: str, sent: Mapping[str, str]) -> None:
    """The promise, for one answer."""
    twice = [name for name, times in counted(lines).items() if times > 1]
    assert twice == [], (lines.status, path)
    assert lines.values("Access-Control-Allow-Origin") == readers(path, sent.get("Origin"))
    assert len(lines.values("X-Request-Id")) == 1


def header(lines: Lines) -> list[tuple[str, str]]:
    """What an answer says besides its moment, its own id, and how its body is framed."""
    own = {"date", "x-request-id", "content-length", "transfer-encoding"}
    return sorted((name.lower(), value) for name, value in lines.headers if name.lower() not in own)


def counted(lines: Lines) -> Counter[str]:
    return Counter(name.lower() for name, _ in lines.headers)


def readers(path: str, origin: str | None) -> list[str]:
    if not path.startswith("/_mock"):
        return ["*"]
    return [origin] if origin == PAGES["a page of this machine"] else []


def paths(task_id: str) -> list[str]:
    """Every path there is, and some there are not."""
    filled = {"task_id": task_id, "world": "default", "name": "1.mp4", "move": "start"}
    filled |= {"key_id": "key_x", "upload_id": "upl_none.png", "file": "app.js"}
    found = (each.partition(" ")[2].replace(":path", "").format(**filled) for each in endpoints())
    api = (f"{TASKS}/none", f"{TASKS}/none/events", "/api/v2", "/api", "/api/")
    found = (f"{each}?follow=0" if each == "/_mock/changes" else each for each in found)
    return sorted({*found, *api, "/", "/none", "/_mock", "/_mock/none", "/media/none"})


def finished(ask: Door, headers: Mapping[str, str]) -> str:
    """A task that has succeeded, so that nothing of it keeps anybody waiting."""
    key = {"Authorization": headers["Authorization"]}
    submit = ask("POST", TASKS, key | JSON | {"X-Mock-Script": "queued=0; processing=0"}, BODY)
    return str(json.loads(submit.body)["task_id"])


def store(ask: Door, headers: Mapping[str, str], script: str) -> None:
    """Add a script to the world, as no page does."""
    sent = {"Authorization": headers["Authorization"]} | JSON
    body = json.dumps({"script": script}).encode()
    assert ask("POST", "/_mock/scripts", sent, body).status == 201


def test_every_path_and_method(ask: Door, headers: dict[str, str]) -> None:
    everywhere = paths(finished(ask, headers))
    assert len(everywhere) > 25
    statuses = set()
    for path, method in itertools.product(everywhere, METHODS):
        for more, body in (({}, b""), (JSON, b"{}")):
            if body and method not in ("POST", "PATCH"):
                continue
            lines = ask(method, path, headers | more, body)
            hold(lines, path, headers)
            statuses.add(lines.status)
    assert statuses >= {200, 404, 405, 422}


@pytest.mark.parametrize(
    "more",
    [{}, {"If-Match": '"other"'}, {"X-Mock-Script": "status=503"}, {"Host": "a b"}],
    ids=["plain", "condition", "script", "host"],
)
def test_head_has_the_header_of_get_and_no_body_whatever_is_answered(
    ask: Door, headers: dict[str, str], more: dict[str, str]
) -> None:
    for path in paths(finished(ask, headers)):
        head, get = (ask(method, path, headers | more, b"") for method in ("HEAD", "GET"))
        assert (head.body, head.status) == (b"", get.status), path
        assert header(head) == header(get), path


def test_every_refusal(ask: Door, headers: dict[str, str]) -> None:
    for method, path, sent, status, _ in REFUSALS:
        body = sent.get("content", json.dumps(sent["json"]).encode() if "json" in sent else b"")
        more = JSON if "json" in sent else {}
        asked = headers | more | sent.get("headers", {})
        lines = ask(method, path, asked, body)
        steers = path.startswith("/_mock") or "X-Mock-Script" in asked
        foreign = steers and asked.get("Origin") == PAGES["a page"]
        assert lines.status in ({403} if foreign else {status, 401})
        hold(lines, path, asked)


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_that_a_script_asks_for(
    ask: Door, headers: dict[str, str], status: int
) -> None:
    for method, path in (("POST", TASKS), ("GET", f"{TASKS}/x"), ("GET", f"{TASKS}/x/events")):
        store(ask, headers, f"status={status}; retry-after=1; times=1")
        lines = ask(method, path, headers | JSON, BODY if method == "POST" else b"")
        assert lines.status == status
        assert len(lines.values("X-Mock-Script")) == len(lines.values("Retry-After")) == 1
        hold(lines, path, headers)


@pytest.mark.parametrize("form", ["application/json", "text/event-stream"])
def test_every_answer_to_a_task_that_went_well(
    ask: Door, headers: dict[str, str], form: str
) -> None:
    key = {"Idempotency-Key": f"{form} {headers.get('Origin')}"}
    store(ask, headers, "queued=0; processing=0; times=1")
    for replayed in (0, 1):
        submit = ask("POST", TASKS, headers | JSON | key, BODY)
        assert len(submit.values("Idempotent-Replayed")) == replayed
        hold(submit, TASKS, headers)
    path = f"{TASKS}/{json.loads(submit.body)['task_id']}"
    hold(ask("GET", path, headers, b""), path, headers)
    for resume, status in (({}, 200), ({"Last-Event-ID": "3"}, 204)):
        lines = ask("GET", f"{path}/events", headers | {"Accept": form} | resume, b"")
        assert lines.status == (200 if form == "application/json" else status)
        hold(lines, path, headers)
    used = ask("POST", TASKS, headers | JSON | key, json.dumps(example(duration=3)).encode())
    assert used.status == 409
    hold(used, TASKS, headers)


def test_two_scripts_at_work_share_a_header(ask: Door, headers: dict[str, str]) -> None:
    image = {"url": "https://fail-timeout.mock.invalid/a.jpg", "role": "reference_image"}
    body = json.dumps(example(image_with_roles=[image])).encode()
    lines = ask("POST", TASKS, headers | JSON | {"X-Mock-Script": "delay=0.001"}, body)
    if headers.get("Origin") == PAGES["a page"]:
        assert lines.status == 403
        return
    assert lines.status == 200
    assert lines.values("X-Mock-Script") == ["delay=0.001; outcome=failed; error=timeout"]
    hold(lines, TASKS, headers)


def test_every_answer_for_a_file(ask: Door, headers: dict[str, str]) -> None:
    png = {"Content-Type": "image/png", "Authorization": headers["Authorization"]}
    made = ask("POST", "/_mock/uploads", png, bytes(100))
    hold(made, "/_mock/uploads", {})
    url = made.values("Location")[0]
    path = url[url.index("/media") :]
    tag = ask("GET", path, {}, b"").values("ETag")[0]
    asked = (
        ({}, 200),
        ({"Range": "bytes=0-1"}, 206),
        ({"Range": "bytes=200-"}, 416),
        ({"If-None-Match": tag}, 304),
    )
    for (more, status), method in itertools.product(asked, ("GET", "HEAD")):
        lines = ask(method, path, headers | more, b"")
        assert lines.status in (status, 200)
        hold(lines, path, headers)


@pytest.mark.parametrize("said", [b"GARBAGE\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"x" * 140_000])
def test_what_the_parser_refuses(server: MockServer, said: bytes) -> None:
    with talking(server) as connection:
        connection.say(said)
        head = connection.rest().partition(b"\r\n\r\n")[0].decode()
    status, *lines = head.split("\r\n")
    headers = [tuple(line.split(": ", 1)) for line in lines]
    hold(Lines(int(status.split()[1]), headers, b""), "/", {})  # type: ignore[arg-type]
