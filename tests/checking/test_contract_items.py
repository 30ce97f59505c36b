"""`--mindvideo-contracts` makes a test of each workflow."""

from pathlib import Path

import pytest

from mock_mindvideo.checking import targets  # before pytester, which unloads what its runs import
from mock_mindvideo.checking.in_process import InProcess
from mock_mindvideo.contract.verify import choose
from tests.contract.edits import Mutated
from tests.contract.mutants import DOCUMENTED
from tests.contract.remote import remote

pytest_plugins = ["pytester"]

WORKFLOWS = len(choose(targets.shipped_contracts()))


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder whose runs load this plugin and no other."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeini("[pytest]\naddopts = -p mock_mindvideo.pytest_plugin")
    return pytester


def test_without_the_option_there_are_no_contract_items(suite: pytest.Pytester) -> None:
    suite.makepyfile("def test_own(): pass")
    suite.runpytest().assert_outcomes(passed=1)


def test_each_workflow_is_a_test_beside_the_suites_own(suite: pytest.Pytester) -> None:
    suite.makepyfile("def test_own(): pass")
    done = suite.runpytest("--mindvideo-contracts")
    done.assert_outcomes(passed=WORKFLOWS + 1)


def test_contract_items_are_selected_like_any_test(suite: pytest.Pytester) -> None:
    done = suite.runpytest("--mindvideo-contracts", "-k", "submit-and-poll", "-v")
    done.assert_outcomes(passed=1, deselected=WORKFLOWS - 1)
    done.stdout.fnmatch_lines(["*submit-and-poll*PASSED*"])


def test_a_broken_one_fails_with_fact_and_line(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant = next(each for each in DOCUMENTED if each.name == "422 for 409")
    sending = InProcess.send
    monkeypatch.setattr(
        InProcess, "send", lambda self, *given: Mutated(_Bound(self, sending), mutant).send(*given)
    )
    done = suite.runpytest_inprocess("--mindvideo-contracts", "-k", "other-payload")
    done.assert_outcomes(failed=1, deselected=WORKFLOWS - 1)
    done.stdout.fnmatch_lines(["*idempotency.arazzo.yaml:*: error: other-payload-is-refused*"])
    done.stdout.fnmatch_lines(["*against D11 (documented)*"])
    done.stdout.no_fnmatch_line("*runner.py*")


class _Bound:
    def __init__(self, inside: object, send: object) -> None:
        self._inside = inside
        self._send = send

    def send(self, *given: object) -> object:
        return self._send(self._inside, *given)  # type: ignore[operator]


@pytest.mark.slow
def test_against_a_server_that_may_bill_only_free_ones_run(suite: pytest.Pytester) -> None:
    with remote() as posing:
        done = suite.runpytest("--mindvideo-contracts", "--mindvideo-url", posing.url)
        outcomes = done.parseoutcomes()
        assert outcomes["skipped"] > outcomes["passed"] > 5
        assert "failed" not in outcomes
        assert posing.billable() == []


def test_the_budget_is_for_all_of_them_together(suite: pytest.Pytester) -> None:
    with remote() as posing:
        given = ("--mindvideo-contracts", "--mindvideo-url", posing.url, "-k", "prompt or seed")
        done = suite.runpytest(*given, "--mindvideo-max-spend", "0.7")
        done.assert_outcomes(passed=1, skipped=1, deselected=WORKFLOWS - 2)


@pytest.mark.parametrize(
    "given",
    [("--mindvideo-url", "nowhere"), ("--mindvideo-max-spend", "much")],
)
def test_misuse_is_told(suite: pytest.Pytester, given: tuple[str, str], tmp_path: Path) -> None:
    done = suite.runpytest("--mindvideo-contracts", *given)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
