"""A client library that cannot be patched is left alone, and told of once; the others are not."""

import logging
from collections.abc import Iterator

import aiohttp
import httpcore
import httpx2
import pytest

from mock_mindvideo.fences import aiohttp as aiohttp_fence
from mock_mindvideo.fences import fence
from mock_mindvideo.fences import httpcore as httpcore_fence
from mock_mindvideo.plugin.options import Options
from mock_mindvideo.plugin.worlds import embedded_world
from tests.conftest import AUTH, TASKS
from tests.transports.unpatched import unpatched

GONE = [
    *(("httpcore", name) for name in httpcore_fence.NAMES),
    *(("httpcore", f"{pool}.create_connection") for pool in httpcore_fence.POOLS),
    *(("aiohttp", name) for name in aiohttp_fence.NAMES),
    *(("aiohttp", f"{kind}.{name}") for kind, name in aiohttp_fence.NAMES.items()),
]
LIBRARIES = {"httpcore": httpcore, "aiohttp": aiohttp}
SEAMS = (
    (httpcore.ConnectionPool, "create_connection"),
    (aiohttp.TCPConnector, "_create_connection"),
)


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    fence.warn.cache_clear()
    with unpatched():
        yield
    fence.warn.cache_clear()


@pytest.mark.parametrize(("library", "gone"), GONE)
def test_without_a_name_the_library_is_left_alone_and_the_others_are_answered(
    library: str, gone: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kind, _, member = gone.partition(".")
    owner = getattr(LIBRARIES[library], kind)
    for each in owner.__mro__ if member else ():
        monkeypatch.delattr(each, member, raising=False)
    if not member:
        monkeypatch.delattr(LIBRARIES[library], kind)
    before = {kind: vars(kind).get(name) for kind, name in SEAMS}
    with caplog.at_level(logging.WARNING, "mock_mindvideo"):
        for _ in range(2):
            with embedded_world("a", Options()):
                answer = httpx2.get(f"https://api.mindvideo.ai{TASKS}/task_x", headers=AUTH)
                assert answer.status_code == 404
                changed = {
                    kind.__module__.partition(".")[0]
                    for kind, name in SEAMS
                    if vars(kind).get(name) is not before[kind]
                }
                assert changed == {*LIBRARIES} - {library}
    [told] = [each.getMessage() for each in caplog.records if each.name == "mock_mindvideo"]
    assert f"{library}.{gone}" in told
