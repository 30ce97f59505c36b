"""`pytest --mindvideo-contracts`: each contract workflow as a test.

The plugin imports this once the option is given.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mock_mindvideo.transports.answering import guarded

if TYPE_CHECKING:
    from collections.abc import Generator
    from decimal import Decimal

    from mock_mindvideo.catalog import Catalog
    from mock_mindvideo.checking.targets import CheckTarget
    from mock_mindvideo.contract.results import Report
    from mock_mindvideo.contract.verify import Due


def add_items(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Add a test for each workflow, for `pytest_collection_modifyitems`.

    Call it before others choose among the items, so that `-k` chooses among these too. Raises
    pytest.UsageError for a target that cannot be checked.
    """
    from mock_mindvideo.catalog import builtin_catalog  # noqa: PLC0415 - only who asks pays
    from mock_mindvideo.checking.targets import shipped_contracts  # noqa: PLC0415
    from mock_mindvideo.contract.problems import TargetError, Unreachable  # noqa: PLC0415
    from mock_mindvideo.contract.verify import choose, with_dependencies  # noqa: PLC0415

    every = choose(shipped_contracts())
    try:
        with guarded(None):  # the target was named by whoever runs the session
            checker = Checker(session.config, builtin_catalog())
    except (TargetError, Unreachable) as problem:
        raise pytest.UsageError(str(problem)) from None
    for due in every:
        needed = with_dependencies(every, [due])
        name = f"mindvideo[{due.workflow.id}]"
        items.append(ContractItem.from_parent(session, name=name, due=needed, checker=checker))


class Checker:
    """The target of one session, and what is left of its budget.

    Raises TargetError and Unreachable.
    """

    def __init__(self, config: pytest.Config, catalog: "Catalog") -> None:
        self._catalog = catalog
        self._key = config.getoption("mindvideo_key")
        self._left = _amount(config.getoption("mindvideo_max_spend"))
        self._open = _opened(config.getoption("mindvideo_url"))
        self._target = next(self._open)
        config.add_cleanup(self._open.close)

    def check(self, due: "tuple[Due, ...]") -> "Report":
        """Run a workflow, and what it depends on."""
        from mock_mindvideo.checking.targets import make_job  # noqa: PLC0415
        from mock_mindvideo.contract.verify import verify  # noqa: PLC0415 - loaded by then

        job = make_job(due, self._catalog, self._target, self._key, budget=self._left)
        with guarded(None):
            report = verify(job, self._target.transport)
        self._left -= report.spent
        return report


class ContractItem(pytest.Item):
    """One workflow as a test."""

    def __init__(self, *, due: "tuple[Due, ...]", checker: Checker, **given: Any) -> None:
        super().__init__(**given)
        self._due = due
        self._checker = checker

    def runtest(self) -> None:
        """Fail for broken documented facts; tell the others in a section of the report."""
        from mock_mindvideo.contract.report.table import findings  # noqa: PLC0415

        report = self._checker.check(self._due)
        outcome = report.outcomes[-1]
        text = "\n\n".join(findings(report, outcome))
        if outcome.status == "skipped":
            pytest.skip(outcome.reason)
        if outcome.status in ("broken", "unchecked"):
            raise ContractBroken(text or outcome.reason)
        if text:
            self.add_report_section("call", "contract", text)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was broken, without the runner's own frames."""
        if isinstance(excinfo.value, ContractBroken):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The contract's file and line."""
        workflow = self._due[-1].workflow
        return workflow.file, workflow.line - 1, f"contract: {workflow.id}"


class ContractBroken(Exception):
    """A workflow that is not kept; the message shows what broke it."""


def _opened(url: str | None) -> "Generator[CheckTarget, None, None]":
    from mock_mindvideo.checking.targets import open_target  # noqa: PLC0415 - only who asks pays

    with open_target(url) as target:
        yield target


def _amount(text: str | None) -> "Decimal":
    from decimal import Decimal, InvalidOperation  # noqa: PLC0415 - only who asks pays

    try:
        amount = Decimal(text or "0")
    except InvalidOperation:
        amount = Decimal(-1)
    if not (amount.is_finite() and amount >= 0):
        raise pytest.UsageError(f"--mindvideo-max-spend must be an amount like 2.50, not {text!r}")
    return amount
