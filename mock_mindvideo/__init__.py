"""A local stand-in for the MindVideo task API.

Names are imported when they are first used, so that a test run which loads the pytest plugin
without using it does not pay for the server.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_mindvideo.plugin.cases import LiveMindVideoMixin, MindVideoMixin
    from mock_mindvideo.plugin.handle import MindVideo
    from mock_mindvideo.plugin.mocking import mock, mock_live
    from mock_mindvideo.serving.server import MockServer
    from mock_mindvideo.settings import Settings
    from mock_mindvideo.web.app import create_app
    from mock_mindvideo.worlds import World

__all__ = [
    "LiveMindVideoMixin",
    "MindVideo",
    "MindVideoMixin",
    "MockServer",
    "Settings",
    "World",
    "create_app",
    "mock",
    "mock_live",
]

_HOMES = {
    "LiveMindVideoMixin": "mock_mindvideo.plugin.cases",
    "MindVideo": "mock_mindvideo.plugin.handle",
    "MindVideoMixin": "mock_mindvideo.plugin.cases",
    "MockServer": "mock_mindvideo.serving.server",
    "Settings": "mock_mindvideo.settings",
    "World": "mock_mindvideo.worlds",
    "create_app": "mock_mindvideo.web.app",
    "mock": "mock_mindvideo.plugin.mocking",
    "mock_live": "mock_mindvideo.plugin.mocking",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mock_mindvideo.system.loading import loading  # noqa: PLC0415 - as all of them

    with loading():
        return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
