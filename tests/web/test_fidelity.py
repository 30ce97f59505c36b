"""Honesty: whatever the server can emit or take stands in fidelity.json, and nothing else does."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.domain import errors
from mock_mindvideo.domain.dialect.extensions import ASKED
from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.domain.keys import (
    DELETED_WORLD,
    DISABLED_WORLD,
    DOCUMENTED_KEY,
    NO_CREDIT_WORLD,
)
from mock_mindvideo.domain.script import MAGIC_HOSTS, WORDS
from mock_mindvideo.domain.world import PROGRESSES
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.app import create_app
from mock_mindvideo.web.index import ABOUT
from mock_mindvideo.web.links import EXTENSIONS
from mock_mindvideo.web.routes import route
from tests.conftest import TASKS, example
from tests.web.test_errors import REFUSALS

EMULATED = [
    f"{method} {path}"
    for path in asdict(PLATFORM.paths).values()
    for method in route(path)[0]
    if method != "HEAD"
]

#: Headers that say how a message is framed, not what the mock does.
FRAMING = {"content-length", "content-type", "date", "connection", "transfer-encoding"}


def listed(kind: str) -> set[str]:
    """The names of one kind that fidelity.json covers."""
    covers = [cover for each in builtin_catalog().behaviours for cover in each.get("covers", ())]
    return {cover.partition(":")[2] for cover in covers if cover.startswith(kind + ":")}


def subclasses(kind: type[MockError]) -> Iterator[type[MockError]]:
    """Those that are written down; tests, and scripts with another status, may have made others."""
    for each in kind.__subclasses__():
        if each.__module__ == errors.__name__:
            yield each
        yield from subclasses(each)


def endpoints() -> Iterator[str]:
    yield from EMULATED
    for outer in create_app().surroundings.routes:
        assert isinstance(outer, Mount | Route)
        inner = [outer] if isinstance(outer, Route) else _routes(outer.app)
        root = "" if isinstance(outer, Route) else outer.path
        for each in inner:
            methods = (each.methods or set()) - {"HEAD"}
            yield from (f"{method} {root}{each.path}" for method in methods)


def _routes(app: Any) -> list[Route]:
    while not hasattr(app, "routes"):
        app = getattr(app, "_app", None) or app.app
    return list(app.routes)


def test_the_control_plane_lists_every_path_of_it() -> None:
    listed = {f"{method} /_mock{path}" for method, path in ABOUT}
    assert listed == {each for each in endpoints() if "/_mock/" in each}


def schemas() -> set[str]:
    catalog = builtin_catalog()
    own = {rules.file.name for model in catalog.models.values() for rules in model.rules}
    upstream = {model.upstream.file.name for model in catalog.models.values() if model.upstream}
    return own | upstream | set(catalog.schemas)


@pytest.mark.parametrize(
    ("kind", "emitted"),
    [
        ("code", {each.code for each in subclasses(MockError)}),
        ("endpoint", set(endpoints())),
        ("status", set(builtin_catalog().lifecycle.states)),
        ("event", {f"task.{state}" for state in builtin_catalog().lifecycle.states}),
        ("error", set(builtin_catalog().lifecycle.errors)),
        ("word", set(WORDS)),
        ("magic", set(MAGIC_HOSTS)),
        ("progress", set(PROGRESSES)),
        ("output", set(EXTENSIONS)),
        ("schema", schemas()),
        ("extension", {*ASKED, "webhooks"}),
        (
            "key",
            {DOCUMENTED_KEY, "mv_test_<name>"}
            | {f"mv_test_{name}" for name in (DISABLED_WORLD, DELETED_WORLD, NO_CREDIT_WORLD)},
        ),
    ],
)
def test_the_list_is_what_the_code_can_do(kind: str, emitted: set[str]) -> None:
    assert listed(kind) == emitted


def test_every_header_that_is_sent_is_listed(client: TestClient) -> None:
    sent: set[str] = set()
    page = {"Origin": "http://localhost:5173"}
    asks = ("Access-Control-Request-Method", "Access-Control-Request-Private-Network")
    asked = page | dict(zip(asks, ("POST", "true"), strict=True))
    key = {"Idempotency-Key": "k"}
    scripted = {"X-Mock-Script": "queued=0; processing=0"}
    short = example(duration=2)
    task_id = client.post(TASKS, json=short, headers=key | page | scripted).json()["task_id"]
    link = client.get(f"{TASKS}/{task_id}").json()["output"]["videos"][0]["url"]
    upload = client.post("/_mock/uploads", content=b"x", headers={"Content-Type": "image/png"})
    for answer in (
        *(client.request(method, path, **sent_) for method, path, sent_, *_ in REFUSALS),
        client.post(TASKS, json=short, headers=key | page | scripted),
        client.post(TASKS, json=example(), headers=scripted),
        client.options(TASKS, headers=asked),
        client.options("/_mock/clock", headers=asked),
        client.get("/_mock/tasks", headers=page),
        client.get(f"{TASKS}/{task_id}/events"),
        client.get(link, headers={"Range": "bytes=0-1"}),
        upload,
        client.get(upload.json()["url"]),
    ):
        sent |= {name.lower() for name in answer.headers}
    assert sent - FRAMING <= {name.lower() for name in listed("header")}


def test_ids_say_their_kind_and_come_once() -> None:
    behaviours = builtin_catalog().behaviours
    ids = [each["id"] for each in behaviours]
    assert len(ids) == len(set(ids))
    assert {each["id"][0]: each["kind"] for each in behaviours} == {
        "D": "documented",
        "I": "inferred",
        "X": "invented",
        "E": "extension",
    }
    assert {f"D{number:02}" for number in range(1, 21)} <= set(ids)
