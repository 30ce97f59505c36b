import pytest

from ..worlds.making import Mock


@pytest.fixture
def mock() -> Mock:
    return Mock()
