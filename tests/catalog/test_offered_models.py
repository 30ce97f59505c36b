"""The platform's models: the documented one is offered alone, the others where they are named."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from mock_mindvideo.catalog import CatalogError, builtin_catalog, every_model, load
from mock_mindvideo.domain.errors import UnknownModel
from mock_mindvideo.domain.pricing import text
from tests.catalog.folders import SLUG

#: What the platform's page of each model says that its example costs.
COSTS = {
    "wan2-7-r2v": "0.6165",
    "wan2-7-videoedit": "0.1233",
    "wan2-7-image": "0.0243",
    "wan2-6-i2v-flash": "0.0315",
    "wan2-5-preview": "0.3735",
    "veo3-1-fast": "0.09",
    "veo3-1-quality": "0.675",
    "kling-v3": "0.0756",
    "viduq3": "0.45",
    "viduq3-pro": "0.675",
    "doubao-seedance-1-0-pro-fast": "0.234",
}
OTHERS = sorted(COSTS.keys() - {"wan2-7-r2v"})
MODELS = every_model().models


def test_all_packaged_models_are_known_by_name():
    assert MODELS.keys() == COSTS.keys()


@pytest.mark.parametrize("slug", COSTS)
def test_the_example_costs_what_the_page_says_to_the_last_digit(slug):
    model = MODELS[slug]

    assert text(model.estimate(model.example)) == COSTS[slug]


@pytest.mark.parametrize("slug", OTHERS)
def test_each_member_of_an_inferred_schema_says_what_it_rests_on(slug):
    rows = {each["id"]: each for each in builtin_catalog().behaviours}
    schema = MODELS[slug].input_schema

    for member in schema["properties"].values():
        (row,) = member["x-fidelity"]
        assert rows[row]["statement"].startswith(f"{slug}: ")
        assert member["$comment"].startswith(f"{rows[row]['kind']}: ")


@pytest.mark.parametrize("slug", OTHERS)
def test_an_inferred_schema_is_narrow_where_the_example_shows_something_and_open_elsewhere(slug):
    model = MODELS[slug]
    named = model.input_schema["properties"]

    assert named.keys() == model.example.keys()
    assert model.violations({**model.example, "what nobody knows": [1]}) == ()
    for name in named:
        (broken, *_) = model.violations({**model.example, name: {"of": "another kind"}})
        assert broken.pointer == f"/{name}"


def test_the_documented_model_is_offered_alone():
    assert [*load().models] == ["wan2-7-r2v"]
    assert load().withheld == set(OTHERS)


def test_all_are_offered_where_all_is_asked_for_the_documented_one_first():
    assert [*load(models=["all"]).models] == ["wan2-7-r2v", *OTHERS]


def test_the_models_that_are_named_are_offered_and_no_others():
    assert load(models=["viduq3", "kling-v3"]).models.keys() == {"viduq3", "kling-v3"}


def test_models_of_the_users_own_are_always_offered(folder):
    place = folder()

    assert load([place]).models.keys() == {"wan2-7-r2v", SLUG}
    assert load([place], models=["viduq3"]).models.keys() == {"viduq3", SLUG}
    assert load([place], models=[SLUG]).models.keys() == {SLUG}


def test_a_users_folder_takes_the_place_of_a_packaged_one(tmp_path: Path):
    own = tmp_path / "models" / "kling-v3"
    own.mkdir(parents=True)
    for file in MODELS["kling-v3"].folder.iterdir():
        own.joinpath(file.name).write_bytes(file.read_bytes())
    about = json.loads((own / "model.json").read_text())
    (own / "model.json").write_text(json.dumps(about | {"title": "Mine"}))

    assert load([tmp_path]).model("kling-v3").title == "Mine"
    assert "kling-v3" not in load([tmp_path]).withheld


def test_a_name_that_no_model_has_is_told_with_the_nearest():
    with pytest.raises(CatalogError, match=r"no model 'veo3-1' to offer \(did you mean 'veo3-1-"):
        load(models=["veo3-1"])


def test_who_asks_for_a_model_that_is_not_offered_is_told_how_it_can_be():
    with pytest.raises(UnknownModel, match=r"'kling-v3' \(the platform has it, and --models kling"):
        builtin_catalog().model("kling-v3")


def test_the_price_of_a_clip_that_is_edited_follows_its_length():
    model = MODELS["wan2-7-videoedit"]
    url = model.example["video_urls"][0]

    assert model.estimate({**model.example, "video_urls": [f"{url}#t=0,12"]}) == 12 * Decimal(
        "0.1233"
    )
