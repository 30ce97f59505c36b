"""Files answer conditions as aiohttp does, and ranges as nginx: both have the same file."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_mindvideo import MockServer
from tests.conftest import AUTH
from tests.effort import examples
from tests.web.file_servers import aiohttp, nginx
from tests.web.test_media_conditions import FILE, SIZE, parts_of

#: A header; a number stands for a date that is so many seconds after the file's.
Header = tuple[str, str | int]


class Side(NamedTuple):
    """A server of the file, and how it tells that it is this one."""

    client: httpx2.Client
    url: str
    tag: str
    modified: int

    def ask(self, method: str, headers: list[Header]) -> Any:
        """What it answers, as far as both should agree."""
        answer = self.client.request(method, self.url, headers=list(map(self._filled, headers)))
        kind, body = answer.headers.get("Content-Type", ""), answer.content
        if kind.startswith("multipart/byteranges"):
            parts = parts_of(answer.headers, body)
            return 206, [(part["Content-Range"], part.get_payload(decode=True)) for part in parts]
        if answer.status_code in (304, 412, 416):  # some write a page about it
            kind, body = "", b""
        return answer.status_code, kind, answer.headers.get("Content-Range"), body

    def _filled(self, header: Header) -> tuple[str, str]:
        name, value = header
        if isinstance(value, int):
            return name, formatdate(self.modified + value, usegmt=True)
        return name, value.replace("TAG", self.tag)


def side(client: httpx2.Client, url: str) -> Side:
    answer = client.get(url)
    assert answer.content == FILE
    modified = parsedate_to_datetime(answer.headers["Last-Modified"])
    return Side(client, url, answer.headers["ETag"], int(modified.timestamp()))


@pytest.fixture(scope="module")
def against(
    server: MockServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Callable[[Path], AbstractContextManager[str]]], tuple[Side, Side]]]:
    """Starts one of theirs; gives ours and theirs."""
    with httpx2.Client(timeout=30) as client, ExitStack() as running:
        headers = AUTH | {"Content-Type": "video/mp4"}
        made = client.post(f"{server.url}/_mock/uploads", content=FILE, headers=headers)
        ours = side(client, made.json()["url"])

        def start(serve: Callable[[Path], AbstractContextManager[str]]) -> tuple[Side, Side]:
            folder = tmp_path_factory.mktemp("files")
            file = folder / "file.mp4"
            file.write_bytes(FILE)
            os.utime(file, (ours.modified, ours.modified))
            return ours, side(client, f"{running.enter_context(serve(folder))}/file.mp4")

        yield start


@pytest.fixture(scope="module")
def beside_aiohttp(against: Any) -> tuple[Side, Side]:
    pair: tuple[Side, Side] = against(aiohttp)
    return pair


@pytest.fixture(scope="module")
def beside_nginx(against: Any) -> tuple[Side, Side]:
    pair: tuple[Side, Side] = against(nginx)
    return pair


TAGS = st.sampled_from(["TAG", "W/TAG", '"other"', 'W/"other"', '"a,b"'])
LISTS = st.just("*") | st.lists(TAGS, min_size=1, max_size=3).map(", ".join)
SHIFTS = st.sampled_from([-86400, -1, 0, 1])
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "If-Match": LISTS,
        "If-None-Match": LISTS,
        "If-Modified-Since": SHIFTS,
        "If-Unmodified-Since": SHIFTS,
    },
)

NUMBERS = st.integers(0, SIZE + 200)
SPANS = (
    st.tuples(NUMBERS, NUMBERS).map(lambda pair: "{}-{}".format(*sorted(pair)))
    | NUMBERS.map("{}-".format)
    | NUMBERS.map("-{}".format)
)
RANGES = st.lists(SPANS, min_size=1, max_size=4).map(lambda each: "bytes=" + ", ".join(each))
RANGED = st.fixed_dictionaries({"Range": RANGES}, optional={"If-Range": TAGS | SHIFTS})


@given(st.sampled_from(["GET", "HEAD"]), CONDITIONS)
@settings(max_examples=examples(150))
def test_every_condition_is_answered_as_aiohttp_does(
    beside_aiohttp: tuple[Side, Side], method: str, headers: dict[str, str | int]
) -> None:
    ours, theirs = beside_aiohttp
    asked = list(headers.items())
    assert ours.ask(method, asked) == theirs.ask(method, asked)


@pytest.mark.slow
@given(RANGED)
@settings(max_examples=examples(1000))
def test_every_range_is_answered_as_nginx_does(
    beside_nginx: tuple[Side, Side], headers: dict[str, str | int]
) -> None:
    ours, theirs = beside_nginx
    asked = list(headers.items())
    assert ours.ask("GET", asked) == theirs.ask("GET", asked)
