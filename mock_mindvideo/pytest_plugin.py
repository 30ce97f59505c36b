"""The pytest plugin: fixtures `mindvideo`, `mindvideo_live`, `mindvideo_server`, the marker and
its ini options.

Nothing heavy is imported here: a suite that does not ask for a fixture pays for this file only.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from mock_mindvideo.plugin.guard import install

if TYPE_CHECKING:
    from mock_mindvideo.plugin.factory import Factory
    from mock_mindvideo.plugin.faults import FaultCase, Survival
    from mock_mindvideo.plugin.handle import MindVideo
    from mock_mindvideo.plugin.options import Options
    from mock_mindvideo.plugin.worlds import Server

_Read = TypeVar("_Read")

_INI = (
    ("progress", "string", "what moves the clock of a test's world: polls, manual or time"),
    ("script", "linelist", "scripts of every test's world, one a line"),
    ("credit", "string", "credit of every test's world in US dollars"),
    ("in_flight", "string", "how many tasks are processed at once in every test's world"),
    (
        "quota",
        "args",
        "limits above which every test's world answers 429, such as 10/1 or tasks=20",
    ),
    ("strict", "bool", "fail tests whose requests broke the rules of the API"),
    ("api_key", "args", "keys that the in-process mock knows besides its own"),
    (
        "virtual_time",
        "bool",
        "let the application live in the world's time, with its waits and clocks",
    ),
    ("patch_sleep", "bool", "an older name of virtual_time"),
    ("seed", "string", "seed of every test's world; without it, one by the test's name"),
    ("speed", "string", "world seconds for each real second, with progress time"),
    (
        "profile",
        "string",
        "default, or strict: rules of the upstream model refuse a request instead of giving advice",
    ),
    ("hosts", "args", "hosts that are intercepted; the first is the handle's base_url"),
    ("schemas", "paths", "folders that add or replace models"),
    ("contested", "args", "sides taken where sources differ, such as video-input=billed"),
    ("models", "args", "packaged models that are offered, or all; without it the documented one"),
)

_CONTRACTS = (
    ("url", "URL", "what the contracts are checked against; without it, the mock itself"),
    ("key", "KEY", "the API key for --mindvideo-url"),
    ("max-spend", "USD", "what the contracts may cost at most; 0 unless they run on the mock"),
    ("pact", "DIR", "write what the passed tests did there, as a consumer file of Pact"),
)


FAULTS = "mindvideo_faults"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The ini options and the command line's."""
    for name, kind, words in _INI:
        parser.addini(f"mindvideo_{name}", f"mock-mindvideo: {words}", kind, default=None)  # type: ignore[arg-type]
    parser.addini("mindvideo_server_url", "mock-mindvideo: a server to use", default=None)
    guard = "stop connections to the vendor that no fixture answers; off allows them"
    parser.addini("mindvideo_guard", f"mock-mindvideo: {guard}", "bool", default=True)
    group = parser.getgroup("mindvideo", "mock-mindvideo")
    group.addoption(
        "--mindvideo-seed",
        type=int,
        metavar="N",
        dest="mindvideo_seed",
        help="repeat ids and chances of a run",
    )
    group.addoption(
        "--mindvideo-save",
        metavar="DIR",
        dest="mindvideo_save",
        help="save the world of each failing test there, for `mock-mindvideo serve --load`",
    )
    group.addoption(
        "--mindvideo-server",
        metavar="URL",
        dest="mindvideo_server",
        help="put live worlds on a server that runs already, such as one for all xdist workers",
    )
    group.addoption(
        "--mindvideo-contracts",
        action="store_true",
        default=False,
        dest="mindvideo_contracts",
        help="run the contract workflows as tests",
    )
    for name, metavar, words in _CONTRACTS:
        dest = f"mindvideo_{name.replace('-', '_')}"
        group.addoption(f"--mindvideo-{name}", metavar=metavar, dest=dest, help=words)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """The contract workflows, where they are asked for, before `-k` chooses."""
    for item in items:
        if type(item).__name__ == "TestCaseFunction" and item.get_closest_marker(FAULTS):
            from mock_mindvideo.plugin.matrix import refuse  # noqa: PLC0415

            refuse(item)
    if session.config.getoption("mindvideo_contracts"):
        from mock_mindvideo.checking.contract_items import add_items  # noqa: PLC0415 - only who asks pays

        add_items(session, items)


