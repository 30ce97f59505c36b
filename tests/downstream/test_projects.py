"""Each project's own suite passes, in an environment that knows nothing of this checkout."""

from collections.abc import Callable

import pytest

from tests.downstream.conftest import Project, passed

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("name", "tests"),
    [("django_requests", 6), ("aiohttp_worker", 6), ("trio_worker", 3), ("thread_worker", 4)],
    ids=str,
)
def test_the_suite_of_each_downstream_project_passes(
    name: str, tests: int, project: Callable[[str], Project]
) -> None:
    assert passed(project(name).test("-W", "error::ResourceWarning")) == tests
