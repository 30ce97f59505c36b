"""Running the shipped contracts, or some, without a server and without waiting."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from mock_mindvideo import Settings, create_app
from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.checking.in_process import BASE_URL, InProcess
from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse, Transport
from mock_mindvideo.contract.prices import WorstPrices
from mock_mindvideo.contract.results import Report
from mock_mindvideo.contract.runner import Pace
from mock_mindvideo.contract.verify import Due, Job, choose, choose_of, verify
from mock_mindvideo.platform.data import data_folder
from mock_mindvideo.web.openapi import openapi

KEY = "mv_live_xxx"
EXTENSIONS = tuple(sorted(data_folder("contracts").glob("extensions/*.arazzo.yaml")))
CONTRACTS = tuple(sorted(data_folder("contracts").glob("*.arazzo.yaml")))

#: Those of models that a mock offers where somebody asks for them.
OF_MODELS = tuple(sorted(data_folder("contracts").glob("models/*.arazzo.yaml")))
DOCUMENT: dict[str, Any] = json.loads(json.dumps(openapi(builtin_catalog(), BASE_URL)))


class Watch:
    """Time that passes only while the runner sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def pace(self, timeout: float = 20, longest_wait: float | None = 0.1) -> Pace:
        return Pace(timeout, longest_wait, lambda: self.now, self.sleep)


class Recording:
    """A transport that writes down what passes it."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.sent: list[HttpRequest] = []

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        self.sent.append(request)
        return self._inner.send(request, timeout)


@contextmanager
def in_process(**settings: Any) -> Iterator[InProcess]:
    """A fresh mock whose polls move the clock."""
    inside = InProcess(create_app(Settings(**{"progress": "polls", "seed": 7} | settings)))
    try:
        yield inside
    finally:
        inside.close()


@cache
def shipped() -> tuple[Due, ...]:
    """The workflows of files that no test writes to, read once."""
    return choose(CONTRACTS)


def job(files: Sequence[Path] = CONTRACTS, only: Sequence[str] = (), **changes: Any) -> Job:
    """A run against the mock, unless `changes` say otherwise."""
    given: dict[str, Any] = {
        "due": choose_of(shipped(), only) if files == CONTRACTS else choose(files, only),
        "documents": {"mindvideo": DOCUMENT},
        "base_url": BASE_URL,
        "key": KEY,
        "run": "test",
        "is_mock": True,
        "budget": Decimal(0),
        "prices": WorstPrices(builtin_catalog()),
        "facts": {each["id"]: each["statement"] for each in builtin_catalog().behaviours},
        "lifecycle": builtin_catalog().lifecycle,
        "pace": Watch().pace(),
    }
    return Job(**given | changes)


def run(transport: Transport, **changes: Any) -> Report:
    """Run them."""
    return verify(job(**changes), transport)


def facts_of(report: Report) -> set[str]:
    """The facts that findings which break the run go against."""
    return {
        fact
        for outcome in report.outcomes
        for finding in outcome.findings
        if report.is_error(finding)
        for fact in finding.proves
    }
