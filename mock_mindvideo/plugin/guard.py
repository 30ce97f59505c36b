"""The guard: while the plugin is there, nothing connects to the vendor unless the suite says so.

Real requests cost money. They would go out from a test that has forgotten the fixture, after its
end, from a thread that has outlived its test, and from clients that cannot be answered in process.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest

from mock_mindvideo.platform.host import vendor_host
from mock_mindvideo.transports.addresses import Addresses, plain
from mock_mindvideo.transports.answering import answered, find, guarded
from mock_mindvideo.transports.seams import installed
from mock_mindvideo.transports.seams.patches import Patches

#: Where libraries keep threads for whoever gives them work: it is not the threads' own.
POOLS = ("anyio", "asgiref", "concurrent", "trio")

#: Where a thread keeps the test that started it.
_MARK = "_mock_mindvideo_test"


class StoppedConnection(BaseException):
    """A connection that could have cost money.

    Not an Exception, so that no client repeats it and no application takes it for an outage.
    """


class Running:
    """A test while it runs, and after."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.over = False


class ConnectionGuard:
    """Stops connections to known addresses that nobody answers for; a plugin of pytest's."""

    def __init__(self, hosts: list[str]) -> None:
        self._addresses = Addresses([vendor_host(), *hosts])
        self._test: Running | None = None
        self._in_call = False
        self._open = ExitStack()

    def start(self) -> None:
        """Watch, until the session's end."""
        patches = Patches()
        self._open.enter_context(guarded(self))
        self._open.callback(patches.undo)
        patches.put(threading.Thread, "start", self._starting)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        before, self._test = self._test, Running(item.nodeid)
        try:
            return (yield)
        finally:
            self._test.over = True
            self._test = before

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        self._in_call = True
        try:
            return (yield)
        finally:
            self._in_call = False

    def pytest_unconfigure(self) -> None:
        self._open.close()

    def concerns(self, host: str, port: int | None) -> bool:
        """Whether it is an address where connections are stopped."""
        known = self._addresses.have(host, port) or answered(host, port) is not None
        return known and not _is_own(host)

    def stop(self, host: str, port: int | None) -> None:
        """Raise StoppedConnection for an address that is known."""
        if self.concerns(host, port):
            raise StoppedConnection(self._story(host, port, answered(host, port)))

    def admit(self, host: str) -> None:
        """Raise StoppedConnection in a thread that has outlived the test which started it."""
        test = _test_of(threading.current_thread())
        if test is not None and test.over:
            raise StoppedConnection(_told(host, None, *_outlived(test)))

    def _story(self, host: str, port: int | None, last: str | None) -> str:
        test = _test_of(threading.current_thread())
        if test is not None and test.over:
            return _told(host, port, *_outlived(test))
        if find(host, port) is not None:
            why = "the fixture mindvideo is there, but this client cannot be answered in process"
            return _told(host, port, why, "use mindvideo_live, and give the client its base_url")
        where = f"in {self._test.name}" if self._test else "outside of any test"
        why = f"no fixture mindvideo answers there {where}"
        if last:
            why += f"; that of {last} has ended"
        how = "let the test ask for mindvideo, or give the client the base_url of mindvideo_live"
        return _told(host, port, why, how)

    def _starting(self, original: Any) -> Any:
        def start(thread: threading.Thread) -> None:
            test = _test_of(threading.current_thread()) or (self._test if self._in_call else None)
            marked = _test_of(thread) is not None  # by a session within this one
            if test is not None and not marked and not _is_pooled(thread):
                setattr(thread, _MARK, test)
            original(thread)

        return start


def install(config: pytest.Config) -> None:
    """Patch client libraries as they are imported, and guard unless the suite does not want it."""
    open_ = ExitStack()
    open_.enter_context(installed())
    config.add_cleanup(open_.close)
    if not config.getini("mindvideo_guard"):
        open_.enter_context(guarded(None))
        return
    guard = ConnectionGuard(_readable(config.getini("mindvideo_hosts") or []))
    guard.start()
    config.pluginmanager.register(guard, "mindvideo-guard")


def _readable(hosts: list[str]) -> list[str]:
    """Those that are hosts; who asks for a fixture is told of the others."""
    if not hosts:
        return []
    from mock_mindvideo.plugin.hosts import HostError, read_pattern  # noqa: PLC0415 - few name any

    found = []
    for host in hosts:
        with suppress(HostError):
            found.append(read_pattern(host))
    return found


def _told(host: str, port: int | None, why: str, how: str) -> str:
    address = plain(host) if port is None else f"{plain(host)}:{port}"
    return (
        f"mindvideo: a connection to {address} was stopped, since it could cost money: {why}."
        f" What to do: {how}. `mindvideo_guard = off` in the ini file allows such connections."
    )


def _outlived(test: Running) -> tuple[str, str]:
    name = threading.current_thread().name
    why = f"the thread {name!r} was started in {test.name}, and has outlived it"
    return why, "stop or join the thread before its test ends, or start it in a wider fixture"


def _test_of(thread: threading.Thread) -> Running | None:
    return getattr(thread, _MARK, None)


def _is_pooled(thread: threading.Thread) -> bool:
    target = getattr(thread, "_target", None)
    owners = (type(thread).__module__, getattr(target, "__module__", None) or "")
    return any(owner.partition(".")[0] in POOLS for owner in owners)


def _is_own(host: str) -> bool:
    """Whether it is this machine, which costs nothing."""
    from mock_mindvideo.domain.hosts import Host  # noqa: PLC0415 - only a connection asks

    return Host(plain(host), None).own
