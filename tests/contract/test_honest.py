"""A server that is honest to the vendor's page is never called broken; one that lies always is."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_mindvideo.contract.results import Report
from tests.contract.honest import DIFFERENCES, Honest, Lie, Ways, of_uuid
from tests.contract.running import Recording, facts_of, run
from tests.contract.spellings import FORMS, LOOSE_NAMES, NAMES
from tests.effort import examples, pairs

#: Which of the mock's own rows a difference may be told under, at most.
ROWS: dict[str, set[str]] = {
    "201 for a new task": {"X01"},
    "202 for a new task": {"X01"},
    "202 for a task that has not ended": {"X50"},
    "more members everywhere": {"X50"},
    "integers as ids": {"X50"},
    "UUIDs as ids": {"X50"},
    "a request id of each request": {"X03"},
    "null for what is not there yet": {"X50"},
    "payloads are compared as bytes": {"X11"},
    "another price at 720P": {"I02"},
    "2.0 is no integer": {"X17"},
}

ALL_TOGETHER: dict[str, Any] = {
    name: value
    for each in DIFFERENCES.values()
    for name, value in each.items()
    if name not in ("ends", "ids", "media_type", "errors")
}


def checked(honest: Honest, **changes: Any) -> Report:
    """All that can be asked of anybody, with enough money for it."""
    return run(honest, is_mock=False, budget=Decimal(100), **changes)


def rows(report: Report) -> set[str]:
    return {
        fact for outcome in report.outcomes for each in outcome.findings for fact in each.proves
    }


def assert_honest(report: Report) -> None:
    told = [
        (outcome.id, each.step, each.expected, each.saw, each.proves)
        for outcome in report.outcomes
        for each in outcome.findings
        if each.documented or any(fact.startswith("D") for fact in each.proves)
    ]
    assert told == []
    assert report.exit_code == 0, [each.reason for each in report.outcomes if each.reason]
    assert {each.status for each in report.outcomes if each.reason} <= {"skipped"}


@pytest.fixture(scope="module")
def plain() -> set[str]:
    """The rows that the page's own example, and no more, is told under."""
    return rows(checked(Honest()))


@pytest.mark.parametrize("name", DIFFERENCES)
def test_what_the_vendor_leaves_open_is_never_an_error(name: str, plain: set[str]) -> None:
    report = checked(Honest(Ways(**DIFFERENCES[name])))
    assert_honest(report)
    if name in ROWS:
        assert rows(report) - plain <= ROWS[name]
        assert rows(report) & ROWS[name]


@pytest.mark.parametrize(("form", "names"), pairs(FORMS, [*NAMES, *LOOSE_NAMES]))
def test_events_may_come_in_any_form(form: str, names: str) -> None:
    report = checked(Honest(Ways(events=form, names=names)), only=["events"])
    assert_honest(report)
    assert not any(fact.startswith("I") for fact in rows(report))


@pytest.mark.parametrize("errors", ["problem", "text", "html", "nothing"])
@pytest.mark.parametrize("form", ["ndjson", "sse with CRLF", "deep object"])
def test_all_differences_together_are_no_error(form: str, errors: str) -> None:
    ways = Ways(**ALL_TOGETHER, ids=of_uuid, errors=errors, events=form, media_type="text/plain")
    assert_honest(checked(Honest(ways)))


@settings(max_examples=examples(8))
@given(st.sets(st.sampled_from(sorted(DIFFERENCES))), st.sampled_from(sorted(FORMS)),
       st.sampled_from(sorted(NAMES)))  # fmt: skip
def test_no_mixture_of_differences_is_an_error(names: set[str], form: str, way: str) -> None:
    ways = Ways(events=form, names=way)
    for each in sorted(names):
        ways = replace(ways, **DIFFERENCES[each])
    assert_honest(checked(Honest(ways)))


def test_an_id_is_asked_for_as_clients_write_it() -> None:
    recording = Recording(Honest(Ways(ids=lambda number: f"a:{number}=b;c,d@e!")))
    report = run(recording, is_mock=False, budget=Decimal(100), only=["submit-and-poll"])
    assert report.exit_code == 0
    assert recording.sent[-1].url.endswith("/api/v1/tasks/a:2=b;c,d@e!")


def only(what: str, change: Callable[[Any], Any]) -> Lie:
    return lambda asked, value: change(value) if asked == what else value


def without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda shown: {each: value for each, value in shown.items() if each != name}


def schema(**changes: Any) -> Lie:
    def change(value: Any) -> Any:
        properties = {k: {**v, **changes.get(k, {})} for k, v in value["properties"].items()}
        return {**value, "properties": properties, **changes.get("top", {})}

    return only("schema", change)


def succeeded(change: Callable[[dict[str, Any]], Any]) -> Lie:
    return only("looked", lambda shown: change(shown) if shown["status"] == "succeeded" else shown)


def looks(*told: str) -> Lie:
    """What each look is told, in order, the last for ever."""

    def change(value: dict[str, Any]) -> dict[str, Any]:
        return {**value, "status": told[min(value["looks"], len(told) - 1)]}

    return only("state", change)


