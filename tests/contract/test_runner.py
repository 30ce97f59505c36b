"""Actions, outputs and dependencies, as Arazzo has them."""

from pathlib import Path
from typing import Any

import pytest

from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse
from mock_mindvideo.contract.problems import ContractError
from mock_mindvideo.contract.results import Report
from tests.contract.running import Recording, Watch, run

HEAD = """\
arazzo: 1.0.1
info: {title: t, version: 1.0.0}
sourceDescriptions:
  - {name: mindvideo, url: ./openapi.json, type: openapi}
workflows:
"""


class Scripted:
    """Answers statuses in order, the last one for ever."""

    def __init__(self, *statuses: int) -> None:
        self._statuses = list(statuses)

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        status = self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]
        body = b'{"request_id":"req_1","task_id":"task_1","status":"queued","cost_estimate":1}'
        headers = {"content-type": "application/json", "x-request-id": "req_1"}
        return HttpResponse(status, headers, body)


def step(name: str, more: str = "", status: int = 200) -> str:
    return (
        f"      - stepId: {name}\n        operationId: getTask\n"
        f"        parameters: [{{name: task_id, in: path, value: {name}}}]\n"
        f"        x-proves: [D06]\n"
        f"        successCriteria: [{{condition: $statusCode == {status}}}]\n{more}"
    )


def workflow(*steps: str, name: str = "one", more: str = "") -> str:
    return f"  - workflowId: {name}\n{more}    steps:\n{''.join(steps)}"


def play(folder: Path, transport: Any, *workflows: str, **changes: Any) -> tuple[Report, list[str]]:
    """The report, and the steps whose requests were sent, in order."""
    file = folder / "t.arazzo.yaml"
    file.write_text(HEAD + "".join(workflows))
    recording = Recording(transport)
    report = run(recording, files=(file,), **changes)
    return report, [request.url.rpartition("/")[2] for request in recording.sent]


def findings(report: Report) -> list[tuple[str, str]]:
    return [
        (each.step, each.check)
        for one in report.outcomes
        for each in one.findings
        if each.check not in ("schema", "status", "header")
    ]


def test_a_retry_is_limited_and_waits(tmp_path: Path) -> None:
    watch = Watch()
    again = "        onFailure: [{name: r, type: retry, retryAfter: 0.05, retryLimit: 3}]\n"
    report, sent = play(tmp_path, Scripted(404), workflow(step("a", again)), pace=watch.pace(60))
    assert sent == ["a"] * 4
    assert watch.slept == [0.05] * 3
    assert findings(report) == [("a", "criterion")]


def test_a_retry_is_made_only_where_its_criteria_hold(tmp_path: Path) -> None:
    again = (
        "        onFailure:\n          - name: r\n            type: retry\n"
        "            retryLimit: 3\n            criteria: [{condition: $statusCode == 429}]\n"
    )
    _, sent = play(tmp_path, Scripted(429, 404), workflow(step("a", again)))
    assert sent == ["a", "a"]


def test_a_goto_skips_steps_and_an_end_ends(tmp_path: Path) -> None:
    to_c = "        onSuccess: [{name: g, type: goto, stepId: c}]\n"
    end = "        onSuccess: [{name: e, type: end}]\n"
    _, sent = play(
        tmp_path, Scripted(200), workflow(step("a", to_c), step("b"), step("c", end), step("d"))
    )
    assert sent == ["a", "c"]


def test_a_circle_of_gotos_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mock_mindvideo.contract.runner.MOST_STEPS", 20)
    back = "        onSuccess: [{name: g, type: goto, stepId: a}]\n"
    _, sent = play(tmp_path, Scripted(200), workflow(step("a", back)))
    assert len(sent) <= 21


def test_a_documented_fact_that_is_broken_ends_the_workflow(tmp_path: Path) -> None:
    report, sent = play(tmp_path, Scripted(404), workflow(step("a"), step("b")))
    assert sent == ["a"]
    assert report.exit_code == 1


def test_an_invented_fact_that_is_broken_does_not_end_the_workflow(tmp_path: Path) -> None:
    soft = step("a", status=201).replace("D06", "X01")
    report, sent = play(tmp_path, Scripted(404), workflow(soft, step("b", status=404)))
    assert sent == ["a", "b"]
    assert {each.proves for each in report.outcomes[0].findings} >= {("X01",)}


def test_what_depends_on_a_broken_workflow_is_not_run(tmp_path: Path) -> None:
    second = workflow(step("b"), name="two", more="    dependsOn: [one]\n")
    report, sent = play(tmp_path, Scripted(404), workflow(step("a")), second)
    assert sent == ["a"]
    assert [each.status for each in report.outcomes] == ["broken", "skipped"]
    assert report.outcomes[1].reason == "depends on one"


def test_what_is_chosen_brings_what_it_depends_on(tmp_path: Path) -> None:
    first = workflow(step("a", status=404), more="    outputs: {code: $statusCode}\n")
    second = workflow(
        step("b", status=404).replace("value: b", "value: $workflows.one.outputs.code"),
        name="two",
        more="    dependsOn: [one]\n",
    )
    _, sent = play(tmp_path, Scripted(404), first, second, only=["two"])
    assert sent == ["a", "404"]


def test_an_output_that_is_not_there_is_told_where_it_is_used(tmp_path: Path) -> None:
    first = step("a", "        outputs: {x: $response.body#/nothing}\n", status=404)
    second = step("b").replace("value: b", "value: $steps.a.outputs.x")
    report, sent = play(tmp_path, Scripted(404), workflow(first, second))
    assert sent == ["a"]
    assert ("b", "value") in findings(report)


def test_an_operation_that_no_source_has_is_told_by_line(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"t\.arazzo\.yaml:8: no operation 'getNothing'"):
        play(tmp_path, Scripted(200), workflow(step("a").replace("getTask", "getNothing")))


def test_a_finding_shows_request_answer_value_and_line_but_no_key(tmp_path: Path) -> None:
    given = step("a").replace(
        "parameters: [",
        "parameters: [{name: Authorization, in: header, value: Bearer s3cretkey}, ",
    )
    report, _ = play(tmp_path, Scripted(404), workflow(given), key="s3cretkey")
    finding = next(each for each in report.outcomes[0].findings if each.check == "criterion")
    assert (finding.line, finding.expected) == (12, "$statusCode == 200")
    assert finding.saw == "$statusCode was 404"
    assert finding.exchange is not None
    assert finding.exchange.request.startswith("GET http://127.0.0.1:8080/api/v1/tasks/a")
    assert '"task_id":"task_1"' in finding.exchange.answer
    assert "s3cretkey" not in repr(report)