def pytest_configure(config: pytest.Config) -> None:
    """The guard, the marker, and whether what will be written at the end can be."""
    install(config)
    if folder := config.getoption("mindvideo_pact"):
        try:
            Path(folder).mkdir(parents=True, exist_ok=True)
            if not hasattr(config, "workerinput"):  # of xdist: its workers come later
                from mock_mindvideo.plugin.pacts import start_afresh  # noqa: PLC0415

                start_afresh(Path(folder), config.rootpath.name)
        except OSError as problem:
            reason = f"{problem.filename or folder}: cannot be made anew: {problem.strerror}"
            raise pytest.UsageError(f"--mindvideo-pact: {reason}") from None
    config.addinivalue_line(
        "markers",
        f"{FAULTS}(only=..., without=..., tasks=1, polite=1.0, after_end=False): run the test once"
        " for each outcome and fault, and see whether its client survives",
    )
    config.addinivalue_line(
        "markers",
        "mindvideo(progress='polls', script=..., credit=..., in_flight=..., quota=..., "
        "strict=False, api_key=..., virtual_time=False, seed=..., speed=1, profile='default', "
        "hosts=..., schemas=..., models=..., contested=...): "
        "the world of the fixtures mindvideo and mindvideo_live",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test once for each outcome and fault, where its marker says so."""
    mark = metafunc.definition.get_closest_marker(FAULTS)
    if mark is not None:
        from mock_mindvideo.plugin.matrix import spread  # noqa: PLC0415 - only who uses it pays

        spread(metafunc, mark)


@pytest.fixture
def mindvideo_fault(request: pytest.FixtureRequest) -> "FaultCase":
    """The row of mindvideo_faults for which a test runs: `name`, `outcome`, `scripts`."""
    from mock_mindvideo.plugin.stash import FAULT  # noqa: PLC0415

    for door in ("mindvideo", "mindvideo_live"):
        if door in request.fixturenames:
            request.getfixturevalue(door)
    fault: FaultCase | None = request.node.stash.get(FAULT, None)
    if fault is not None:
        return fault
    pytest.fail("mindvideo_fault needs @pytest.mark.mindvideo_faults", pytrace=False)


@pytest.fixture
def mindvideo_survival() -> "Survival":
    """The limits that mindvideo_faults checks in the tests that see this fixture; override it."""
    from mock_mindvideo.plugin.faults import Survival  # noqa: PLC0415

    return Survival()


@pytest.fixture
def mindvideo_settings() -> Mapping[str, Any]:
    """Options of the marker for every test that sees this fixture; override it."""
    return {}


@pytest.fixture
def mindvideo(
    request: pytest.FixtureRequest, mindvideo_settings: Mapping[str, Any]
) -> "Iterator[MindVideo]":
    """The MindVideo API in this process: Python's clients reach it at its own address."""
    with _loading():
        from mock_mindvideo.plugin.verdict import finish, watch  # noqa: PLC0415 - who uses it pays
        from mock_mindvideo.plugin.worlds import catalog_for, embedded_world  # noqa: PLC0415

    options = _with_fault(_options(request, mindvideo_settings), request)
    _told(lambda: catalog_for(options))
    with embedded_world(request.node.nodeid, options) as handle:
        watch(request.node, handle)
        _disturb(handle, request)
        yield handle
        finish(request.node, handle)


@pytest.fixture
def mindvideo_live(
    request: pytest.FixtureRequest,
    mindvideo_settings: Mapping[str, Any],
    mindvideo_server: "Server",
) -> "Iterator[MindVideo]":
    """A world of the test's own on a real server, for any client, language or process."""
    with _loading():
        from mock_mindvideo.plugin.verdict import finish, watch  # noqa: PLC0415
        from mock_mindvideo.plugin.worlds import live_world  # noqa: PLC0415

    options = _with_fault(_options(request, mindvideo_settings, mindvideo_server), request)
    with live_world(mindvideo_server, request.node.nodeid, options) as handle:
        watch(request.node, handle)
        _disturb(handle, request)
        yield handle
        finish(request.node, handle)


@pytest.fixture(scope="session")
def mindvideo_factory(request: pytest.FixtureRequest) -> "Iterator[Factory]":
    """Makes worlds for a test, a fixture of any scope, or each example of a property."""
    with _loading():
        from mock_mindvideo.plugin.factory import Factory  # noqa: PLC0415

    factory = Factory(request)
    request.config.pluginmanager.register(factory)
    yield factory
    request.config.pluginmanager.unregister(factory)


@pytest.fixture(scope="module")
def mindvideo_module(request: pytest.FixtureRequest, mindvideo_factory: "Factory") -> "MindVideo":
    """One world for all tests of a module; `reset()` makes it anew."""
    return mindvideo_factory.open(request, _options(request, {}))


@pytest.fixture(scope="session")
def mindvideo_session(request: pytest.FixtureRequest, mindvideo_factory: "Factory") -> "MindVideo":
    """One world for the whole run; `reset()` makes it anew."""
    return mindvideo_factory.open(request, _options(request, {}))


@pytest.fixture(scope="session")
def mindvideo_server(request: pytest.FixtureRequest) -> "Iterator[Server]":
    """The session's server, on a free port; or the one that `--mindvideo-server` names."""
    config = request.config
    url = config.getoption("mindvideo_server") or config.getini("mindvideo_server_url")
    if url:
        from mock_mindvideo.plugin.worlds import RemoteServer  # noqa: PLC0415

        yield RemoteServer(url)
        return
    with _loading():
        from mock_mindvideo.plugin.choosing import server_settings  # noqa: PLC0415
        from mock_mindvideo.serving.server import MockServer  # noqa: PLC0415

    with MockServer(_told(lambda: server_settings(config))) as server:
        yield server


def _loading() -> AbstractContextManager[None]:
    from mock_mindvideo.system.loading import loading  # noqa: PLC0415

    return loading()


def _with_fault(options: "Options", request: pytest.FixtureRequest) -> "Options":
    if not hasattr(request, "param"):
        return options
    from mock_mindvideo.plugin.matrix import with_fault  # noqa: PLC0415

    return with_fault(options, request)


def _disturb(handle: "MindVideo", request: pytest.FixtureRequest) -> None:
    if getattr(getattr(request, "param", None), "expired_links", False):
        handle.expire_links()


def _options(
    request: pytest.FixtureRequest, settings: Mapping[str, Any], server: "Server | None" = None
) -> "Options":
    from mock_mindvideo.plugin.choosing import resolve  # noqa: PLC0415
    from mock_mindvideo.plugin.options import for_live  # noqa: PLC0415

    options = _told(lambda: resolve(request, settings))
    return options if server is None else _told(lambda: for_live(options, server))


def _told(read: "Callable[[], _Read]") -> "_Read":
    """What `read` reads; an option that does not fit fails the test in its own words."""
    from mock_mindvideo.plugin.options import OptionError  # noqa: PLC0415

    try:
        return read()
    except OptionError as error:
        problem = f"mindvideo: {error}"
    pytest.fail(problem, pytrace=False)
