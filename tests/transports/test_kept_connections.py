"""A connection that a client has kept from before the fixture leads to the mock inside of it."""

import asyncio
import http.client
from collections.abc import Callable
from contextlib import ExitStack

import aiohttp
import httpcore
import httpx
import httpx2
import pytest
import requests
import urllib3

import mock_mindvideo
from tests.transports.real_server import PATH, Teapot, real

__all__ = ["real"]

AUTH = {"Authorization": "Bearer mv_live_xxx"}

#: Asks for a URL and gives the status; the connection is kept between two calls.
Ask = Callable[[str], int]


def by_httpx(stack: ExitStack) -> Ask:
    client = stack.enter_context(httpx.Client(headers=AUTH, trust_env=False))
    return lambda url: client.get(url).status_code


def by_httpx2(stack: ExitStack) -> Ask:
    client = stack.enter_context(httpx2.Client(headers=AUTH, trust_env=False))
    return lambda url: client.get(url).status_code


def by_async_httpx(stack: ExitStack) -> Ask:
    loop = stack.enter_context(asyncio.Runner())
    client = httpx.AsyncClient(headers=AUTH, trust_env=False)
    stack.callback(lambda: loop.run(client.aclose()))
    return lambda url: loop.run(client.get(url)).status_code


def by_httpcore(stack: ExitStack) -> Ask:
    pool = stack.enter_context(httpcore.ConnectionPool())
    return lambda url: pool.request("GET", url, headers=AUTH).status


def by_requests(stack: ExitStack) -> Ask:
    session = stack.enter_context(requests.Session())
    session.trust_env = False
    return lambda url: session.get(url, headers=AUTH).status_code


def by_urllib3(stack: ExitStack) -> Ask:
    pool = stack.enter_context(urllib3.PoolManager())
    return lambda url: pool.request("GET", url, headers=AUTH, retries=False).status


def by_http_client(stack: ExitStack) -> Ask:
    kept: list[http.client.HTTPConnection] = []

    def ask(url: str) -> int:
        if not kept:
            kept.append(http.client.HTTPConnection(url.split("/")[2]))
            stack.callback(kept[0].close)
        kept[0].request("GET", PATH, headers=AUTH)
        with kept[0].getresponse() as answer:
            answer.read()
            return answer.status

    return ask


def by_aiohttp(stack: ExitStack) -> Ask:
    loop = stack.enter_context(asyncio.Runner())

    async def opened() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(headers=AUTH)

    session = loop.run(opened())
    stack.callback(lambda: loop.run(session.close()))

    async def ask(url: str) -> int:
        async with session.get(url) as answer:
            await answer.read()
            return answer.status

    return lambda url: loop.run(ask(url))


CLIENTS = [
    by_httpx, by_httpx2, by_async_httpx, by_httpcore, by_requests, by_urllib3, by_http_client,
    by_aiohttp,
]  # fmt: skip


@pytest.mark.parametrize("client", CLIENTS, ids=lambda each: each.__name__)
def test_a_kept_connection_is_not_used_while_the_mock_answers(client, real: str) -> None:
    url = f"http://{real}{PATH}"
    with ExitStack() as stack:
        ask = client(stack)
        assert [ask(url), ask(url)] == [418, 418]
        assert Teapot.connections == 1  # it is kept
        with mock_mindvideo.mock(hosts=real) as world:
            assert [ask(url), ask(url)] == [404, 404]
            world.assert_requested(f"GET {PATH}", times=2)
        assert ask(url) == 418
