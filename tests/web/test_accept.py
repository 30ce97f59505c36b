"""What an Accept header chooses, by RFC 9110 and beside another reader of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from mock_mindvideo.web.accept import JSON, STREAM, choice
from tests.conftest import TASKS, example

CHOSEN = {
    "": STREAM,
    "*/*": STREAM,
    "application/*": JSON,
    "text/*": STREAM,
    "APPLICATION/Json": JSON,
    "application/json, text/plain, */*": JSON,
    "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8": STREAM,
    "text/event-stream;q=0.5, application/json": JSON,
    "text/event-stream;q=0.5, application/*;q=0.6": JSON,
    "text/event-stream;q=0.5, application/*;q=0.4": STREAM,
    "*/*;q=0.9, text/event-stream;q=0.1": JSON,
    "application/json;q=0.1, */*": STREAM,
    "application/json;q=0, */*": STREAM,
    "text/event-stream;q=0, */*": JSON,
    "text/*;q=0, */*;q=0.001": JSON,
    "application/json;Q=0.2, text/event-stream;Q=0.1": JSON,
    "application/json ; q=0.2 , text/event-stream;q=0.1": JSON,
    "application/json; charset=utf-8": JSON,
    'application/json;profile="a,b;q=0";q=0.9': JSON,
    "application/json;q=0.5, application/json;q=0": JSON,
    ",, ,application/json": JSON,
    "application/json;q=.5, text/event-stream;q=.4": JSON,
    "application/json;q=0.33333, text/event-stream;q=0.3": JSON,
    "application/json;q=0., text/event-stream;q=0.001": STREAM,
    "application/json;q=0.5, *;q=.2": JSON,
    "*": STREAM,
    "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2": STREAM,
}

#: Neither is accepted: what is excluded less, else the stream, and advice.
NEITHER = {
    "text/html": STREAM,
    "application/json;q=0": STREAM,
    "text/event-stream;q=0": JSON,
    "*/*;q=0": STREAM,
    "*/*;q=0, application/json;q=0": STREAM,
    "*/*;q=0, text/event-stream;q=0": JSON,
}

#: No quality or no range is passed over, as if it were not there.
UNREADABLE = [
    "application/json;q=x",
    "application/json;q=2",
    "application/json;q=1.5",
    "application/json;q=.",
    "application/json;q=-1",
    "json",
    ";",
]


def form(chosen: Any) -> str:
    return JSON if chosen.json else STREAM


@pytest.mark.parametrize("accept", CHOSEN)
def test_the_greater_quality_wins_then_the_closer_range_then_the_stream(accept: str) -> None:
    assert (form(choice(accept)), choice(accept).advice) == (CHOSEN[accept], ())


@pytest.mark.parametrize("accept", NEITHER)
def test_who_accepts_neither_gets_one_with_advice(accept: str) -> None:
    assert form(choice(accept)) == NEITHER[accept]
    assert choice(accept).advice


@pytest.mark.parametrize("accept", UNREADABLE)
def test_what_cannot_be_read_is_passed_over(accept: str) -> None:
    assert choice(accept) == choice("")
    assert form(choice(f"{accept}, application/json")) == JSON


_ranges = st.sampled_from(
    ["*/*", "text/*", "application/*", STREAM, JSON, "text/html", "image/*", "application/xml"]
)
_qualities = st.integers(1, 1000).map(lambda thousandths: f";q={thousandths / 1000:.3f}")


@given(st.dictionaries(_ranges, _qualities | st.just(""), min_size=1))
def test_another_reader_of_the_header_chooses_the_same(ranges: dict[str, str]) -> None:
    accept = ", ".join(name + quality for name, quality in ranges.items())
    theirs = parse_accept_header(accept, MIMEAccept)
    stream, json = theirs.quality(STREAM), theirs.quality(JSON)
    if stream != json:
        assert form(choice(accept)) == (JSON if json > stream else STREAM)


@given(st.text() | st.from_regex(r"[a-z*/;,=q0-9. \"\\]*", fullmatch=True))
def test_any_text_is_read(accept: str) -> None:
    assert choice(accept) == choice(accept + ",")


def test_several_lines_are_one_list(client: TestClient) -> None:
    task_id = client.post(TASKS, json=example()).json()["task_id"]
    lines = [("Accept", "text/event-stream;q=0.1"), ("Accept", "application/*;q=0.2")]
    answer = client.get(f"{TASKS}/{task_id}/events", headers=lines)
    assert answer.headers["Content-Type"] == JSON


def test_who_accepts_neither_is_told_in_the_answer(client: TestClient) -> None:
    task_id = client.post(TASKS, json=example()).json()["task_id"]
    client.post(f"/_mock/tasks/{task_id}/succeed")
    answer = client.get(f"{TASKS}/{task_id}/events", headers={"Accept": "image/png"})
    assert answer.headers["Content-Type"].startswith(STREAM)
    assert "Accept has neither application/json nor text/event" in answer.headers["X-Mock-Advice"]
