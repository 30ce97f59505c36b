"""One table of client libraries: the same promises are shown for each of them."""

import asyncio
import http.client
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import aclosing, asynccontextmanager, closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpcore
import httpcore2
import httplib2
import httpx
import httpx2
import pytest
import requests
import trio
import urllib3

from tests.transports.client import (
    Asked,
    Client,
    Look,
    Reply,
    Run,
    in_asyncio,
    in_lines,
    reply,
)


class Httpx(Client):
    """httpx or httpx2."""

    def __init__(self, library: Any, run: Run | None = None) -> None:
        self.library = library
        self.run = run
        self.timed_out = library.ReadTimeout
        self.disconnected = self.broken = library.RemoteProtocolError

    def send(self, asked: Asked) -> Reply:
        sent = {"content": asked.content, "headers": asked.headers}
        if self.run is None:
            with self.library.Client(timeout=asked.timeout) as client:
                return self._reply(client.request(asked.method, asked.url, **sent))

        async def ask() -> Reply:
            async with self.library.AsyncClient(timeout=asked.timeout) as client:
                return self._reply(await client.request(asked.method, asked.url, **sent))

        return self.run(ask)

    def follow(self, asked: Asked, look: Look) -> None:
        if self.run is None:
            with (
                self.library.Client(timeout=asked.timeout) as client,
                client.stream("GET", asked.url, headers=asked.headers) as answer,
            ):
                any(map(look, answer.iter_lines()))
            return

        async def read() -> None:
            async with (
                self.library.AsyncClient(timeout=asked.timeout) as client,
                client.stream("GET", asked.url, headers=asked.headers) as answer,
            ):
                async for line in answer.aiter_lines():
                    if look(line):
                        return

        self.run(read)

    @staticmethod
    def _reply(answer: Any) -> Reply:
        return reply(answer.status_code, answer.headers.items(), answer.content)


class Httpcore(Client):
    """The pools of httpcore or httpcore2."""

    def __init__(self, library: Any, run: Run | None = None) -> None:
        self.library = library
        self.run = run
        self.timed_out = library.ReadTimeout
        self.disconnected = self.broken = library.RemoteProtocolError

    def _options(self, asked: Asked) -> dict[str, Any]:
        return {
            "headers": asked.headers,
            "content": asked.content,
            "extensions": {"timeout": {"read": asked.timeout}},
        }

    def send(self, asked: Asked) -> Reply:
        if self.run is None:
            with self.library.ConnectionPool() as pool:
                answer = pool.request(asked.method, asked.url, **self._options(asked))
                return reply(answer.status, answer.headers, answer.content)

        async def ask() -> Reply:
            async with self.library.AsyncConnectionPool() as pool:
                answer = await pool.request(asked.method, asked.url, **self._options(asked))
                return reply(answer.status, answer.headers, answer.content)

        return self.run(ask)

    def follow(self, asked: Asked, look: Look) -> None:
        if self.run is None:
            with (
                self.library.ConnectionPool() as pool,
                pool.stream("GET", asked.url, **self._options(asked)) as answer,
            ):
                any(map(look, in_lines(answer.iter_stream())))
            return

        async def read() -> None:
            async with (
                self.library.AsyncConnectionPool() as pool,
                pool.stream("GET", asked.url, **self._options(asked)) as answer,
            ):
                rest = b""
                async with aclosing(answer.aiter_stream()) as pieces:
                    async for piece in pieces:
                        *lines, rest = (rest + piece).split(b"\n")
                        if any(look(line.decode()) for line in lines):
                            return

        self.run(read)


class Requests(Client):
    timed_out = requests.ReadTimeout
    slow_stream = requests.ConnectionError  # as of requests 2.34
    disconnected = requests.ConnectionError
    broken = requests.exceptions.ChunkedEncodingError

    @contextmanager
    def _answer(self, asked: Asked, **options: Any) -> Iterator[requests.Response]:
        with (
            requests.Session() as session,
            session.request(
                asked.method,
                asked.url,
                data=asked.content,
                headers=asked.headers,
                timeout=asked.timeout,
                **options,
            ) as answer,
        ):
            yield answer

    def send(self, asked: Asked) -> Reply:
        with self._answer(asked) as answer:
            return reply(answer.status_code, answer.headers.items(), answer.content)

    def follow(self, asked: Asked, look: Look) -> None:
        with self._answer(asked, stream=True) as answer:
            any(look(line.decode()) for line in answer.iter_lines())


class Urllib3(Client):
    timed_out = urllib3.exceptions.ReadTimeoutError
    disconnected = broken = urllib3.exceptions.ProtocolError

    @contextmanager
    def _answer(self, asked: Asked, **options: Any) -> Iterator[Any]:
        with urllib3.PoolManager() as pool:
            answer = pool.request(
                asked.method,
                asked.url,
                body=asked.content,
                headers=asked.headers,
                timeout=asked.timeout,
                retries=False,
                **options,
            )
            try:
                yield answer
            finally:
                answer.close()

    def send(self, asked: Asked) -> Reply:
        with self._answer(asked) as answer:
            return reply(answer.status, answer.headers.items(), answer.data)

    def follow(self, asked: Asked, look: Look) -> None:
        with self._answer(asked, preload_content=False) as answer:
            any(map(look, in_lines(answer.stream())))


