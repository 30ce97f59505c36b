"""Suites of others with the plugin, and without pytest: FastAPI, unittest, xdist with randomly."""

from collections.abc import Callable

import pytest

from tests.downstream.conftest import Project, passed

pytestmark = pytest.mark.slow


def test_a_web_application_of_fastapi_survives_every_fault(
    project: Callable[[str], Project],
) -> None:
    assert passed(project("fastapi_httpx").test("-q")) == 20


def test_a_suite_of_unittest_needs_no_pytest(project: Callable[[str], Project]) -> None:
    project("unittest_only")._run("-m", "unittest", "-v")


def test_workers_and_random_order_disturb_nobody(project: Callable[[str], Project]) -> None:
    suite = project("xdist_randomly")
    for seed in ("1", "2"):
        output = suite.test("-q", "-n", "2", f"--randomly-seed={seed}")
        assert passed(output) == 26
