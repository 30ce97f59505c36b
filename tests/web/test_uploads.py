"""Files that a developer gives to the mock, to point references at."""

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from mock_mindvideo.domain.upload import PIECE
from mock_mindvideo.settings import Bounds
from tests.conftest import TASKS, MakeClient, example
from tests.effort import examples

HEAD = (
    b'Content-Disposition: form-data; name="f"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def test_an_uploaded_file_gets_a_link_that_a_reference_can_use(client: TestClient) -> None:
    answer = client.post("/_mock/uploads", content=PNG, headers={"Content-Type": "image/png"})
    body = answer.json()
    assert (answer.status_code, body["media_type"], body["bytes"]) == (201, "image/png", len(PNG))
    assert answer.headers["Location"] == body["url"]
    served = client.get(body["url"], headers={"Authorization": ""})
    assert (served.content, served.headers["Content-Type"]) == (PNG, "image/png")
    reference = {"url": body["url"], "role": "reference_image"}
    assert client.post(TASKS, json=example(image_with_roles=[reference])).status_code == 200


def test_a_form_with_a_file_is_taken_too(client: TestClient) -> None:
    body = client.post("/_mock/uploads", files={"file": ("x.png", PNG, "image/png")}).json()
    assert body["url"].endswith(".png")
    assert client.get(body["url"]).content == PNG


def test_an_uploaded_file_cannot_act_as_a_page_of_the_mock(client: TestClient) -> None:
    url = client.post("/_mock/uploads", content=PNG, headers={"Content-Type": "image/png"}).json()[
        "url"
    ]
    headers = client.get(url).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "application/json", ""])
def test_only_pictures_clips_and_voices_are_taken(client: TestClient, media_type: str) -> None:
    answer = client.post("/_mock/uploads", content=b"<svg/>", headers={"Content-Type": media_type})
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"", "image/png"),
        (b"abc", "multipart/form-data"),
        (b"abc", "multipart/form-data; boundary=x"),
        (b"--x--\r\n", "multipart/form-data; boundary=x"),
        (
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_nothing_to_store_is_a_clear_error(
    client: TestClient, content: bytes, media_type: str
) -> None:
    answer = client.post("/_mock/uploads", content=content, headers={"Content-Type": media_type})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_request")


def test_a_file_over_the_bound_is_refused_however_it_is_sent(make_client: MakeClient) -> None:
    client = make_client(bounds=Bounds(upload=1000))
    big = bytes(20_000)
    raw = {"Content-Type": "video/mp4"}
    answers = [
        client.post("/_mock/uploads", content=big, headers=raw),
        client.post("/_mock/uploads", content=iter([big[:500], big[:600]]), headers=raw),
        client.post("/_mock/uploads", files={"file": ("x.mp4", big[:1001], "video/mp4")}),
    ]
    assert [answer.status_code for answer in answers] == [413, 413, 413]


def test_the_oldest_uploads_make_room(make_client: MakeClient) -> None:
    client = make_client(bounds=Bounds(uploads=250))
    raw = {"Content-Type": "image/png"}
    urls = [client.post("/_mock/uploads", content=PNG, headers=raw).json()["url"] for _ in range(3)]
    assert [client.get(url).status_code for url in urls] == [404, 200, 200]
    assert client.get("/_mock/health").json()["counts"]["dropped_uploads"] == 1


def test_another_worlds_upload_is_not_found_under_this_worlds_name(client: TestClient) -> None:
    raw = {"Content-Type": "image/png", "Authorization": "Bearer mv_test_other"}
    url = client.post("/_mock/uploads", content=PNG, headers=raw).json()["url"]
    assert "/media/other/uploads/" in url
    assert client.get(url.replace("/other/", "/default/")).status_code == 404


_SHARED = [HealthCheck.function_scoped_fixture]


@given(st.binary(min_size=1, max_size=3 * PIECE), st.integers(1, 70_000))
@settings(max_examples=examples(30), suppress_health_check=_SHARED)
def test_a_file_comes_back_as_it_was_sent_however_it_is_cut_on_the_way(
    client: TestClient, content: bytes, cut: int
) -> None:
    """As a form that httpx writes, with fields beside the file, and raw."""
    written = httpx2.Request(
        "POST", "http://a", data={"note": "\r\n--"}, files={"f": ("x.png", content, "image/png")}
    )
    for body, media_type in (
        (written.read(), written.headers["Content-Type"]),
        (content, "image/png"),
    ):
        pieces = (body[start : start + cut] for start in range(0, len(body), cut))
        made = client.post("/_mock/uploads", content=pieces, headers={"Content-Type": media_type})
        assert made.json()["bytes"] == len(content)
        url = made.json()["url"]
        assert client.get(url).content == content
        middle = len(content) // 2
        part = client.get(url, headers={"Range": f"bytes={middle}-"})
        assert part.content == content[middle:]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (b"--x\r\n" + HEAD + b"abc", "it breaks off"),
        (b"--x\r\n" + HEAD + b"a\r\n--x\r\n" + HEAD + b"b\r\n--x--\r\n", "more than one file"),
        (b"--x\r\nX: " + b"y" * 100_000, "cannot be read"),
        (b"garbage", "cannot be read"),
    ],
)
def test_an_upload_that_is_not_a_multipart_form_is_refused_and_leaves_nothing(
    client: TestClient, form: bytes, words: str
) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = client.post("/_mock/uploads", content=form, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_request")
    assert words in answer.json()["error"]["message"]
    assert client.get("/_mock/health").json()["counts"]["uploads"] == 0