LIES: dict[str, tuple[set[str], Lie]] = {
    "no key is needed": ({"D02"}, only("key needed", lambda needed: False)),
    "no task id": ({"D04"}, only("submitted", without("task_id"))),
    "no request id": ({"D04"}, only("submitted", without("request_id"))),
    "no estimate": ({"D04"}, only("submitted", without("cost_estimate"))),
    "an estimate as text": (
        {"D04"},
        only("submitted", lambda shown: {**shown, "cost_estimate": str(shown["cost_estimate"])}),
    ),
    "a number as an id": ({"D04"}, only("submitted", lambda shown: {**shown, "request_id": 7})),
    "no status": ({"D06"}, only("looked", without("status"))),
    "tasks are not shown": ({"D06"}, only("status", lambda status: 410)),
    "another state": (
        {"D08"},
        only("looked", lambda s: {**s, "status": s["status"].replace("process", "runn")}),
    ),
    "states in capitals": (
        {"D08"}, only("looked", lambda shown: {**shown, "status": shown["status"].upper()})),
    "tasks never end": ({"D05"}, looks("queued", "processing")),
    "succeeded, processing, succeeded": (
        {"D05", "D08"}, looks("queued", "succeeded", "processing", "succeeded")),
    "processing, queued, processing": (
        {"D05", "D08"}, looks("queued", "processing", "queued", "processing", "succeeded")),
    "back long after the end": (
        {"D05", "D08"}, looks("queued", "succeeded", "succeeded", "succeeded", "processing",
                              "succeeded")),
    "the end changes": ({"D05", "D08"}, looks("queued", "succeeded", "failed")),
    "another conflict": ({"D11"}, only("conflict", lambda status: 400)),
    "another payload is taken": ({"D11"}, only("same", lambda same: True)),
    "the same payload is refused": ({"D10"}, only("same", lambda same: False)),
    "no actual cost": ({"D12"}, succeeded(without("cost_actual"))),
    "a cost as text": ({"D12"}, succeeded(lambda shown: {**shown, "cost_actual": "0.6165"})),
    "no output": ({"D12"}, succeeded(without("output"))),
    "no link": ({"D12"}, succeeded(lambda shown: {**shown, "output": {"videos": [{}]}})),
    "no video": ({"D12"}, succeeded(lambda shown: {**shown, "output": {"videos": []}})),
    "a link that is null": (
        {"D12"}, succeeded(lambda shown: {**shown, "output": {"videos": [{"url": None}]}})),
    "a link as text": ({"D12"}, succeeded(lambda s: {**s, "output": {"videos": ["https://a/b"]}})),
    "nothing but a status in the end": ({"D12"}, succeeded(lambda s: {"status": "succeeded"})),
    "another price": ({"D13"}, only("cost", lambda cost: cost + 0.0001)),
    "sixteen seconds": ({"D15"}, schema(duration={"maximum": 16})),
    "no prompt": ({"D15"}, schema(top={"required": []})),
    "unknown properties": ({"D15"}, schema(top={"additionalProperties": True})),
}  # fmt: skip


@pytest.mark.parametrize("name", LIES)
def test_what_breaks_the_documentation_is_found_under_its_fact(name: str) -> None:
    facts, lie = LIES[name]
    for ways in (Ways(), Ways(**ALL_TOGETHER, errors="problem", events="ndjson")):
        report = checked(Honest(ways, lie), only=sorted(facts))
        assert report.exit_code == 1
        assert facts_of(report) & facts


def history(change: Callable[[list[str]], list[str]]) -> Lie:
    return only("history", lambda states: change(states) if len(states) == 3 else states)


ABOUT_EVENTS: dict[str, Lie] = {
    "the first is left out": history(lambda states: states[1:]),
    "one is left out": history(lambda states: [states[0], states[2]]),
    "the last is left out": history(lambda states: states[:2]),
    "the first comes twice": history(lambda states: [states[0], *states]),
    "one comes twice": history(lambda states: [*states[:2], *states[1:]]),
    "the last comes twice": history(lambda states: [*states, states[2]]),
    "all come twice": history(lambda states: [*states, *states]),
    "two are in another order": history(lambda states: [states[1], states[0], states[2]]),
    "the last comes first": history(lambda states: [states[2], *states[:2]]),
    "they come backwards": history(lambda states: states[::-1]),
    "another end": history(lambda states: [*states[:2], "failed"]),
    "there are none": history(lambda states: []),
}


def assert_events_found(name: str, form: str, names: str) -> None:
    honest = Honest(Ways(events=form, names=names), ABOUT_EVENTS[name])
    report = checked(honest, only=["events-tell-every-state"])
    assert report.exit_code == 1
    assert facts_of(report) & {"D07", "D08"}


@pytest.mark.parametrize(("name", "form"), pairs(ABOUT_EVENTS, FORMS))
def test_events_that_do_not_tell_the_tasks_way_are_found_in_every_form(
    name: str, form: str
) -> None:
    ways = [*NAMES]  # each form by one of them, and the next lie by the next
    number = [*FORMS].index(form) + [*ABOUT_EVENTS].index(name)
    assert_events_found(name, form, ways[number % len(ways)])


@pytest.mark.slow
@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("form", FORMS)
def test_events_that_do_not_tell_the_tasks_way_are_found_by_all_their_names(
    form: str, names: str
) -> None:
    for name in ABOUT_EVENTS:
        assert_events_found(name, form, names)


def test_the_fixture_would_notice_a_contract_that_is_too_strict() -> None:
    """The mock's own choices are findings on this server: a strict run is not satisfied by it."""
    report = checked(Honest(Ways(created=201)), strict=True)
    assert report.exit_code == 1
    assert "X01" in facts_of(report)
