"""Clips as long as a platform's, which nobody renders or holds: they play, whole or in parts."""

import asyncio
import io
import struct
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from mock_mindvideo.domain.upload import PIECE
from mock_mindvideo.render.geometry import OutputShape
from mock_mindvideo.render.placeholder import placeholder_clip
from mock_mindvideo.web.media.content import Padded
from tests.conftest import TASKS, MakeClient, example

CLIP = placeholder_clip(OutputShape(1920, 1080, 5, 1))


def read(content: Padded, first: int, last: int) -> list[bytes]:
    async def pieces() -> list[bytes]:
        return [piece async for piece in content.read(first, last)]

    return asyncio.run(pieces())


def boxes(body: bytes) -> Iterator[tuple[bytes, int]]:
    """The outermost boxes of an MP4: type and size."""
    at = 0
    while at < len(body):
        size, kind = struct.unpack_from(">I4s", body, at)
        yield kind, size
        at += size
    assert at == len(body)


def finished(client: TestClient, **changes: object) -> str:
    task_id = client.post(TASKS, json=example(**changes)).json()["task_id"]
    client.post("/_mock/clock", json={"advance": 20})
    return str(client.get(f"{TASKS}/{task_id}").json()["output"]["videos"][0]["url"])


@given(more=st.integers(0, 5 * PIECE), cuts=st.tuples(st.integers(0), st.integers(0)))
def test_any_part_is_the_same_part_of_the_whole(more: int, cuts: tuple[int, int]) -> None:
    content = Padded(CLIP, b"own", len(CLIP) + more)
    whole = b"".join(read(content, 0, content.size - 1))
    assert len(whole) == content.size
    first, last = sorted(cut % content.size for cut in cuts)
    pieces = read(content, first, last)
    assert b"".join(pieces) == whole[first : last + 1]
    assert all(0 < len(piece) <= PIECE for piece in pieces)


@given(more=st.integers(0, 100_000))
def test_behind_the_clip_there_is_one_box_that_players_skip_or_nothing(more: int) -> None:
    content = Padded(CLIP, b"own", len(CLIP) + more)
    found = list(boxes(b"".join(read(content, 0, content.size - 1))))
    rest = found[len(list(boxes(CLIP))) :]
    assert rest == ([(b"free", more)] if more >= 11 else [])


def test_a_box_beyond_four_gigabytes_says_its_size_in_the_wide_form() -> None:
    size = 5 << 30
    content = Padded(CLIP, b"own", size)
    head = b"".join(read(content, len(CLIP), len(CLIP) + 18))
    assert head == struct.pack(">I4sQ", 1, b"free", size - len(CLIP)) + b"own"
    assert read(content, size - 2, size - 1) == [bytes(2)]


def test_a_clip_is_as_long_as_its_bitrate_makes_it_and_plays(make_client: MakeClient) -> None:
    av = pytest.importorskip("av", reason="needs the extra `media` to look into clips")
    client = make_client(media_bitrate=8)
    answer = client.get(finished(client, duration=4), headers={"Authorization": ""})
    assert len(answer.content) == int(answer.headers["Content-Length"]) == 4_000_000
    with av.open(io.BytesIO(answer.content)) as container:
        frames = sum(1 for _ in container.decode(video=0))
        assert round(container.bit_rate / 1e6, 1) == 8.0
        assert frames == 48


def test_tasks_share_a_rendering_and_their_files_differ(make_client: MakeClient) -> None:
    client = make_client(media_bitrate=2)
    links = [finished(client, duration=2) for _ in range(3)]
    answers = [client.get(link) for link in links]
    assert len({answer.headers["ETag"] for answer in answers}) == 3
    assert len({answer.content for answer in answers}) == 3
    again = client.get(links[0], headers={"If-None-Match": answers[0].headers["ETag"]})
    assert again.status_code == 304
    tail = client.get(links[0], headers={"Range": "bytes=-5"})
    assert (tail.status_code, tail.content) == (206, bytes(5))


def test_a_long_clip_is_held_by_nobody(make_client: MakeClient) -> None:
    content = Padded(CLIP, b"own", 1 << 30)

    async def through() -> int:
        return sum(
            [len(piece) async for piece in content.read((1 << 30) - (64 << 20), (1 << 30) - 1)]
        )

    tracemalloc.start()
    try:
        assert asyncio.run(through()) == 64 << 20
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()
