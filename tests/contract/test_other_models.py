"""The contracts of the platform's other models: kept by the mock, and by no mock that errs."""

import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mock_mindvideo.catalog import every_model
from mock_mindvideo.checking.targets import make_job, open_target
from mock_mindvideo.cli import main
from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse
from mock_mindvideo.contract.traffic.checking import check_traffic
from mock_mindvideo.contract.traffic.reading import read_recording
from mock_mindvideo.contract.verify import choose, verify
from mock_mindvideo.web.openapi import openapi
from tests.catalog.test_offered_models import COSTS, OTHERS
from tests.contract.running import OF_MODELS
from tests.contract.traffic import har

DUE = choose(OF_MODELS)
DOCUMENT = json.loads(json.dumps(openapi(every_model(), "https://api.mindvideo.ai")))
URL = "https://api.mindvideo.ai/api/v1/tasks"


def checked(*arguments: str) -> Result:
    named = [str(each) for each in OF_MODELS]
    return CliRunner().invoke(main, ["verify", "--models", "all", "--strict", *arguments, *named])


def test_each_model_has_a_workflow_for_its_example() -> None:
    assert {due.workflow.id for due in DUE} == {f"example-of-{slug}" for slug in OTHERS}


def test_the_mock_keeps_the_contracts_of_all_models() -> None:
    done = checked()
    assert (done.exit_code, done.output.count("\nok ")) == (0, len(OTHERS)), done.output


def test_with_all_models_their_workflows_are_listed_along_with_the_others() -> None:
    listed = CliRunner().invoke(main, ["verify", "--models", "all", "--list", "--json"])
    assert {f"example-of-{slug}" for slug in OTHERS} <= {
        each["id"] for each in json.loads(listed.output)["workflows"]
    }
    alone = CliRunner().invoke(main, ["verify", "--list"])
    assert "example-of" not in alone.output


@pytest.mark.parametrize("slug", OTHERS)
def test_another_price_breaks_the_workflow_of_its_model_alone(slug: str, tmp_path: Path) -> None:
    shutil.copytree(every_model().model(slug).folder, tmp_path / "models" / slug)
    file = tmp_path / "models" / slug / "pricing.json"
    prices = json.loads(file.read_text())
    prices["rates"][0]["price"] += "1"
    file.write_text(json.dumps(prices))

    done = checked("--schemas", str(tmp_path))
    assert done.exit_code == 1
    assert f"cost_estimate == {COSTS[slug]}" in done.output
    assert done.output.count("\nok ") == len(OTHERS) - 1


def test_each_models_workflow_says_what_it_can_cost_at_most(recorded: Callable[..., Any]) -> None:
    for due in DUE:
        assert recorded(due) == due.workflow.spend, due.workflow.id


@pytest.mark.parametrize("slug", OTHERS)
@pytest.mark.parametrize(
    ("changes", "cost", "told"),
    [
        ({}, None, []),
        ({"prompt": ""}, None, ["/input/prompt: "]),
        ({"what nobody knows": 1}, None, []),
        ({}, 99.0, ["/cost_estimate: is 99.0", "/cost_estimate: is 99.0", "/cost_actual: is 99.0"]),
    ],
)
def test_recorded_traffic_is_held_against_what_is_known_of_the_model_and_no_more(
    slug: str, changes: Any, cost: float | None, told: list[str], tmp_path: Path
) -> None:
    """What is only inferred is a warning, under the model's own row."""
    (row,) = next(due for due in DUE if due.workflow.id == f"example-of-{slug}").workflow.proves
    file = tmp_path / "recording.har"
    file.write_text(
        json.dumps(traffic(slug, changes, float(COSTS[slug]) if cost is None else cost))
    )
    every = check_traffic(read_recording(file), every_model(), DOCUMENT)
    found = [each for each in every if each.proves != ("X03",)]  # headers of the mock's own
    assert [(each.severity, each.proves) for each in found] == [("warning", (row,))] * len(told)
    for each, expected in zip(found, told, strict=True):
        assert each.message.startswith(expected)


def traffic(slug: str, changes: Any, cost: float) -> Any:
    """A HAR file of one submit, and the task as it ended."""
    model = every_model().model(slug)
    sent = {"model": slug, "input": {**model.example, **changes}}
    task = {"request_id": "req_1", "task_id": "task_1", "status": "queued", "cost_estimate": cost}
    output = {model.output: [{"url": "https://example.com/a"}]}
    ended = {**task, "status": "succeeded", "cost_actual": cost, "output": output}
    key = {"authorization": "Bearer mv_live_xxx", "idempotency-key": "one"}
    submit = HttpRequest(
        *("POST", URL, key | {"content-type": "application/json"}, json.dumps(sent).encode())
    )
    return har(
        [
            (submit, answer(task)),
            (HttpRequest("GET", f"{URL}/task_1", key, None), answer(ended)),
        ]
    )


def answer(value: Any) -> HttpResponse:
    return HttpResponse(200, {"content-type": "application/json"}, json.dumps(value).encode())


@pytest.fixture
def recorded() -> Callable[..., Any]:
    """What a workflow spends of a large budget, each request at its worst."""

    def spent(due: Any) -> Decimal:
        with open_target(None, models=["all"]) as target:
            remote = target._replace(is_mock=False)
            job = make_job([due], every_model(), remote, budget=Decimal(100))
            return verify(job, target.transport).spent

    return spent
