"""Faults that are planted into recorded traffic, and what is said of each."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from mock_mindvideo.cli import main
from tests.contract.traffic import Plant, answered, header, planted, sent

#: What stands where in the recordings below.
SUBMIT, POLL_1, POLL_2, POLL_3, LIST, STREAM, REPLAY, SECOND, UNKNOWN = range(9)

SECRET = "mv_live_" + "5ecret" * 4

FAULTS: dict[str, tuple[int, Plant, set[str], str]] = {
    "too long": (
        SECOND,
        sent(lambda b: b["input"].update(duration=99)),
        {"request"},
        "/input/duration: must be at most 15",
    ),
    "an unknown property": (
        SECOND,
        sent(lambda b: b["input"].update(fps=24)),
        {"request"},
        "unknown property 'fps'",
    ),
    "no references": (
        SECOND,
        sent(lambda b: b["input"].pop("image_with_roles")),
        {"request"},
        "at least one of image_with_roles and video_urls",
    ),
    "no model": (SECOND, sent(lambda b: b.pop("model")), {"request"}, "'model' is required"),
    "another model": (
        SECOND,
        sent(lambda b: b.update(model="sora")),
        {"request"},
        "no model 'sora'",
    ),
    "no JSON": (
        SECOND,
        lambda e: e["request"]["postData"].update(text="{'a': 1}"),
        {"request"},
        "not valid JSON",
    ),
    "a form": (
        SECOND,
        header("content-type", "text/plain"),
        {"request"},
        "must be application/json",
    ),
    "no idempotency key": (
        SECOND,
        header("idempotency-key", None),
        {"request"},
        "no Idempotency-Key",
    ),
    "a bad idempotency key": (
        SECOND,
        header("idempotency-key", "é"),
        {"request"},
        "printable ASCII",
    ),
    "another path": (
        UNKNOWN,
        lambda e: e["request"].update(url="http://a/api/v1/tasks/x/y/z"),
        {"request"},
        "no operation of the API",
    ),
    "another state": (
        POLL_1,
        answered(lambda b: b.update(status="running")),
        {"answer"},
        "'running' is not one of",
    ),
    "no estimate": (
        POLL_2,
        answered(lambda b: b.pop("cost_estimate")),
        {"answer"},
        "'cost_estimate' is a required property",
    ),
    "a cost as text": (
        POLL_3,
        answered(lambda b: b.update(cost_actual="0.6165")),
        {"answer"},
        "is not of type 'number'",
    ),
    "an unknown member": (POLL_1, answered(lambda b: b.update(eta=3)), {"answer"}, "eta"),
    "another status": (
        UNKNOWN,
        lambda e: e["response"].update(status=418),
        {"answer"},
        "the status 418",
    ),
    "an event less": (
        LIST,
        answered(lambda b: b["events"].pop(1)),
        {"history"},
        "no event tells of processing",
    ),
    "a step back": (
        REPLAY,
        answered(lambda b: [b.update(status="queued"), b.pop("cost_actual"), b.pop("output")]),
        {"history"},
        "was succeeded, and is queued",
    ),
    "another price": (
        POLL_2,
        answered(lambda b: b.update(cost_estimate=0.7)),
        {"answer", "history"},
        "cost_estimate was 0.6165, and is 0.7",
    ),
    "another request": (
        POLL_2,
        answered(lambda b: b.update(request_id="req_other")),
        {"history"},
        "request_id was",
    ),
    "another task": (
        REPLAY,
        answered(lambda b: b.update(task_id="task_other")),
        {"idempotency"},
        "the same idempotency key and payload gave the task task_other",
    ),
    "a key used twice": (
        SECOND,
        header("idempotency-key", "order-1"),
        {"idempotency"},
        "used for another payload",
    ),
    "a retry under another key": (
        SUBMIT,
        lambda e: [e["response"].update(status=0, content={})],
        {"idempotency"},
        "a retry under another idempotency key",
    ),
    "a key in a header": (
        POLL_1,
        header("authorization", f"Bearer {SECRET}"),
        {"key"},
        "a key stands here in clear",
    ),
    "another kind of key": (
        POLL_1,
        header("authorization", "Bearer sk-0123456789abcdef"),
        {"key"},
        "a key stands here in clear",
    ),
    "a key in the address": (
        POLL_1,
        lambda e: e["request"].update(url=e["request"]["url"] + "?key=" + SECRET),
        {"key"},
        "a key stands here in clear",
    ),
    "a key in the input": (
        SECOND,
        sent(lambda b: b["input"].update(prompt=f"use {SECRET}")),
        {"key"},
        "a key stands here in clear",
    ),
    "a key in an answer": (
        UNKNOWN,
        answered(lambda b: b["error"].update(message=f"no {SECRET}")),
        {"key"},
        "a key stands here in clear",
    ),
}

#: Faults that show at another entry than the one they were planted in.
ELSEWHERE = {
    "another price": {POLL_2, POLL_3},
    "another request": {POLL_2, POLL_3},
    "a retry under another key": {REPLAY},
}


def check(file: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["check-traffic", str(file), *options])


def write(folder: Path, value: Any) -> Path:
    file = folder / "recording.har"
    file.write_text(json.dumps(value))
    return file


def faults(folder: Path, value: Any) -> list[dict[str, Any]]:
    report = json.loads(check(write(folder, value), "--json").stdout)
    return list(report["files"][0]["faults"])


def assert_found(recording: Any, folder: Path, name: str) -> None:
    number, plant, sides, words = FAULTS[name]
    changed = planted(recording, number, plant)
    found = faults(folder, changed)
    assert {each["side"] for each in found} == sides
    assert {each["entry"] for each in found} <= ELSEWHERE.get(name, {number})
    assert any(words in each["message"] for each in found)
    for each in found:
        assert each["pointer"].startswith(f"/log/entries/{each['entry']}")
    assert "5ecret" not in check(folder / "recording.har").output
