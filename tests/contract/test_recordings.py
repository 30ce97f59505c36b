"""Recordings as real recorders write them, of servers that are honest, and of some that are not."""

import base64
import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.cli import main
from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse
from mock_mindvideo.contract.traffic.checking import check_traffic
from mock_mindvideo.contract.traffic.moments import seconds
from mock_mindvideo.contract.traffic.reading import in_order, read_recording
from mock_mindvideo.contract.traffic.recorded import TrafficFinding
from tests.conftest import example
from tests.contract.honest import DIFFERENCES, Honest, Lie, Ways
from tests.contract.running import DOCUMENT
from tests.contract.spellings import FORMS, NAMES
from tests.contract.test_honest import ABOUT_EVENTS, ALL_TOGETHER, LIES, of_uuid
from tests.contract.traffic import har
from tests.effort import examples, pairs

URL = "https://api.mindvideo.ai/api/v1/tasks"


def recorded(honest: Honest) -> Any:
    """A HAR file of a client that submits, polls to the end, looks again, follows and retries."""
    done: list[tuple[HttpRequest, HttpResponse]] = []

    def ask(method: str, url: str, body: Any = None, **headers: str) -> Any:
        given = {"authorization": "Bearer mv_live_xxx", **headers}
        if body is not None:
            given["content-type"] = "application/json"
        request = HttpRequest(method, url, given, body and json.dumps(body).encode())
        done.append((request, honest.send(request, 5)))
        return done[-1][1].value

    key = {"idempotency-key": "order-1"}
    one = f"{URL}/{ask('POST', URL, example(), **key)['task_id']}"
    for _ in range(6):
        ask("GET", one)
    ask("GET", f"{one}/events")
    ask("POST", URL, example(), **key)
    ask("GET", f"{URL}/nobody")
    return har(done)


def faults(recording: Any, folder: Path) -> list[TrafficFinding]:
    file = folder / "recording.har"
    file.write_text(json.dumps(recording))
    return list(check_traffic(read_recording(file), builtin_catalog(), DOCUMENT))


def errors(recording: Any, folder: Path) -> list[TrafficFinding]:
    return [each for each in faults(recording, folder) if each.severity == "error"]


