"""Links that play: each task its own clip, in whole or in part, until the link expires."""

import io
import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.conftest import TASKS, MakeClient, example

av = pytest.importorskip("av", reason="needs the extra `media` to look into clips")


def finished(client: TestClient, **changes: object) -> str:
    """The link of a task that succeeded."""
    task_id = client.post(TASKS, json=example(**changes)).json()["task_id"]
    client.post("/_mock/clock", json={"advance": 20})
    return str(client.get(f"{TASKS}/{task_id}").json()["output"]["videos"][0]["url"])


def probe(clip: bytes) -> tuple[str, int, int, float]:
    with av.open(io.BytesIO(clip)) as container:
        stream = container.streams.video[0]
        seconds = float(stream.duration * stream.time_base)
        return stream.codec_context.name, stream.width, stream.height, seconds


@pytest.mark.parametrize(
    ("asked", "shape"),
    [
        ({}, (1920, 1080, 5.0)),
        ({"duration": 8, "size": "9:16", "resolution": "720P"}, (720, 1280, 8.0)),
        ({"duration": 2, "size": "1:1", "resolution": "720P"}, (960, 960, 2.0)),
        ({"duration": 2, "size": "3:4"}, (1248, 1632, 2.0)),
    ],
)
def test_a_clip_has_the_asked_shape(
    client: TestClient, asked: dict[str, object], shape: tuple[int, int, float]
) -> None:
    answer = client.get(finished(client, **asked), headers={"Authorization": ""})
    assert answer.headers["Content-Type"] == "video/mp4"
    assert probe(answer.content) == ("h264", *shape)
    assert "X-Mock-Advice" not in answer.headers


def test_beside_a_clip_lies_its_poster_of_the_same_size(client: TestClient) -> None:
    link = finished(client, duration=2, size="1:1", resolution="720P")
    poster = client.get(link.replace("1.mp4", "1.png"))
    assert poster.headers["Content-Type"] == "image/png"
    with av.open(io.BytesIO(poster.content)) as picture:
        assert (picture.streams.video[0].width, picture.streams.video[0].height) == (960, 960)
    assert client.get(link).headers["Content-Type"] == "video/mp4"


@pytest.mark.parametrize("voice", [None, "https://example.com/voice.wav"])
def test_a_clip_has_sound_where_its_input_asks_for_it(
    client: TestClient, voice: str | None
) -> None:
    image = {"url": "https://example.com/a.jpg", "role": "reference_image"}
    images = [image if voice is None else image | {"reference_voice": voice}]
    clip = client.get(finished(client, duration=2, image_with_roles=images)).content
    with av.open(io.BytesIO(clip)) as container:
        assert [each.codec_context.name for each in container.streams.audio] == (
            ["aac"] * bool(voice)
        )


def test_two_tasks_have_different_clips_and_one_task_always_the_same(client: TestClient) -> None:
    first, second = finished(client, duration=2), finished(client, duration=2)
    assert client.get(first).content == client.get(first).content
    assert client.get(first).content != client.get(second).content


def test_a_player_may_ask_for_parts(client: TestClient) -> None:
    link = finished(client, duration=2)
    whole = client.get(link)
    size = len(whole.content)
    assert whole.headers["Accept-Ranges"] == "bytes"
    for asked, first, last in [
        ("bytes=0-9", 0, 9),
        ("bytes=10-", 10, size - 1),
        ("bytes=-7", size - 7, size - 1),
        (f"bytes=5-{size * 2}", 5, size - 1),
        (f"bytes=-{size * 2}", 0, size - 1),
    ]:
        part = client.get(link, headers={"Range": asked})
        assert part.status_code == 206
        assert part.content == whole.content[first : last + 1]
        assert part.headers["Content-Range"] == f"bytes {first}-{last}/{size}"
    for asked in (f"bytes={size}-", "bytes=-0"):
        beyond = client.get(link, headers={"Range": asked})
        assert beyond.status_code == 416
        assert beyond.headers["Content-Range"] == f"bytes */{size}"
    for ignored in ("bytes=9-3", "bytes=-", "bytes=0-1,x", "items=0-1"):
        assert client.get(link, headers={"Range": ignored}).status_code == 200


def test_a_client_that_has_the_clip_is_not_sent_it_again(client: TestClient) -> None:
    link = finished(client, duration=2)
    tag = client.get(link).headers["ETag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}"):
        again = client.get(link, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    moved = client.get(link, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert moved.status_code == 200


def test_head_tells_the_size_without_the_clip(client: TestClient) -> None:
    link = finished(client, duration=2)
    head = client.head(link)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(client.get(link).content))


def test_pages_anywhere_may_play_a_clip(client: TestClient) -> None:
    headers = client.get(finished(client, duration=2), headers={"Origin": "https://a.b"}).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_link_expires_a_day_later_by_the_worlds_clock(client: TestClient) -> None:
    link = finished(client, duration=2)
    client.post("/_mock/clock", json={"advance": 86_389})
    assert client.get(link).status_code == 200
    client.post("/_mock/clock", json={"advance": 1})
    gone = client.get(link)
    assert gone.status_code == 404
    message = "this link expired at 2026-01-02T00:00:10.000Z by the world's clock"
    assert gone.json()["error"]["message"] == message


def test_a_link_can_be_made_to_last(make_client: MakeClient) -> None:
    client = make_client(link_expiry=0)
    link = finished(client, duration=2)
    client.post("/_mock/clock", json={"advance": 10**9})
    assert client.get(link).status_code == 200


@pytest.mark.parametrize(
    "name", ["2.mp4", "0.mp4", "2.png", "1.jpg", "1", "01.mp4", "1.mp4.mp4", "-1.mp4"]
)
def test_only_links_that_were_given_out_lead_somewhere(client: TestClient, name: str) -> None:
    link = finished(client, duration=2)
    assert client.get(f"{link.rpartition('/')[0]}/{name}").status_code == 404


def test_a_task_that_has_not_succeeded_has_no_file(client: TestClient) -> None:
    task_id = client.post(TASKS, json=example()).json()["task_id"]
    answer = client.get(f"/media/default/{task_id}/1.mp4")
    assert answer.json()["error"]["message"] == "no such file yet: the task is queued"


def test_another_worlds_name_does_not_open_a_task(client: TestClient) -> None:
    link = finished(client, duration=2)
    assert client.get(link.replace("/default/", "/other/")).status_code == 404
    assert "other" not in {state.name for state in client.app.store.worlds()}  # type: ignore[attr-defined]


def test_public_url_is_the_base_of_links(make_client: MakeClient) -> None:
    client = make_client(public_url="https://mock.example.com/base/")
    assert finished(client).startswith("https://mock.example.com/base/media/default/task_")


@pytest.mark.parametrize("host", ["frontend:8080", "[::1]:9"])
def test_links_lead_where_the_client_reached_the_mock(client: TestClient, host: str) -> None:
    task_id = client.post(TASKS, json=example()).json()["task_id"]
    client.post("/_mock/clock", json={"advance": 20})
    link = client.get(f"{TASKS}/{task_id}", headers={"Host": host}).json()["output"]["videos"][0][
        "url"
    ]
    assert link == f"http://{host}/media/default/{task_id}/1.mp4"


def test_without_pyav_a_placeholder_says_that_it_is_one(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    answer = client.get(finished(client, size="9:16"))
    monkeypatch.undo()
    assert "ready-made placeholder" in answer.headers["X-Mock-Advice"]
    _, width, height, _ = probe(answer.content)
    assert width * 16 == height * 9
