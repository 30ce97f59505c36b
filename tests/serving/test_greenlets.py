"""Where threads are greenlets no server runs beside them, and that is said instead of waiting."""

import sys
from types import SimpleNamespace

import pytest

from mock_mindvideo import MockServer
from mock_mindvideo.serving.sockets import ServerError


@pytest.mark.parametrize(
    ("name", "asked"),
    [("gevent.monkey", "is_module_patched"), ("eventlet.patcher", "is_monkey_patched")],
)
def test_a_server_among_greenlets_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, asked: str
) -> None:
    library = SimpleNamespace(**{asked: lambda module: module in {"threading", "thread"}})
    monkeypatch.setitem(sys.modules, name, library)  # type: ignore[arg-type]
    server = MockServer()

    with pytest.raises(ServerError, match="start `mock-mindvideo serve` as a process of its own"):
        server.start()

    setattr(library, asked, lambda module: False)
    with MockServer() as served:
        assert served.url.startswith("http://127.0.0.1:")
