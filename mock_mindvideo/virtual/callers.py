"""Whose waits and clocks are virtual: decided by the code that asks.

Everything is virtual but what serves the test (it measures the test itself) and what talks to real
sockets (its timeouts are about real peers).
"""

import sys
from threading import Thread
from types import FrameType

#: Packages that serve the test: their sleeps and clocks are real.
OTHERS = frozenset(
    (
        "_pytest",
        "coverage",
        "execnet",
        "hypothesis",
        "mock_mindvideo",
        "multiprocessing",
        "pluggy",
        "pytest",
        "pytest_asyncio",
        "pytest_benchmark",
        "pytest_httpserver",
        "pytest_rerunfailures",
        "pytest_timeout",
        "subprocess",
        "unittest",
        "uvicorn",
        "watchfiles",
        "xdist",
    )
)

#: Packages that talk to peers: how long a peer takes is real, how long they back off is not.
PEERS = frozenset(
    (
        "aiohttp",
        "amqp",
        "asyncpg",
        "grpc",
        "http",
        "httpcore",
        "httpcore2",
        "httpx",
        "httpx2",
        "psycopg",
        "psycopg_pool",
        "pymongo",
        "redis",
        "requests",
        "selectors",
        "socket",
        "socketserver",
        "ssl",
        "websockets",
    )
)

#: Modules of a package of PEERS or none, of which the same is true.
_PEER_MODULES = frozenset(
    ("urllib3.connection", "urllib3.connectionpool", "urllib3.util.timeout", "urllib3.util.wait")
)

#: Modules through which the application waits, so that whoever called them decides.
PLUMBING = frozenset(
    (
        "_thread",
        "anyio",
        "async_timeout",
        "asyncio",
        "concurrent",
        "contextlib",
        "queue",
        "threading",
    )
)

#: Packages whose threads serve others, and are idle while they wait for a peer.
SERVICES = frozenset(
    (
        "cheroot",
        "gunicorn",
        "hypercorn",
        "socketserver",
        "uvicorn",
        "waitress",
        "werkzeug",
        "wsgiref",
    )
)

#: What looks like OTHERS, and runs the application.
_RUNNERS = frozenset(("multiprocessing.process",))


def module_of(frame: FrameType) -> str:
    """The name of the module whose code a frame runs."""
    return str(frame.f_globals.get("__name__", ""))


def package_of(frame: FrameType) -> str:
    """The name of its package."""
    return module_of(frame).partition(".")[0]


def works_for_others(thread: Thread) -> bool:
    """Whether what a thread is there to run is code of OTHERS, however far it has come.

    A timer's own frames are all of the standard library's, and at its start it has none at all.
    """
    function = getattr(thread, "function", None) or getattr(thread, "_target", None)
    while (inner := getattr(function, "func", None)) is not None:  # functools.partial
        function = inner
    modules = (type(thread).__module__, getattr(function, "__module__", None) or "")
    return any(each.partition(".")[0] in OTHERS and each not in _RUNNERS for each in modules)


def sleeps_really(frame: FrameType) -> bool:
    """Whether a sleep that this code asks for is real."""
    module = module_of(frame)
    return module.partition(".")[0] in OTHERS and module not in _RUNNERS


def reads_really(frame: FrameType) -> bool:
    """Whether a clock that this code reads is real; a log line is of who writes it."""
    while module_of(frame) == "logging" and frame.f_back is not None:
        frame = frame.f_back
    module = module_of(frame)
    package = module.partition(".")[0]
    if package in OTHERS:
        return module not in _RUNNERS
    return package in PEERS or module in _PEER_MODULES


def beyond_plumbing(frame: FrameType | None) -> FrameType | None:
    """The nearest frame that is not of the standard library's own waiting, if there is one."""
    while frame is not None and package_of(frame) in PLUMBING:
        frame = frame.f_back
    return frame


def serves(frame: FrameType | None) -> bool:
    """Whether who is blocked there waits for somebody who may come, and not for an answer."""
    while frame is not None:
        accepts = module_of(frame) == "socket" and frame.f_code.co_name == "accept"
        if accepts or package_of(frame) in SERVICES:
            return True
        frame = frame.f_back
    return False


def sleeps(frame: FrameType | None) -> bool:
    """Whether a thread that does not take part is in a sleep, which is led to virtual time too."""
    return frame is not None and module_of(frame) == "mock_mindvideo.virtual.clocks"


def waits_really(depth: int) -> bool:
    """Whether who waits, `depth` frames up and through plumbing, waits in real time."""
    frame = beyond_plumbing(sys._getframe(depth + 1))
    return frame is not None and sleeps_really(frame)