class Urllib(Client):
    disconnected = http.client.RemoteDisconnected
    broken = http.client.IncompleteRead

    @contextmanager
    def _answer(self, asked: Asked) -> Iterator[Any]:
        request = urllib.request.Request(
            asked.url, data=asked.content, headers=asked.headers, method=asked.method
        )
        try:
            with urllib.request.urlopen(request, timeout=asked.timeout) as answer:
                yield answer
        except urllib.error.HTTPError as refusal:
            with refusal:
                yield refusal

    def send(self, asked: Asked) -> Reply:
        with self._answer(asked) as answer:
            return reply(answer.status, answer.headers.items(), answer.read())

    def follow(self, asked: Asked, look: Look) -> None:
        with self._answer(asked) as answer:
            any(map(look, in_lines(iter(answer.read1, b""))))


class HttpClient(Client):
    disconnected = http.client.RemoteDisconnected
    broken = http.client.IncompleteRead

    @contextmanager
    def _answer(self, asked: Asked) -> Iterator[Any]:
        parts = urlsplit(asked.url)
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        with closing(kind(parts.netloc, timeout=asked.timeout)) as connection:
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            connection.request(asked.method, path, body=asked.content, headers=asked.headers)
            with connection.getresponse() as answer:
                yield answer

    def send(self, asked: Asked) -> Reply:
        with self._answer(asked) as answer:
            return reply(answer.status, answer.getheaders(), answer.read())

    def follow(self, asked: Asked, look: Look) -> None:
        with self._answer(asked) as answer:
            any(map(look, in_lines(iter(answer.read1, b""))))


class Httplib2(Client):
    disconnected = None  # it repeats the request by itself
    broken = http.client.IncompleteRead

    def send(self, asked: Asked) -> Reply:
        with closing(httplib2.Http(timeout=asked.timeout)) as client:
            client.follow_redirects = False
            head, content = client.request(
                asked.url, asked.method, body=asked.content, headers=asked.headers
            )
            return reply(
                head.status, [item for item in head.items() if item[0] != "status"], content
            )

    def follow(self, asked: Asked, look: Look) -> None:
        """It reads whole bodies only."""
        any(map(look, self.send(asked).content.decode().split("\n")))


class Aiohttp(Client):
    disconnected = aiohttp.ServerDisconnectedError
    broken = aiohttp.ClientPayloadError

    @asynccontextmanager
    async def _answer(self, asked: Asked) -> AsyncIterator[aiohttp.ClientResponse]:
        timeout = aiohttp.ClientTimeout(total=asked.timeout)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.request(
                asked.method, asked.url, data=asked.content, headers=asked.headers
            ) as answer,
        ):
            yield answer

    def send(self, asked: Asked) -> Reply:
        async def ask() -> Reply:
            async with self._answer(asked) as answer:
                return reply(answer.status, answer.headers.items(), await answer.read())

        return asyncio.run(ask())

    def follow(self, asked: Asked, look: Look) -> None:
        async def read() -> None:
            async with self._answer(asked) as answer:
                async for line in answer.content:
                    if look(line.decode().rstrip("\n")):
                        return

        asyncio.run(read())


#: Every client that is answered in process.
CLIENTS: dict[str, Callable[[], Client]] = {
    "httpx": lambda: Httpx(httpx),
    "httpx in asyncio": lambda: Httpx(httpx, in_asyncio),
    "httpx in trio": lambda: Httpx(httpx, trio.run),
    "httpx2": lambda: Httpx(httpx2),
    "httpx2 in asyncio": lambda: Httpx(httpx2, in_asyncio),
    "httpx2 in trio": lambda: Httpx(httpx2, trio.run),
    "httpcore": lambda: Httpcore(httpcore),
    "httpcore in asyncio": lambda: Httpcore(httpcore, in_asyncio),
    "httpcore in trio": lambda: Httpcore(httpcore, trio.run),
    "httpcore2": lambda: Httpcore(httpcore2),
    "httpcore2 in asyncio": lambda: Httpcore(httpcore2, in_asyncio),
    "httpcore2 in trio": lambda: Httpcore(httpcore2, trio.run),
    "requests": Requests,
    "urllib3": Urllib3,
    "urllib.request": Urllib,
    "http.client": HttpClient,
    "httplib2": Httplib2,
    "aiohttp": Aiohttp,
}

#: Those that show a body before it is whole.
STREAMING = [name for name in CLIENTS if name != "httplib2"]

#: At least one for each way in which libraries are answered.
QUICK = {
    "httpx",
    "httpx in asyncio",
    "httpx2 in trio",
    "requests",
    "urllib.request",
    "aiohttp",
}


def params(names: Iterable[str]) -> list[Any]:
    """The names as parameters, of which the quick suite takes some."""
    return [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in names]
