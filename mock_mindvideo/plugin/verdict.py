"""The end of a test: what strict worlds refuse, scripts that never fired, the failure's story."""

import warnings
from collections.abc import Generator
from pathlib import Path

import pytest

from mock_mindvideo.plugin import failure
from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.plugin.stash import HANDLES


class UnusedScriptWarning(UserWarning):
    """A script of a test that no request ever met."""


def watch(item: pytest.Item, handle: MindVideo) -> None:
    """Look at the handle when the test is over."""
    plugins = item.config.pluginmanager
    if not plugins.has_plugin("mindvideo-verdict"):
        plugins.register(Verdict(item.config), "mindvideo-verdict")
        if folder := item.config.getoption("mindvideo_pact"):
            from mock_mindvideo.plugin.pacts import Pacts  # noqa: PLC0415 - only who asks pays

            plugins.register(Pacts(item.config, Path(folder)), "mindvideo-pacts")
    item.stash.setdefault(HANDLES, []).append(handle)


class Verdict:
    """Hooks that are registered once the first test has a handle."""

    def __init__(self, config: pytest.Config) -> None:
        self._save: str | None = config.getoption("mindvideo_save")

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """After the test has passed, see whether its worlds agree."""
        result = yield
        for handle in item.stash.get(HANDLES, []):
            if problem := _judge(handle):
                pytest.fail(problem, pytrace=False)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Tell a failure's story, and save its world if that is wanted."""
        report = yield
        if call.when == "call" and report.failed:
            for handle in item.stash.get(HANDLES, []):
                self._tell(report, item, handle)
        return report

    def _tell(self, report: pytest.TestReport, item: pytest.Item, handle: MindVideo) -> None:
        story = [*failure.history(handle.requests, handle.tasks), failure.seed_line(handle.seed)]
        lines = [] if story[-1] in report.longreprtext else story
        lines += [f"script never used: {text}" for text in handle.unused_scripts]
        if self._save is not None:
            from mock_mindvideo.plugin.saving import save  # noqa: PLC0415

            lines.append(save(handle, Path(self._save), item.nodeid))
        if lines:
            report.sections.append((f"mindvideo world {handle.name}", "\n".join(lines)))


def _judge(handle: MindVideo) -> str | None:
    """What a strict world fails its test for; of any other, unused scripts are a warning."""
    unused = ", ".join(map(repr, handle.unused_scripts))
    said = f"scripts never used in the world '{handle.name}': {unused}"
    if not handle.options.strict:
        if unused:
            warnings.warn(UnusedScriptWarning(said), stacklevel=1)
        return None
    try:
        handle.assert_no_violations()
    except AssertionError as problem:
        return str(problem)
    return said if unused else None
