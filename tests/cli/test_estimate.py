"""`estimate`: what a valid input costs."""

import json

import orjson
import pytest

from mock_mindvideo.catalog import builtin_catalog

from ..catalog.folders import SLUG, changed, write

EXAMPLE = dict(builtin_catalog().model("wan2-7-r2v").example)


@pytest.mark.parametrize(
    "raw",
    [orjson.dumps(EXAMPLE), orjson.dumps({"model": "wan2-7-r2v", "input": EXAMPLE})],
    ids=["input", "body"],
)
def test_the_vendors_example_costs_0_6165_usd(run, raw):
    result = run("estimate", input=raw)

    assert (result.exit_code, result.stdout, result.stderr) == (0, "0.6165 USD\n", "")


@pytest.mark.parametrize(
    ("change", "cost"),
    [
        ({"duration": 10}, "1.233"),
        ({"resolution": "720P"}, "0.3735"),
        ({"duration": 2.0}, "0.2466"),
    ],
)
def test_an_estimate_is_exact_and_plain(run, change, cost):
    assert run("estimate", input=orjson.dumps(EXAMPLE | change)).stdout == f"{cost} USD\n"


def test_json_holds_the_amount_as_a_decimal_string(run):
    result = run("estimate", "--json", input=orjson.dumps(EXAMPLE))

    assert json.loads(result.stdout) == {
        "model": "wan2-7-r2v",
        "cost_estimate": "0.6165",
        "currency": "USD",
    }


def test_an_invalid_input_is_exit_code_1_with_its_first_broken_rule(run):
    result = run("estimate", input=orjson.dumps(EXAMPLE | {"duration": 1}))

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "mock-mindvideo: -: /duration: must be at least 2; it is 1\n"


@pytest.mark.parametrize("form", ["--model", "body"])
def test_a_model_of_ones_own_folder_is_priced(run, tmp_path, form):
    place, given = write(tmp_path), {"prompt": "a cat", "n": 4, "mode": "pro"}
    arguments = ("--model", SLUG) if form == "--model" else ()
    raw = given if form == "--model" else {"model": SLUG, "input": given}
    result = run("estimate", "--schemas", place, *arguments, input=orjson.dumps(raw))

    assert (result.exit_code, result.stdout) == (0, "0.8 USD\n")


@pytest.mark.parametrize("command", ["validate", "estimate", "openapi"])
@pytest.mark.parametrize(
    ("files", "where"),
    [
        ({"pricing.json": '{"rate"}'}, "pricing.json#: is not JSON: "),
        (changed("model.json", "/slug", "x"), f"model.json#/slug: must be '{SLUG}', the folder"),
        (
            changed("input.schema.json", "/properties/a", {"$ref": "#/nowhere"}),
            "input.schema.json#/properties/a/$ref: '#/nowhere' leads nowhere",
        ),
        (
            changed("input.schema.json", "/properties/a", {"$dynamicRef": "#nowhere"}),
            "input.schema.json#/properties/a/$dynamicRef: ",
        ),
        (
            changed("pricing.json", "/quantity", "seconds"),
            "pricing.json#/quantity: 'seconds' is not a property of input.schema.json",
        ),
    ],
)
def test_a_broken_schemas_folder_is_told_by_file_pointer_and_reason(
    run, tmp_path, command, files, where
):
    place = write(tmp_path, **files)
    result = run(command, "--schemas", place, input=orjson.dumps(EXAMPLE))

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"mock-mindvideo: {place / 'models' / SLUG / where}")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["validate", "estimate", "openapi", "serve"])
def test_a_schemas_folder_that_is_not_there_is_misuse(run, tmp_path, command):
    result = run(command, "--schemas", tmp_path / "nowhere", input=b"{}")

    assert result.exit_code == 2
    assert f"Directory '{tmp_path / 'nowhere'}' does not exist." in " ".join(result.stderr.split())
