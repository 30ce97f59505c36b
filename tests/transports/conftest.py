"""Clients as an application could have made them, knowing nothing of the mock."""

import pytest

from mock_mindvideo.plugin.handle import MindVideo
from tests.transports.clients import CLIENTS, STREAMING, Client, params


@pytest.fixture(params=params(CLIENTS))
def client(request: pytest.FixtureRequest, mindvideo: MindVideo) -> Client:
    """Each client in turn, answered in process."""
    return CLIENTS[request.param]()


@pytest.fixture(params=params(STREAMING))
def streaming(request: pytest.FixtureRequest, mindvideo: MindVideo) -> Client:
    """Each that can read a body before it is whole."""
    return CLIENTS[request.param]()
