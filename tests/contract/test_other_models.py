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
from mock_mindvideo.contract.verify import choose, verify
from tests.catalog.test_offered_models import COSTS, OTHERS
from tests.contract.running import OF_MODELS

DUE = choose(OF_MODELS)


def checked(*arguments: str) -> Result:
    named = [str(each) for each in OF_MODELS]
    return CliRunner().invoke(main, ["verify", "--models", "all", "--strict", *arguments, *named])


def test_there_is_one_for_the_example_of_each() -> None:
    assert {due.workflow.id for due in DUE} == {f"example-of-{slug}" for slug in OTHERS}


def test_the_mock_keeps_them() -> None:
    done = checked()
    assert (done.exit_code, done.output.count("\nok ")) == (0, len(OTHERS)), done.output


def test_with_all_models_they_are_checked_along_with_the_others() -> None:
    listed = CliRunner().invoke(main, ["verify", "--models", "all", "--list", "--json"])
    assert {f"example-of-{slug}" for slug in OTHERS} <= {
        each["id"] for each in json.loads(listed.output)["workflows"]
    }
    alone = CliRunner().invoke(main, ["verify", "--list"])
    assert "example-of" not in alone.output


@pytest.mark.parametrize("slug", OTHERS)
def test_another_price_breaks_the_models_own(slug: str, tmp_path: Path) -> None:
    shutil.copytree(every_model().model(slug).folder, tmp_path / "models" / slug)
    file = tmp_path / "models" / slug / "pricing.json"
    prices = json.loads(file.read_text())
    prices["rates"][0]["price"] += "1"
    file.write_text(json.dumps(prices))

    done = checked("--schemas", str(tmp_path))
    assert done.exit_code == 1
    assert f"cost_estimate == {COSTS[slug]}" in done.output
    assert done.output.count("\nok ") == len(OTHERS) - 1


def test_each_says_what_it_can_cost_at_most(recorded: Callable[..., Any]) -> None:
    for due in DUE:
        assert recorded(due) == due.workflow.spend, due.workflow.id


@pytest.fixture
def recorded() -> Callable[..., Any]:
    """What a workflow spends of a large budget, each request at its worst."""

    def spent(due: Any) -> Decimal:
        with open_target(None, models=["all"]) as target:
            remote = target._replace(is_mock=False)
            job = make_job([due], every_model(), remote, budget=Decimal(100))
            return verify(job, target.transport).spent

    return spent
