"""Files answer conditions and ranges as RFC 9110 says, for any header there may be."""

from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.testclient import TestClient

from mock_mindvideo import Settings
from mock_mindvideo.web.app import create_app
from mock_mindvideo.web.media.conditions import Version, range_applies, refusal
from mock_mindvideo.web.media.ranges import MOST_RANGES, spans
from mock_mindvideo.web.media.sending import disposition
from tests.conftest import client_of
from tests.effort import examples

TAG, OTHER, WEAK = '"a,b"', '"c"', 'W/"a,b"'
THEN = "Thu, 01 Jan 2026 00:00:10 GMT"
MODIFIED = 1767225610
VERSION = Version(TAG, MODIFIED)
EARLIER, LATER = "Thu, 01 Jan 2026 00:00:09 GMT", "Thu, 01 Jan 2026 00:00:11 GMT"
FORMS = (THEN, "Thursday, 01-Jan-26 00:00:10 GMT", "Thu Jan  1 00:00:10 2026")

SIZE = 1000
FILE = bytes(range(250)) * 4


def sent(**given: str | list[str]) -> Headers:
    raw = [
        (name.replace("_", "-").encode(), value.encode("latin-1"))
        for name, values in given.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    return Headers(raw=raw)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"if_match": TAG}, None),
        ({"if_match": "*"}, None),
        ({"if_match": f"{OTHER}, {TAG}"}, None),
        ({"if_match": [OTHER, TAG]}, None),
        ({"if_match": OTHER}, 412),
        ({"if_match": WEAK}, 412),
        ({"if_match": "a,b"}, 412),
        ({"if_unmodified_since": EARLIER}, 412),
        ({"if_unmodified_since": THEN}, None),
        ({"if_unmodified_since": "yesterday"}, None),
        ({"if_match": TAG, "if_unmodified_since": EARLIER}, None),
        ({"if_none_match": TAG}, 304),
        ({"if_none_match": WEAK}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": [OTHER, WEAK]}, 304),
        ({"if_none_match": OTHER}, None),
        ({"if_none_match": "a,b"}, None),
        *(({"if_modified_since": form}, 304) for form in FORMS),
        ({"if_modified_since": LATER}, 304),
        ({"if_modified_since": EARLIER}, None),
        ({"if_modified_since": "Thu, 99 Jan 2026 00:00:10 GMT"}, None),
        ({"if_modified_since": [THEN, THEN]}, None),
        ({"if_none_match": OTHER, "if_modified_since": LATER}, None),
        ({"if_match": OTHER, "if_none_match": TAG}, 412),
        ({"if_unmodified_since": EARLIER, "if_modified_since": LATER}, 412),
    ],
)
def test_conditions_hold_in_the_order_of_section_13(
    given: dict[str, Any], status: int | None
) -> None:
    assert refusal(sent(**given), VERSION) == status


@pytest.mark.parametrize(
    ("given", "applies"),
    [
        ({}, True),
        ({"if_range": TAG}, True),
        ({"if_range": WEAK}, False),
        ({"if_range": OTHER}, False),
        *(({"if_range": form}, True) for form in FORMS),
        ({"if_range": LATER}, False),
        ({"if_range": "*"}, False),
        ({"if_range": [TAG, TAG]}, False),
    ],
)
def test_a_range_is_for_this_very_file_only(given: dict[str, Any], applies: bool) -> None:
    assert range_applies(sent(**given), VERSION) is applies


def test_without_a_date_no_date_decides() -> None:
    undated = Version(TAG, None)
    for name in ("if_unmodified_since", "if_modified_since"):
        assert refusal(sent(**{name: THEN}), undated) is None
    assert not range_applies(sent(if_range=THEN), undated)


CONDITIONS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("if_match", "if_none_match", "if_modified_since", "if_unmodified_since", "if_range"),
        st.text(st.characters(max_codepoint=255), max_size=40)
        | st.sampled_from([TAG, WEAK, "*", THEN, "Thu, 01 Jan 99999 00:00:10 GMT"]),
    ),
)


@given(CONDITIONS)
def test_any_text_can_stand_in_a_condition(given: dict[str, str]) -> None:
    assert refusal(sent(**given), VERSION) in (None, 304, 412)
    assert range_applies(sent(**given), VERSION) in (True, False)


NUMBERS = st.integers(0, 2 * SIZE) | st.sampled_from([10**18, 10**30])
ONE = st.builds("{}-{}".format, NUMBERS | st.just(""), NUMBERS | st.just(""))


