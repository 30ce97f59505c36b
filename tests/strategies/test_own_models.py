"""Own models: every strategy takes the folder that `serve --schemas` takes."""

import json
import shutil

import pytest

from mock_mindvideo.catalog import CatalogError, builtin_catalog
from mock_mindvideo.domain.errors import UnknownModel
from mock_mindvideo.strategies import (
    events,
    histories,
    idempotency_pairs,
    implied_rules,
    invalid_inputs,
    tasks,
    valid_inputs,
    valid_requests,
    violations,
)
from mock_mindvideo.strategies.examples import invalid_examples, valid_boundaries, valid_examples
from tests.strategies.drawing import draw_many, some


@pytest.fixture
def folder(tmp_path):
    """A folder with one own model, a copy of the vendor's with other durations."""
    own = tmp_path / "models" / "our-model"
    shutil.copytree(builtin_catalog().model("wan2-7-r2v").rules[0].file.parent, own)
    write_durations(own, 3, 4)
    return tmp_path


def write_durations(own, low, high):
    file = own / "input.schema.json"
    schema = json.loads(file.read_text(encoding="utf-8"))
    schema["properties"]["duration"] |= {"minimum": low, "maximum": high, "default": low}
    file.write_text(json.dumps(schema), encoding="utf-8")
    model = json.loads((own / "model.json").read_text(encoding="utf-8"))
    model["slug"] = own.name
    model["example"]["duration"] = low
    (own / "model.json").write_text(json.dumps(model), encoding="utf-8")


def durations(values):
    return {value["duration"] for value in values if "duration" in value}


def test_inputs_of_an_own_model_keep_to_its_bounds(folder):
    strategy = valid_inputs(schemas=folder, model="our-model")
    assert durations(draw_many(strategy, 100)) == {3, 4}
    assert durations(draw_many(valid_inputs("our-model", schemas=[str(folder)]), 100)) == {3, 4}


def test_a_changed_file_is_read_again(folder):
    assert durations(draw_many(valid_inputs("our-model", schemas=folder), 100)) == {3, 4}
    write_durations(folder / "models" / "our-model", 10, 12)
    drawn = durations(draw_many(valid_inputs("our-model", schemas=folder), 100))
    assert {10, 12} <= drawn <= {10, 11, 12}


@pytest.mark.parametrize(
    "strategy",
    [valid_requests, invalid_inputs, idempotency_pairs],
    ids=lambda each: each.__name__,
)
def test_every_strategy_of_a_model_takes_the_folder(folder, strategy):
    assert some(strategy("our-model", schemas=folder))


def test_lists_and_examples_take_the_folder(folder):
    own = {"model": "our-model", "schemas": folder}
    assert violations(**own) == violations()
    assert implied_rules(**own) == implied_rules()
    assert durations(valid_examples(30, **own)) == {3, 4}
    assert durations(valid_boundaries(**own)) == {3, 4}
    assert len(list(invalid_examples(**own))) == len(violations())


@pytest.mark.parametrize("strategy", [tasks, events, histories], ids=lambda each: each.__name__)
def test_answers_take_the_folder(folder, strategy):
    assert some(strategy("succeeded", "our-model", schemas=folder))


def test_an_unknown_model_and_a_missing_folder_are_named(folder, tmp_path):
    with pytest.raises(UnknownModel, match=r"no model .theirs.*our-model"):
        valid_inputs("theirs", schemas=folder)
    with pytest.raises(CatalogError, match="no such folder"):
        valid_inputs(schemas=tmp_path / "gone")
