"""A client library whose transports cannot be patched is left alone, and told of once."""

import logging

import httpx
import httpx2
import pytest

from mock_mindvideo.fences import fence
from mock_mindvideo.fences.http_clients import METHODS
from mock_mindvideo.transports.embedded import Embedded
from mock_mindvideo.transports.intercept import HOST, intercepting
from mock_mindvideo.transports.patience import Patience
from mock_mindvideo.web.app import create_app
from tests.conftest import AUTH, TASKS

GONE = [*METHODS, *(f"{kind}.{method}" for kind, method in METHODS.items())]


@pytest.mark.parametrize("gone", GONE)
def test_without_a_name_the_library_is_not_intercepted_and_the_other_is(
    gone: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fence.warn.cache_clear()
    app = create_app()
    embedded = Embedded(app, Patience(app.worlds.open("default")))
    kind, _, method = gone.partition(".")
    before = httpx2.HTTPTransport.handle_request
    if not method:
        monkeypatch.delattr(httpx, kind)
    for each in getattr(httpx, kind).__mro__ if method else ():
        monkeypatch.delattr(each, method, raising=False)
    with caplog.at_level(logging.WARNING, "mock_mindvideo"):
        for _ in range(2):
            with intercepting(embedded):
                answer = httpx2.get(f"https://{HOST}{TASKS}/task_x", headers=AUTH)
                assert answer.status_code == 404
    assert httpx2.HTTPTransport.handle_request is before
    [told] = [each.getMessage() for each in caplog.records if each.name == "mock_mindvideo"]
    assert f"httpx.{gone}" in told
    assert "pass mindvideo.transport" in told