@given(st.lists(ONE, min_size=1, max_size=MOST_RANGES + 5))
def test_ranges_give_what_section_14_says(asked: list[str]) -> None:
    """Against the definition, byte by byte."""
    found = spans("bytes=" + ", ".join(asked), SIZE)
    meant: list[range] = []
    for each in asked:
        first, _, last = each.partition("-")
        if each == "-" or (first and last and int(first) > int(last)):
            assert found is None
            return
        if first:
            meant.append(range(int(first), int(last) + 1 if last else SIZE))
        else:
            meant.append(range(SIZE - int(last), SIZE))
    there = [[byte for byte in range(SIZE) if byte in span] for span in meant]
    there = [each for each in there if each]
    if len(asked) > MOST_RANGES or sum(map(len, there)) > SIZE:
        assert found is None
    else:
        assert found == [(each[0], each[-1]) for each in there]


@given(st.text(st.characters(max_codepoint=255), max_size=60) | st.from_regex("bytes=[-0-9, ]*"))
def test_any_text_can_stand_in_a_range(header: str) -> None:
    found = spans(header, SIZE)
    assert found is None or all(0 <= first <= last < SIZE for first, last in found)


@pytest.fixture(scope="module")
def upload_client() -> Iterator[TestClient]:
    app = create_app(Settings(progress="manual", seed=7))
    yield client_of(app)
    app.store.close()


@pytest.fixture(scope="module")
def url(upload_client: TestClient) -> str:
    made = upload_client.post(
        "/_mock/uploads", content=FILE, headers={"Content-Type": "video/mp4"}
    ).json()
    return str(made["url"])


def parts_of(headers: Any, body: bytes) -> list[Message]:
    """The parts of an answer, as Python's own parser of MIME finds them."""
    head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    parsed = BytesParser().parsebytes(head + body)
    assert not parsed.defects
    return list(parsed.get_payload())  # type: ignore[arg-type]


@given(st.lists(ONE, min_size=2, max_size=5))
@settings(max_examples=examples(60))
def test_several_ranges_come_as_parts_that_a_mime_parser_takes_apart(
    upload_client: TestClient, url: str, asked: list[str]
) -> None:
    header = "bytes=" + ",".join(asked)
    answer = upload_client.get(url, headers={"Range": header})
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    found = spans(header, SIZE)
    if not found:
        assert answer.status_code == (200 if found is None else 416)
    elif len(found) == 1:
        assert answer.headers["Content-Type"] == "video/mp4"
        assert answer.content == FILE[found[0][0] : found[0][1] + 1]
    else:
        parts = parts_of(answer.headers, answer.content)
        assert [part["Content-Type"] for part in parts] == ["video/mp4"] * len(found)
        assert [part["Content-Range"] for part in parts] == [
            f"bytes {first}-{last}/{SIZE}" for first, last in found
        ]


def test_a_head_request_ignores_ranges_and_keeps_conditions(
    upload_client: TestClient, url: str
) -> None:
    plain = upload_client.get(url)
    head = upload_client.head(url, headers={"Range": "bytes=0-1", "If-Range": "nothing"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(SIZE)
    assert "Content-Range" not in head.headers
    tag = plain.headers["ETag"]
    assert upload_client.head(url, headers={"If-None-Match": tag}).status_code == 304
    assert upload_client.head(url, headers={"If-Match": '"other"'}).status_code == 412


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"If-Match": OTHER}, 412, "precondition_failed"),
        ({"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:10 GMT"}, 412, "precondition_failed"),
        ({"Range": f"bytes={SIZE}-"}, 416, "range_not_satisfiable"),
        ({"Range": "bytes=-0"}, 416, "range_not_satisfiable"),
    ],
)
def test_what_a_file_refuses_has_the_envelope_and_what_is_known_of_the_file(
    upload_client: TestClient, url: str, asked: dict[str, str], status: int, code: str
) -> None:
    refused = upload_client.get(url, headers=asked)
    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
    assert refused.json()["request_id"] == refused.headers["X-Request-Id"]
    assert refused.headers["Content-Type"] == "application/json"
    assert refused.headers["ETag"] == upload_client.get(url).headers["ETag"]
    assert refused.headers.get("Content-Range") == (f"bytes */{SIZE}" if status == 416 else None)


def test_an_answer_of_304_has_the_validators_and_no_body(
    upload_client: TestClient, url: str
) -> None:
    plain = upload_client.get(url)
    again = upload_client.get(url, headers={"If-None-Match": "*"})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Last-Modified", "Cache-Control"):
        assert again.headers[name] == plain.headers[name]
    assert not {"content-length", "content-type"} & set(again.headers)


@pytest.mark.parametrize(
    ("media_type", "shown"),
    [
        ("image/png", "inline"),
        ("video/mp4", "inline"),
        ("audio/ogg", "inline"),
        ("image/svg+xml", "attachment"),
        ("text/html", "attachment"),
        ("application/pdf", "attachment"),
    ],
)
def test_what_can_act_is_saved_and_never_shown(media_type: str, shown: str) -> None:
    assert disposition(media_type, "a.png") == f'{shown}; filename="a.png"'
