"""A local stand-in for the MindVideo task API.

Names are imported when they are first used, so that a test run which loads the pytest plugin
without using it does not pay for the server.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_mindvideo.plugin.handle import MindVideo
    from mock_mindvideo.serving.server import MockServer
    from mock_mindvideo.settings import Settings
    from mock_mindvideo.web.app import create_app
    from mock_mindvideo.worlds import World

__all__ = ["MindVideo", "MockServer", "Settings", "World", "create_app"]

_HOMES = {
    "MindVideo": "mock_mindvideo.plugin.handle",
    "MockServer": "mock_mindvideo.serving.server",
    "Settings": "mock_mindvideo.settings",
    "World": "mock_mindvideo.worlds",
    "create_app": "mock_mindvideo.web.app",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
