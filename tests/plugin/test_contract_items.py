"""`pytest --mindvideo-contracts`: the contract workflows as tests of a suite."""

import pytest


def test_each_workflow_is_a_test_that_k_can_choose(pytester: pytest.Pytester) -> None:
    done = pytester.runpytest_subprocess(
        "--mindvideo-contracts", "-k", "same-payload-same-task or documented-price", "-v"
    )
    done.assert_outcomes(passed=2, deselected=done.parseoutcomes()["deselected"])
    done.stdout.fnmatch_lines(["*mindvideo?same-payload-same-task? PASSED*"])


def test_without_the_option_there_are_none(pytester: pytest.Pytester) -> None:
    assert pytester.runpytest_subprocess().ret == pytest.ExitCode.NO_TESTS_COLLECTED


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--mindvideo-max-spend", "much"], "*must be an amount like 2.50, not 'much'*"),
        (["--mindvideo-url", "http://127.0.0.1:9"], "*127.0.0.1:9*"),
    ],
)
def test_what_cannot_be_checked_is_misuse(
    pytester: pytest.Pytester, arguments: list[str], words: str
) -> None:
    done = pytester.runpytest_subprocess("--mindvideo-contracts", *arguments)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines([words])
