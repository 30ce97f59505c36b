"""What every suite shares: an application without a socket, and one behind a real socket."""

import gc
import os
import re
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from starlette.testclient import TestClient

from mock_mindvideo import MockServer, Settings
from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.web.app import App, create_app
from tests.certificates import read_one_certificate
from tests.crossing import Crossing

if TYPE_CHECKING:
    from tests.redis_server import RedisServer

KEY = "mv_live_xxx"
AUTH = {"Authorization": f"Bearer {KEY}"}
TASKS = "/api/v1/tasks"

# A busy machine must not fail a test, so no example has a deadline, nor has what is drawn for it.
# Nor must what an earlier run has left, so nothing is kept, and a failure tells how it is repeated.
_REPEATABLE: Any = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow],
    "database": None,
    "print_blob": True,
}
# What does not matter to a failure (`or any other value`) is found by tracing each line, which is
# slow, and here bugs are planted; the profile `thorough` tells it.
_TOLD = tuple(phase for phase in Phase if phase is not Phase.explain)
settings.register_profile("quick", max_examples=10, phases=_TOLD, **_REPEATABLE)
settings.register_profile("thorough", max_examples=100, **_REPEATABLE)
settings.load_profile("quick")


_WHOLLY_SLOW = re.compile(r"^pytestmark = .*\bpytest\.mark\.slow\b", re.MULTILINE)


def example(**changes: Any) -> dict[str, Any]:
    """The vendor's example as a request body; a change of None takes the property out."""
    given = {**builtin_catalog().model("wan2-7-r2v").example, **changes}
    return {
        "model": "wan2-7-r2v",
        "input": {name: value for name, value in given.items() if value is not None},
    }


MakeClient = Callable[..., TestClient]


def client_of(app: App, **headers: str) -> TestClient:
    """A client on this machine, with the documented key."""
    return caller(
        app,
        "http://127.0.0.1:8080",
        headers={**AUTH, **headers},
        client=("127.0.0.1", 50000),
        raise_server_exceptions=False,
    )


def caller(app: App, *given: Any, **options: Any) -> TestClient:
    """A client with the options of TestClient, in the loop of all clients."""
    client = TestClient(app, *given, **options)
    client.portal = _loop()  # type: ignore[assignment] - what it calls of a portal
    return client


_session = ExitStack()


@cache
def _loop() -> Crossing:
    """One event loop for all clients; by itself, each would start one for each request."""
    return _session.enter_context(Crossing())


def pytest_configure() -> None:
    read_one_certificate(Path(_session.enter_context(tempfile.TemporaryDirectory())))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A quick run need not import what is slow as a whole."""
    if config.option.markexpr != "not slow" or collection_path.suffix != ".py":
        return None
    return bool(_WHOLLY_SLOW.search(collection_path.read_text(encoding="utf-8"))) or None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Spare the collector of garbage what is here for good: modules, and thousands of tests.

    Of what the tests then leave, a full collection looks at all that they share, again and again.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 20, 20)
        gc.enable()


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> Generator[None, int, int]:
    """With `-n auto` a worker more than there are processors: quick tests wait much of the time,
    for threads, processes and servers that wait for each other."""
    found = yield
    named = "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ
    return found if named or config.option.markexpr != "not slow" else found + 1


def pytest_unconfigure() -> None:
    _session.close()


@pytest.fixture
def make_client() -> Iterator[MakeClient]:
    """Makes a client of a fresh application with the given settings."""
    opened: list[App] = []

    def make(**settings: Any) -> TestClient:
        opened.append(create_app(Settings(**{"progress": "manual", "seed": 7} | settings)))
        return client_of(opened[-1])

    yield make
    for app in opened:
        app.store.close()


@pytest.fixture
def client(make_client: MakeClient) -> TestClient:
    """A client of a fresh application whose clock moves only when told."""
    return make_client()


@pytest.fixture(scope="session")
def server() -> Iterator[MockServer]:
    """A real server; each test takes a world of its own by its key."""
    settings = Settings(port=0, progress="manual", seed=7, log_level="warning")
    with MockServer(settings) as running:
        yield running


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[RedisServer]":
    """A Redis that many tests use, one after the other; each empties it."""
    from tests.redis_server import RedisServer  # noqa: PLC0415 - few processes need its library

    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server
