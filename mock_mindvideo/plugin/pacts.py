"""`--mindvideo-pact DIR`: what the passed tests did, as a consumer file of Pact."""

import json
import os
import re
from collections.abc import Generator
from pathlib import Path

import pytest

from mock_mindvideo.contract.pact import consumer_pact, write_pact
from mock_mindvideo.contract.traffic.reading import journal_exchanges
from mock_mindvideo.contract.traffic.recorded import Recorded
from mock_mindvideo.plugin.stash import HANDLES
from mock_mindvideo.system.files import read_file


def start_afresh(folder: Path, consumer: str) -> None:
    """Take away what former runs of this suite wrote there; files of others stay.

    Raises OSError.
    """
    for file in folder.glob("*.json"):
        try:
            pact = json.loads(read_file(file))
            ours = "mock-mindvideo" in pact["metadata"]
            name = str(pact["consumer"]["name"])
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if ours and re.fullmatch(rf"{re.escape(consumer)}(-gw\d+)?", name):
            file.unlink()


class Pacts:
    """Hooks that are registered once the first test has a handle.

    Each worker of pytest-xdist writes a consumer file of its own; verifiers take a folder.
    """

    def __init__(self, config: pytest.Config, folder: Path) -> None:
        worker = os.environ.get("PYTEST_XDIST_WORKER")
        self._consumer = config.rootpath.name + (f"-{worker}" if worker else "")
        self._folder = folder
        self._tests: dict[str, tuple[Recorded, ...]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep what a test did that passed."""
        report = yield
        if call.when == "call" and report.passed:
            for handle in item.stash.get(HANDLES, []):
                raw = [request.raw for request in handle.requests]
                self._tests[f"{item.nodeid} {handle.name}"] = journal_exchanges(raw)
        return report

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the consumer file; without an exchange there is none."""
        if not any(self._tests.values()):
            return
        try:
            write_pact(consumer_pact(self._tests, self._consumer), self._folder)
        except OSError as problem:
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
            place = problem.filename or self._folder
            print(f"\n--mindvideo-pact: {place}: cannot be written: {problem.strerror}")  # noqa: T201
