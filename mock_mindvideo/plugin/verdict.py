"""The end of a test: what strict worlds refuse, scripts that never fired, the failure's story."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from mock_mindvideo.plugin.ending import judge, newest, story
from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.plugin.stash import FAULT, HANDLES
from mock_mindvideo.system.frames import hidden

__tracebackhide__ = hidden
__unittest = True

#: For each world of a test, the newest request that is older than the test or was judged.
_SEEN: pytest.StashKey[dict[MindVideo, str]] = pytest.StashKey()


def watch(node: pytest.Item, handle: MindVideo) -> None:
    """Look at the handle when the test is over, or when each test under `node` is."""
    plugins = node.config.pluginmanager
    if not plugins.has_plugin("mindvideo-verdict"):
        plugins.register(Verdict(node.config), "mindvideo-verdict")
        if folder := node.config.getoption("mindvideo_pact"):
            from mock_mindvideo.plugin.pacts import Pacts  # noqa: PLC0415 - only who asks pays

            plugins.register(Pacts(node.config, Path(folder)), "mindvideo-pacts")
    node.stash.setdefault(HANDLES, []).append(handle)


def finish(item: pytest.Item, handle: MindVideo) -> None:
    """Judge what the test's other fixtures have requested while they were torn down.

    Where the test itself has not come to its verdict, it has failed already.
    """
    seen = item.stash.get(_SEEN, {})
    if handle.options.strict and handle in seen:
        problem = judge(handle, since=seen[handle])
        if problem:
            pytest.fail(f"while the test was torn down: {problem}", pytrace=False)


class Verdict:
    """Hooks that are registered once the first test has a handle."""

    def __init__(self, config: pytest.Config) -> None:
        self._save: str | None = config.getoption("mindvideo_save")

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """After the test has passed, see whether its worlds agree."""
        before = {handle: newest(handle) for handle in _wider(item)}
        item.stash[_SEEN] = before
        result = yield
        if FAULT in item.stash:
            from mock_mindvideo.plugin.matrix import judge_survival  # noqa: PLC0415

            judge_survival(item, item.stash[HANDLES][0])
        for handle in _worlds(item):
            problem = judge(handle, since=before.get(handle))
            before[handle] = newest(handle) if handle.options.strict else ""
            if problem:
                pytest.fail(problem, pytrace=False)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Tell a failure's story, and save its world if that is wanted.

        After the last report of a test its worlds are let go: pytest keeps tests until the end.
        """
        report = yield
        if report.failed:
            for handle in _worlds(item):
                self._tell(report, item, handle)
        if call.when == "teardown":
            _let_go(item)
        return report

    def _tell(self, report: pytest.TestReport, item: pytest.Item, handle: MindVideo) -> None:
        lines = story(handle, report.longreprtext)
        if self._save is not None:
            from mock_mindvideo.plugin.saving import save  # noqa: PLC0415

            lines.append(save(handle, Path(self._save), item.nodeid))
        if lines:
            report.sections.append((f"mindvideo world {handle.name}", "\n".join(lines)))


def _let_go(item: pytest.Item) -> None:
    if HANDLES in item.stash:
        del item.stash[HANDLES]
    if _SEEN in item.stash:
        del item.stash[_SEEN]


def _worlds(item: pytest.Item) -> Iterator[MindVideo]:
    """The test's own worlds, and those of its module or session that it uses."""
    yield from item.stash.get(HANDLES, [])
    seen = item.stash.get(_SEEN, {})
    used = list(getattr(item, "funcargs", {}).values())
    for handle in _wider(item):
        if handle in used or newest(handle) != seen.get(handle, ""):
            yield handle


def _wider(item: pytest.Item) -> Iterator[MindVideo]:
    """The worlds that are open for more than this test."""
    for node in item.listchain()[:-1]:
        yield from (each for each in node.stash.get(HANDLES, []) if not each.closed)
