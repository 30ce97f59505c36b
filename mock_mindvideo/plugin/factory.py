"""Worlds that a test or a fixture makes for itself, of any number and scope."""

from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import ExitStack
from functools import partial
from typing import Any, Unpack, cast

import pytest

from mock_mindvideo.plugin.choosing import from_ini
from mock_mindvideo.plugin.ending import judge
from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.plugin.options import Options, WorldOptions, for_live, options_with, settled
from mock_mindvideo.plugin.stash import HANDLES
from mock_mindvideo.plugin.verdict import watch
from mock_mindvideo.plugin.worlds import Server, embedded_world, live_world
from mock_mindvideo.system.frames import hidden

__tracebackhide__ = hidden
__unittest = True

#: Who asks for a world: a fixture that is being set up, or the test that runs.
_Owner = pytest.FixtureRequest | pytest.Item


class Factory:
    """`mindvideo_factory(progress="manual")` opens a world; `live=True` opens it on the server.

    It ends with the fixture or the test that asked for it, or with a `with` block around it. Of
    several worlds for one host, the newest answers; on the server, the key of a request decides.
    Options are the words of the marker, on top of the ini file's.
    """

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request = request
        self._owners: list[_Owner] = []
        self._open: Counter[str] = Counter()
        self._failed: dict[pytest.Item, MindVideo] = {}

    def __call__(self, *, live: bool = False, **options: Unpack[WorldOptions]) -> MindVideo:
        given = cast("Mapping[str, Any]", options)
        chosen = options_with(from_ini(self._request.config), given, "mindvideo_factory()")
        owner = self._owners[-1] if self._owners else self._request
        return self.open(owner, settled(chosen), live=live)

    def open(self, owner: _Owner, options: Options, *, live: bool = False) -> MindVideo:
        """Open a world that ends with its owner; raises OptionError."""
        node: pytest.Item = owner if isinstance(owner, pytest.Item) else owner.node
        name = node.nodeid or "session"
        world = f"{name}-{self._open[name] + 1}" if self._open[name] else name
        closing = ExitStack()
        if live:
            server: Server = self._request.getfixturevalue("mindvideo_server")
            opening = live_world(server, world, for_live(options, server))
        else:
            opening = embedded_world(world, options)
        handle = closing.enter_context(opening)
        self._open[name] += 1
        closing.callback(self._open.subtract, [name])
        handle.closing = closing
        handle.retired = partial(self._retire, node, handle)
        watch(node, handle)
        owner.addfinalizer(closing.close)
        return handle

    def _retire(self, node: pytest.Item, handle: MindVideo, failed: bool) -> None:
        """Judge a world that ended before its owner, which then knows of it no longer.

        Of those that failed, as examples of a property do again and again, the last one is kept.
        """
        outdated = self._failed.pop(node, None) if failed else handle
        if failed:
            self._failed[node] = handle
        if outdated is not None:
            node.stash[HANDLES].remove(outdated)
        if not failed and (problem := judge(handle)):
            pytest.fail(problem, pytrace=False)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        """While a fixture is set up, what it opens is its own."""
        self._owners.append(request)
        try:
            return (yield)
        finally:
            self._owners.pop()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """While a test runs, what it opens is its own."""
        self._owners.append(item)
        try:
            return (yield)
        finally:
            self._owners.pop()