def check(*arguments: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(main, ["check-traffic", *arguments], input=given)


@pytest.mark.parametrize("name", DIFFERENCES)
def test_what_the_vendor_leaves_open_is_only_a_warning(name: str, tmp_path: Path) -> None:
    found = faults(recorded(Honest(Ways(**DIFFERENCES[name]))), tmp_path)
    assert [each for each in found if any(fact[0] == "D" for fact in each.proves)] == []
    assert all(each.proves for each in found)


@pytest.mark.parametrize(("form", "names"), pairs(FORMS, NAMES))
def test_all_differences_together_are_only_warnings(form: str, names: str, tmp_path: Path) -> None:
    ways = Ways(**ALL_TOGETHER, ids=of_uuid, errors="html", events=form, names=names)
    assert errors(recorded(Honest(ways)), tmp_path) == []


#: Lies that show in what one client sees, without asking for what is refused.
SEEN = [
    name
    for name, (facts, _) in LIES.items()
    if facts & {"D04", "D06", "D08", "D12", "D13"}
    and name not in ("no task id", "tasks are not shown")  # after which there is nothing to see
]


@pytest.mark.parametrize("name", SEEN)
def test_what_breaks_the_documentation_is_an_error_under_its_fact(
    name: str, tmp_path: Path
) -> None:
    facts, lie = LIES[name]
    found = errors(recorded(Honest(Ways(), lie)), tmp_path)
    assert facts & {fact for each in found for fact in each.proves}


@pytest.mark.parametrize(("name", "form"), pairs(ABOUT_EVENTS, FORMS))
def test_events_that_do_not_tell_the_tasks_way_are_errors_in_every_form(
    name: str, form: str, tmp_path: Path
) -> None:
    ways = Ways(**ALL_TOGETHER | {"progress": False}, events=form)
    found = errors(recorded(Honest(ways, ABOUT_EVENTS[name])), tmp_path)
    assert found
    assert {fact for each in found for fact in each.proves} <= {"D07", "D08"}


def change(entry: Any, path: str, value: Any) -> None:
    *parents, last = path.split("/")
    for each in parents:
        entry = entry[each]
    if value is ...:
        entry.pop(last, None)
    else:
        entry[last] = value


#: What recorders leave out or write otherwise; each is done to every entry of a good recording.
QUIRKS: dict[str, dict[str, Any]] = {
    "no response": {"response": ...},
    "a response that is null": {"response": None},
    "an aborted request of Firefox": {"response": {"status": 0, "headers": [], "content": {}}},
    "an aborted request of Chrome": {
        "response": {"status": 0, "_error": "net::ERR_ABORTED", "headers": [], "cookies": [],
                     "content": {"size": 0, "mimeType": "x-unknown"}, "bodySize": -1}},
    "a status that is null": {"response/status": None},
    "an empty status": {"response/status": ""},
    "a status of -1": {"response/status": -1},
    "no content": {"response/content": ...},
    "content that is null": {"response/content": None},
    "a size that is null": {"response/content": {"size": None, "mimeType": "application/json"}},
    "a size of -1": {"response/content": {"size": -1, "text": ""}},
    "a size and no text": {"response/content": {"size": 300, "mimeType": "application/json"}},
    "a text that is null": {"response/content/text": None},
    "bodies in files, as Playwright attaches them": {
        "response/content": {"size": 300, "_file": "a.json"}, "request/postData": {"_file": "b"}},
    "bodies that are no base64": {"response/content/text": "%%%", "response/content/size": 3},
    "no headers of the answer": {"response/headers": None},
    "no headers at all": {"request/headers": ..., "response/headers": ...},
    "headers without a value": {"response/headers": [{"name": "x"}, {"value": "y"}, None]},
    "no moment": {"startedDateTime": ...},
    "moments that are numbers": {"startedDateTime": 1767225600123},
    "moments that are none": {"startedDateTime": "yesterday"},
    "no duration": {"time": None},
    "a negative duration": {"time": -1},
    "no cookies, query and version": {"request/cookies": None, "request/queryString": None},
    "bodies of a form": {"request/postData": {"mimeType": "application/json", "params": []}},
    "a body without text": {"request/postData": {"mimeType": "application/json", "text": None}},
    "a page that is unknown": {"pageref": None, "_initiator": None, "cache": None},
}  # fmt: skip


@pytest.mark.parametrize("name", QUIRKS)
def test_what_a_recorder_leaves_out_is_no_error_of_anybody(name: str, tmp_path: Path) -> None:
    recording = recorded(Honest())
    for entry in recording["log"]["entries"]:
        for path, value in QUIRKS[name].items():
            change(entry, path, value)
    file = tmp_path / "quirks.har"
    file.write_text(json.dumps(recording))
    done = check(str(file))
    assert done.exit_code == 0, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


def wrapped(text: str) -> str:
    """Base64 in lines of 76, as MIME has it."""
    return base64.encodebytes(text.encode()).decode()


#: Ways to write a body, which must all be read alike.
BODIES: dict[str, Callable[[str], dict[str, Any]]] = {
    "as it is": lambda text: {"text": text},
    "as base64": lambda text: {"text": base64.b64encode(text.encode()).decode(),
                               "encoding": "base64"},
    "as base64 in lines": lambda text: {"text": wrapped(text), "encoding": "base64"},
    "as base64 without padding": lambda text: {
        "text": base64.b64encode(text.encode()).decode().rstrip("="), "encoding": "BASE64"},
    "as compressed base64": lambda text: {
        "text": base64.b64encode(gzip.compress(text.encode())).decode(), "encoding": "base64"},
    "as JSON": lambda text: {"text": json.loads(text)},
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_bodies_are_read_however_they_are_written(name: str, tmp_path: Path) -> None:
    recording = recorded(Honest())
    bad = json.dumps(example(duration=99))
    entry = recording["log"]["entries"][0 if "postData" in _request(recording, 0) else 1]
    entry["request"]["postData"] = {"mimeType": "application/json", **BODIES[name](bad)}
    answer = json.dumps({"request_id": "a", "task_id": "b", "status": "odd", "cost_estimate": 1})
    entry["response"]["content"] = {"size": None, **BODIES[name](answer)}
    messages = [each.message for each in errors(recording, tmp_path)]
    assert any("/input/duration: must be at most 15" in each for each in messages)
    assert any("'odd' is not one of" in each for each in messages)


def _request(recording: Any, number: int) -> Any:
    return recording["log"]["entries"][number]["request"]


def test_a_key_inside_base64_is_found(tmp_path: Path) -> None:
    recording = recorded(Honest())
    body = json.dumps(example(prompt="use mv_live_" + "5ecret" * 4))
    for entry in recording["log"]["entries"]:
        if entry["request"]["method"] == "POST":
            entry["request"]["postData"] = BODIES["as base64"](body)
    assert {each.side for each in errors(recording, tmp_path)} == {"key"}


def test_prices_are_held_to_the_models(tmp_path: Path) -> None:
    dear: Lie = lambda asked, value: value * 2 if asked == "cost" else value  # noqa: E731
    found = errors(recorded(Honest(Ways(), dear)), tmp_path)
    assert {each.proves for each in found} == {("D13",)}
    assert "/cost_estimate: is 1.233, and the model's price for this input is 0.6165" in {
        each.message for each in found
    }


def test_a_price_that_nobody_documents_is_a_warning_under_its_row(tmp_path: Path) -> None:
    recording = recorded(Honest())
    body = json.dumps(example(resolution="720P"))
    for entry in recording["log"]["entries"]:
        if entry["request"]["method"] == "POST":
            entry["request"]["postData"] = {"text": body}
    found = [each for each in faults(recording, tmp_path) if "price" in each.message]
    assert {(each.severity, each.proves) for each in found} == {("warning", ("I02",))}


def test_every_inferred_rate_has_its_row() -> None:
    covers = {name for each in builtin_catalog().behaviours for name in each.get("covers", ())}
    for model in builtin_catalog().models.values():
        for rate in model.pricing.rates:
            values = "/".join(map(str, rate.when.values()))
            assert f"rate:{model.slug}/{values}" in covers


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1))


