"""No text that comes with a request makes it slow: twice the length is about twice the time."""

from functools import partial
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from tests.conftest import TASKS, example
from tests.effort import cpu_seconds

#: Pieces that make engines backtrack when they are repeated, and readers look back.
PIECES = [
    '"\\"',
    '\\"',
    '"a\\',
    ";",
    "; q ",
    "a/a;q= ",
    ", ",
    " ,\t",
    'for="\\',
    "%25",
    "\\u00",
    "*/",
    "/a",
    "a.",
    "127.",
    "[:",
    "mv_live_",
    "1-,",
    'W/"',
    "bearer ",
    "a=;",
    'message="\\"',
]

HEADERS = """
    accept authorization content-encoding content-type cookie host idempotency-key last-event-id
    origin range if-match if-none-match if-range forwarded via x-forwarded-for x-forwarded-host
    x-forwarded-proto x-forwarded-prefix x-real-ip x-mock-script x-mock-admin-token
    access-control-request-headers
""".split()  # noqa: SIM905

#: Bytes of the longest header that the wire lets through, and seconds that one may cost.
LONGEST = 60_000
MOST = 0.25


def slowest(client: TestClient, send) -> tuple[float, str]:
    """The CPU seconds of the slowest repetition, and its piece."""
    texts = {piece: piece * (LONGEST // len(piece)) for piece in PIECES}
    return max((cpu_seconds(partial(send, text), MOST), piece) for piece, text in texts.items())


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize(
    "path",
    [
        "/events",
        pytest.param("", marks=pytest.mark.slow),
        pytest.param("/_mock/health", marks=pytest.mark.slow),
        pytest.param("/media/default/x/1.mp4", marks=pytest.mark.slow),
    ],
)
def test_no_header_makes_a_request_slow(client: TestClient, name: str, path: str) -> None:
    ended = {"X-Mock-Script": "queued=0; processing=0"}
    task = client.post(TASKS, json=example(), headers=ended).json()["task_id"]
    whole = path if path.startswith(("/_", "/m")) else f"{TASKS}/{task}{path}"

    def send(text: str) -> None:
        client.get(whole, headers={name: text, "accept-encoding": "identity"})

    assert slowest(client, send)[0] < MOST


@pytest.mark.slow
def test_no_path_and_no_query_make_a_request_slow(client: TestClient) -> None:
    def send(text: str) -> None:
        text = quote(text[:20_000])  # as much as the client lets through
        client.get(f"{TASKS}/{text}")
        client.get(f"/_mock/tasks?limit={text}")
        client.get(f"/media/{text}")

    assert slowest(client, send)[0] < 3 * MOST


def test_no_text_in_a_body_makes_a_request_slow(client: TestClient) -> None:
    def send(text: str) -> None:
        client.post(TASKS, content=text.encode())
        client.post(TASKS, json=example(prompt=text[:5000], negative_prompt=text[:500]))
        client.post(TASKS, json=example(video_urls=[f"https://{text}.mock.invalid/{text}"]))
        client.post("/_mock/scripts", json={"script": text})
        client.post("/_mock/scripts", json={"script": {text: text}})
        client.post("/_mock/credit", json={"credit": text})
        client.post("/_mock/scripts", json={"script": f"delay=0; path=/api/v1/tasks/{text}"})

    assert slowest(client, send)[0] < 7 * MOST


@pytest.mark.parametrize("stars", ["*" * 15 + "Z", "*a" * 100 + "Z", "a*" * 100])
def test_a_script_whose_path_is_all_stars_holds_up_nobody(client: TestClient, stars: str) -> None:
    script = f"delay=0; path=/api/v1/tasks/{stars}"

    def send() -> None:
        client.post("/_mock/scripts", json={"script": script})
        for _ in range(5):
            client.get(f"{TASKS}/{'a' * 5000}")
            client.get(f"{TASKS}/{'a' * 40}", headers={"X-Mock-Script": script})

    assert cpu_seconds(send, 1) < 1
