"""Libraries that nobody can answer reach other hosts; the guard's tests see them stopped."""

import asyncio
from collections.abc import Callable

import curl_cffi
import primp
import pytest
from pyreqwest.client import ClientBuilder, SyncClientBuilder
from pyreqwest.simple.sync_request import pyreqwest_get

from mock_mindvideo import MindVideo
from tests.transports.real_server import PATH, real

__all__ = ["real"]


async def curl_cffi_in_asyncio(url: str) -> int:
    async with curl_cffi.AsyncSession() as session:
        return (await session.get(url)).status_code


async def primp_in_asyncio(url: str) -> int:
    return (await primp.AsyncClient().request("GET", url)).status_code


async def pyreqwest_in_asyncio(url: str) -> int:
    client = ClientBuilder().build()
    async with client, client.get(url).build_streamed() as answer:
        return answer.status


def by_pyreqwest(url: str) -> int:
    with SyncClientBuilder().build() as client:
        return client.get(url).build().send().status


CLIENTS: dict[str, Callable[[str], int]] = {
    "curl_cffi": lambda url: curl_cffi.get(url).status_code,
    "curl_cffi in asyncio": lambda url: asyncio.run(curl_cffi_in_asyncio(url)),
    "primp": lambda url: primp.get(url).status_code,
    "primp's client": lambda url: primp.Client(base_url=url[: -len(PATH)]).get(PATH).status_code,
    "primp in asyncio": lambda url: asyncio.run(primp_in_asyncio(url)),
    "pyreqwest": by_pyreqwest,
    "pyreqwest at once": lambda url: pyreqwest_get(url).send().status,
    "pyreqwest in asyncio": lambda url: asyncio.run(pyreqwest_in_asyncio(url)),
}


@pytest.mark.parametrize("name", CLIENTS)
def test_other_hosts_are_left_alone(name: str, mindvideo: MindVideo, real: str) -> None:
    assert CLIENTS[name](f"http://{real}{PATH}") == 418
    mindvideo.assert_not_requested(f"GET {PATH}")
