"""Where public sources differ, either side can be taken, and each is named with who says so."""

import json

import pytest

from mock_mindvideo.catalog import CatalogError, builtin_catalog, load
from mock_mindvideo.catalog.files import read_object
from mock_mindvideo.platform.data import data_folder
from mock_mindvideo.strategies import invalid_inputs, valid_inputs
from tests.strategies.drawing import draw_many
from tests.strategies.oracle import labels, reports

QUESTIONS = json.loads((data_folder("schemas") / "platform" / "contested.json").read_text())[
    "questions"
]
SIDES = [f"{name}={side}" for name, each in QUESTIONS.items() for side in each["sides"]]
USUAL = [f"{name}={each['usual']}" for name, each in QUESTIONS.items()]


def said(catalog):
    """What a catalog's files say, as far as sides can change it."""
    model = catalog.model("wan2-7-r2v")
    return (
        model.input_schema,
        model.rules_schema,
        model.pricing.rates,
        model.pricing.input_rates,
        catalog.dialect.lifetimes,
    )


def test_the_packaged_files_take_the_usual_side_of_each_question():
    assert said(load(contested=USUAL)) == said(builtin_catalog())


@pytest.mark.parametrize("side", [each for each in SIDES if each not in USUAL])
def test_another_side_changes_what_the_files_say(side):
    assert said(load(contested=[side])) != said(builtin_catalog())


def test_the_other_sides_of_all_questions_can_be_taken_at_once():
    taken = [each for each in SIDES if each not in USUAL]
    together = said(load(contested=taken))

    for side, place in zip(("links=72h", "first-frame=not-enough", "video-input=billed"), (4, 1, 3),
                           strict=True):  # fmt: skip
        assert together[place] == said(load(contested=[side]))[place]


def test_of_two_sides_of_one_question_the_last_is_taken():
    assert load(contested=["links=72h", "links=24h"]).dialect.lifetimes.links == 86400


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_is_the_one_of_a_row_which_names_both_sides(name):
    (row,) = [
        each for each in builtin_catalog().behaviours if each["id"] == QUESTIONS[name]["fact"]
    ]

    assert "--contested" in row["changed_by"]
    for side in QUESTIONS[name]["sides"]:
        assert f"{name}={side}" in row["statement"]


def test_every_row_that_is_contested_is_a_question():
    contested = {
        each["id"] for each in builtin_catalog().behaviours if "ontested" in each["statement"]
    }

    assert contested == {each["fact"] for each in QUESTIONS.values()}


@pytest.mark.parametrize(
    ("side", "message"),
    [
        ("link=72h", "no question 'link' is contested (did you mean 'links'?)"),
        ("links", "'' is no side"),
        ("links=72", "'72' is no side (did you mean '72h'?)"),
        ("x" * 500, "no question 'xxxx"),
    ],
)
def test_an_unknown_side_is_told_with_the_nearest(side, message):
    with pytest.raises(CatalogError) as told:
        load(contested=[side])
    assert message in told.value.reason
    assert len(told.value.reason) < 300


def test_a_side_is_taken_of_a_dialect_and_of_folders_of_the_users_too(tmp_path):
    for file in builtin_catalog().model("wan2-7-r2v").folder.iterdir():
        own = tmp_path / "models" / "wan2-7-r2v" / file.name
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_bytes(file.read_bytes())

    billed = load([tmp_path], contested=["video-input=billed", "links=72h"])
    assert billed.model("wan2-7-r2v").pricing.input_rates
    assert billed.dialect.lifetimes.links == 259200
    dialect = data_folder("schemas") / "dialects" / "apimart"
    assert read_object(dialect / "platform" / "http.json")["lifetimes"]["links"] == 259200
    assert load([dialect], contested=["links=24h"]).dialect.lifetimes.links == 86400


def test_strategies_follow_the_side_that_was_taken():
    model = load(contested=["first-frame=not-enough"]).model("wan2-7-r2v")

    for value in draw_many(valid_inputs(model), 100):
        assert reports(value, model) == set()
    rule = "rules.schema.json#/dependentSchemas/image_with_roles/anyOf"
    for found in draw_many(invalid_inputs(model, rules=[rule]), 20):
        assert reports(found.value, model) == labels(found)
