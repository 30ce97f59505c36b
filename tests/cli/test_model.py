"""`model add` makes a folder of a saved page, `model check` explains one."""

import json
from pathlib import Path

import pytest

from mock_mindvideo.catalog import every_model, load
from mock_mindvideo.domain.pricing import text
from tests.catalog.test_offered_models import COSTS
from tests.contract.adopting.pages import ANSWER, EXAMPLE, SCHEMA, SLUG, html, page
from tests.contract.drift.pages import PAGE, own_words

R2V = every_model().model("wan2-7-r2v")


@pytest.fixture
def saved(tmp_path, monkeypatch):
    """Writes a page into the working directory."""
    monkeypatch.chdir(tmp_path)

    def write(content, name="page.txt"):
        (tmp_path / name).write_text(content, encoding="utf-8")
        return name

    return write


def content(file):
    return json.loads(Path(file).read_text(encoding="utf-8"))


def added(run, *arguments):
    result = run("model", "add", *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_documented_models_page_gives_the_packaged_folder(run, saved):
    added(run, saved(PAGE))

    made, shipped = Path("models/wan2-7-r2v"), R2V.folder
    assert {each.name for each in made.iterdir()} == {each.name for each in shipped.iterdir()}
    for name in ("model.json", "pricing.json", "rules.schema.json", "upstream.schema.json"):
        if name == "model.json":  # a page in other words need not call it by its name
            expected = content(shipped / name) | {"title": content(made / name)["title"]}
            assert content(made / name) == expected
        else:
            assert content(made / name) == content(shipped / name), name
    assert content(made / "input.schema.json") == own_words()
    page_file = content(made / "page.json")
    assert page_file["facts"] == content(shipped / "page.json")["facts"]
    assert page_file["calls"] == content(shipped / "page.json")["calls"]


def test_a_page_that_names_it_gives_its_title(run, saved):
    added(run, saved(f"Wan 2.7 R2v makes videos.\n{PAGE}"))

    assert content("models/wan2-7-r2v/model.json")["title"] == R2V.title


def test_the_folder_is_served_and_drift_finds_no_difference_to_the_page(run, saved):
    added(run, saved(PAGE))

    assert load([Path()]).model("wan2-7-r2v").folder == Path("models/wan2-7-r2v")
    result = run("drift", "models/wan2-7-r2v", "page.txt", "--json")
    assert (result.exit_code, json.loads(result.stdout)["changes"]) == (0, [])


@pytest.mark.parametrize("form", [str, html])
def test_a_page_of_a_model_that_is_not_known_gives_one_with_its_questions(run, saved, form):
    told = added(run, saved(form(page())), "--write", "mine")

    assert told["slug"] == SLUG
    model = load([Path("mine")]).model(SLUG)
    assert (model.title, model.output, model.example) == ("Puppet 2.1 Pro", "videos", EXAMPLE)
    assert model.input_schema == SCHEMA
    assert text(model.estimate(model.example)) == "0.456"
    assert text(model.estimate(EXAMPLE | {"duration": "4s"})) == "0.228"
    assert list(model.references.names) == ["pictures"]
    assert [each["title"] for each in model.rules_schema["allOf"]] == [
        "pictures, clips and voices together must hold at most 3 items",
        "at least one of pictures and clips is required",
        "clips and seed exclude each other",
    ]
    questions = "\n".join(told["questions"])
    for open_ in (
        "clips must be quiet",
        "Must be 4 or 12",
        "At most 9",
        "pixels",
        "sound",
        "1080p",
    ):
        assert open_ in questions
    assert model.violations({**EXAMPLE, "pictures": ["a"] * 2, "clips": ["b"] * 2})


@pytest.mark.parametrize(
    ("answer", "example", "price", "quantity"),
    [
        ({"cost_estimate": 0.3}, {"prompt": "x", "duration": "8s"}, "0.0375", "duration"),
        ({"cost_estimate": 1e-3}, {"prompt": "x", "duration": "8s"}, "0.000125", "duration"),
        ({"cost_estimate": 0.7}, {"prompt": "x", "duration": "4s"}, "0.175", "duration"),
        ({"cost_estimate": 0}, {"prompt": "x", "duration": "4s"}, "0", "duration"),
    ],
)
def test_the_price_of_the_example_is_exact(run, saved, answer, example, price, quantity):
    example = example | {"pictures": ["a"]}
    added(run, saved(page(example=example, answer=ANSWER | answer | {"cost_actual": None})))

    pricing = content(f"models/{SLUG}/pricing.json")
    assert (pricing["rates"][0]["price"], pricing["quantity"]) == (price, quantity)
    model = load([Path()]).model(SLUG)
    assert float(model.estimate(model.example)) == answer["cost_estimate"]


def test_a_cost_that_is_no_multiple_of_the_seconds_is_for_each_task(run, saved):
    schema = json.loads(json.dumps(SCHEMA))
    schema["properties"]["duration"] = {"type": "integer", "minimum": 1}
    example = EXAMPLE | {"duration": 7}
    told = added(run, saved(page(schema, example, ANSWER | {"cost_actual": 1.0})))

    assert content(f"models/{SLUG}/pricing.json")["quantity"] is None
    assert any("no multiple of duration" in each for each in told["questions"])


def test_images_are_priced_by_their_number(run, saved):
    schema = {
        "type": "object",
        "properties": {"prompt": {"type": "string"}, "n": {"type": "integer"}},
    }
    answer = ANSWER | {"cost_actual": 0.06, "output": {"images": [{"url": "https://a"}]}}
    added(run, saved(page(schema, {"prompt": "x", "n": 3}, answer)))

    model = load([Path()]).model(SLUG)
    assert (model.output, model.pricing.quantity) == ("images", "n")
    assert text(model.estimate({"prompt": "x", "n": 5})) == "0.1"


def test_a_page_without_an_answer_asks_for_the_price(run, saved):
    told = added(run, saved(page(answer=None)))

    assert "What does the example cost?" in "\n".join(told["questions"])


def test_a_folder_that_is_there_stays_unless_it_is_to_be_replaced(run, saved):
    added(run, saved(page()))
    file = Path(f"models/{SLUG}/model.json")
    file.write_text("mine")

    refused = run("model", "add", "page.txt")
    assert (refused.exit_code, refused.stdout, file.read_text()) == (2, "", "mine")
    assert "is there already; --replace writes it anew" in refused.stderr
    added(run, "page.txt", "--replace")
    assert content(file)["slug"] == SLUG
    assert [each.name for each in Path("models").iterdir()] == [SLUG]


@pytest.mark.parametrize(
    ("text_", "message"),
    [
        ("Nothing here.", "the page has no JSON Schema with properties"),
        (json.dumps(SCHEMA), "is no saved page of the vendor"),
        ("Intro\n" + json.dumps(SCHEMA), "no command that sends a model and an input"),
        (page(slug="No Slug!"), "'No Slug!' cannot be the slug of a model"),
        (page(slug="../../etc"), "'../../etc' cannot be the slug of a model"),
        (page(example="text"), "no command that sends a model and an input"),
        (page(example={}), "model.json: /example: what the page says makes no model: the example"),
        (
            page(schema={"type": "object", "properties": {"a": {"pattern": "("}}}),
            "'(' is not a 'regex'",
        ),
    ],
)
def test_a_page_that_makes_no_model_is_one_line_and_writes_nothing(run, saved, text_, message):
    result = run("model", "add", saved(text_))

    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert not list(Path().glob("models/*"))


def test_a_page_can_come_from_standard_input(run, saved):
    saved("")
    result = run("model", "add", "-", "--saved", "2026-11-22", input=page().encode())

    assert result.exit_code == 0, result.output
    assert content(f"models/{SLUG}/page.json")["source"].endswith("saved on 2026-11-22")


def test_a_folder_is_explained(run):
    result = run("model", "check", str(R2V.folder))

    assert result.exit_code == 0
    for line in (
        "wan2-7-r2v: Wan 2.7 R2v, documented; answers with videos",
        "  duration           integer, 2 to 15, default 5",
        "  at least one of image_with_roles and video_urls is required",
        "  resolution 720P: 0.0747 (inferred)",
        "Its example costs 0.6165, and is 1920x1080, 5 s.",
    ):
        assert line in result.stdout.splitlines()


@pytest.mark.parametrize("slug", every_model().models)
def test_every_packaged_folder_can_be_explained_and_all_rates_can_be_reached(run, slug):
    model = every_model().model(slug)
    result = run("model", "check", "--json", str(model.folder))

    (told,) = json.loads(result.stdout)["models"]
    assert told["valid"]
    assert told["example"]["cost"] == text(model.estimate(model.example))
    assert {each["name"] for each in told["properties"]} == set(model.input_schema["properties"])
    assert not [each for each in told["warnings"] if "no input gets to" in each]


def test_all_folders_of_a_place_are_explained(run, saved):
    added(run, saved(page()))
    added(run, saved(PAGE))

    told = json.loads(run("model", "check", ".", "--json").stdout)["models"]
    assert [each["slug"] for each in told] == [SLUG, "wan2-7-r2v"]


def test_everything_that_is_wrong_with_a_folder_is_told_at_once(run, saved):
    added(run, saved(page()))
    folder = Path(f"models/{SLUG}")
    (folder / "pricing.json").write_text(json.dumps({"currency": "EUR"}))
    (folder / "rules.schema.json").write_text("[]")

    result = run("model", "check", str(folder), "--json")
    assert result.exit_code == 1
    (told,) = json.loads(result.stdout)["models"]
    assert {each["file"] for each in told["problems"]} == {"pricing.json", "rules.schema.json"}
    lines = run("model", "check", str(folder)).stdout
    assert f"{folder}/rules.schema.json#: must be a JSON object" in lines


def test_files_that_do_not_go_together_are_told(run, saved):
    added(run, saved(page()))
    file = Path(f"models/{SLUG}/model.json")
    file.write_text(json.dumps(content(file) | {"slug": "other"}))

    result = run("model", "check", str(file.parent))
    assert (result.exit_code, result.stdout) == (
        1,
        f"models/{SLUG}/model.json#/slug: must be '{SLUG}', the folder\n",
    )


def test_a_rate_that_no_input_gets_to_is_worth_a_look(run, saved):
    added(run, saved(page()))
    file = Path(f"models/{SLUG}/pricing.json")
    rates = [
        {"when": {}, "price": "1", "fidelity": "inferred"},
        {"when": {"audio": True}, "price": "2", "fidelity": "inferred"},
    ]
    file.write_text(json.dumps(content(file) | {"rates": rates}))

    (told,) = json.loads(run("model", "check", ".", "--json").stdout)["models"]
    assert "pricing.json#/rates: no input gets to the rate of {'audio': True}" in told["warnings"]


@pytest.mark.parametrize("place", ["nowhere", "empty"])
def test_where_no_folder_is_it_is_misuse(run, saved, place):
    saved("")
    Path("empty/models").mkdir(parents=True)

    assert run("model", "check", place).exit_code == 2


@pytest.mark.parametrize("form", [str, html])
@pytest.mark.parametrize("slug", [slug for slug in COSTS if slug != R2V.slug])
def test_a_page_of_any_of_the_platforms_models_gives_its_price_and_its_output(
    run, saved, slug, form
):
    shipped = every_model().model(slug)
    cost = float(COSTS[slug])
    answer = ANSWER | {
        "cost_estimate": cost,
        "cost_actual": cost,
        "output": {shipped.output: [{"url": "https://example.com/a"}]},
    }
    added(run, saved(form(page(shipped.input_schema, shipped.example, answer, slug))))

    model = load([Path()]).model(slug)
    assert text(model.estimate(model.example)) == COSTS[slug]
    assert (model.output, model.input_schema) == (shipped.output, shipped.input_schema)
    assert (model.footage, model.sizes, model.sound) == (
        *(shipped.footage, shipped.sizes, shipped.sound),
    )
    assert model.pricing.quantity == shipped.pricing.quantity
    assert model.pricing.rates[0].price == shipped.pricing.rates[0].price


def test_what_a_packaged_folder_says_is_left_out_where_the_page_has_no_such_property(run, saved):
    clip = {"type": "string", "x-playground": {"uploadKind": "video"}}
    schema = {
        "type": "object",
        "properties": {
            "film": clip,
            "duration": {"type": "integer"},
            "with_audio": {"type": "boolean"},
        },
    }
    example = {"film": "https://example.com/a.mp4", "duration": 0, "with_audio": True}
    told = added(run, saved(page(schema, example, ANSWER, "wan2-7-videoedit")))

    model = load([Path()]).model("wan2-7-videoedit")
    assert model.footage.properties == ("film",)
    assert model.fill({"film": "https://a#t=0,9", "duration": 0})["duration"] == 9
    assert model.sounds(example)
    assert "How long is a clip in film" in "\n".join(told["questions"])
    assert "Has a clip sound where with_audio is true?" in "\n".join(told["questions"])
