import pytest

from .making import Mock


@pytest.fixture
def mock() -> Mock:
    return Mock()