@given(st.lists(st.tuples(MOMENTS, ZONES), min_size=2, max_size=8), st.randoms())
def test_moments_sort_as_moments_whatever_their_offset(
    given_: list[tuple[datetime, timezone]], random: Any
) -> None:
    moments = [each.replace(tzinfo=UTC) for each, _ in given_]
    texts = []
    for moment, (_, zone) in zip(moments, given_, strict=True):
        text = moment.astimezone(zone).isoformat()
        texts.append(text.replace("+00:00", "Z") if random.random() < 0.5 else text)
    in_time = sorted(range(len(texts)), key=lambda index: moments[index])
    assert sorted(range(len(texts)), key=lambda index: seconds(texts[index])) == in_time


def test_fractions_and_offsets_are_mixed() -> None:
    texts = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01.5Z", "2026-01-01T01:00:01+01:00",
             "2026-01-01T00:00:02", "2025-12-31T23:00:03-01:00"]  # fmt: skip
    assert sorted(texts, key=seconds) == [texts[0], texts[2], texts[1], texts[3], texts[4]]


def test_entries_without_a_moment_stay_where_they_are(tmp_path: Path) -> None:
    recording = recorded(Honest())
    for entry in recording["log"]["entries"][2::2]:
        entry.pop("startedDateTime", None)
    assert errors(recording, tmp_path) == []
    assert in_order([]) == ()


def test_two_polls_at_once_are_in_no_order(tmp_path: Path) -> None:
    """The one that began first may be answered last, with what it saw in the meantime."""
    recording = recorded(Honest())
    entries = recording["log"]["entries"]
    looks = [e for e in entries if e["request"]["method"] == "GET" and "/events" not in
             e["request"]["url"] and "nobody" not in e["request"]["url"]
             and "/api/v1/tasks/" in e["request"]["url"]]  # fmt: skip
    contents = [each["response"] for each in looks[:2]]
    looks[0]["response"], looks[1]["response"] = contents[1], contents[0]
    for number, entry in enumerate(entries):
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
        entry["startedDateTime"], entry["time"] = moment.isoformat(), 100
    assert errors(recording, tmp_path) != []
    looks[0]["time"] = 5000
    assert errors(recording, tmp_path) == []


def test_a_recording_comes_through_a_pipe() -> None:
    text = json.dumps(recorded(Honest())).encode()
    for given_ in (text, b"\xef\xbb\xbf" + text, text.decode().encode("utf-16")):
        done = check("-", given=given_)
        assert done.exit_code == 0, done.output
        assert "-: 10 exchanges, 0 errors" in done.output


def test_a_proxys_prefix_is_no_other_api(tmp_path: Path) -> None:
    recording = recorded(Honest())
    for entry in recording["log"]["entries"]:
        entry["request"]["url"] = entry["request"]["url"].replace(
            "https://api.mindvideo.ai/", "http://localhost:5173/mv/"
        )
    file = tmp_path / "proxied.har"
    file.write_text(json.dumps(recording))
    assert "10 exchanges, 0 errors" in check(str(file)).output


def test_against_an_honest_server_the_output_fits_a_screen(tmp_path: Path) -> None:
    file = tmp_path / "honest.har"
    ways = Ways(**ALL_TOGETHER, ids=of_uuid, errors="problem", events="ndjson")
    file.write_text(json.dumps(recorded(Honest(ways))))
    done = check(str(file))
    assert done.exit_code == 0
    assert len(done.output.splitlines()) <= 20
    assert check(str(file), "-q").output.count("\n") == 1
    assert len(check(str(file), "-v").output.splitlines()) > 40
    assert check(str(file), "--strict").exit_code == 1


def test_a_zip_archive_is_told(tmp_path: Path) -> None:
    file = tmp_path / "trace.har.zip"
    file.write_bytes(b"PK\x03\x04 and more")
    done = check(str(file))
    assert done.exit_code == 2
    assert "zip archive" in done.output


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
PLACES = ["response", "response/status", "response/headers", "response/content",
          "response/content/text", "response/content/size", "request/headers", "request/postData",
          "startedDateTime", "time"]  # fmt: skip


@settings(max_examples=examples(50))
@given(st.sampled_from(PLACES), JSON, st.integers(0, 9))
def test_nothing_in_an_entry_ends_in_a_traceback(place: str, value: Any, number: int) -> None:
    recording = json.loads(json.dumps(CLEAN))
    entries = [e for e in recording["log"]["entries"] if "/tasks" in e["request"]["url"]]
    change(entries[number], place, value)
    done = check("-", given=json.dumps(recording).encode())
    assert done.exit_code in (0, 1, 2)
    assert done.exception is None or isinstance(done.exception, SystemExit)


CLEAN = recorded(Honest())
