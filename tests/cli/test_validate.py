"""`validate`: what the API would say of an input."""

import json

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mock_mindvideo.catalog import builtin_catalog, every_model

MODELS = ", ".join(sorted(every_model().models))
EXAMPLE = dict(builtin_catalog().model("wan2-7-r2v").example)
WRONG = EXAMPLE | {"duration": 16}
ADVISED = {"prompt": "图2", "duration": 12, "video_urls": ["https://a.test/x.mp4"]}


def body(given, model="wan2-7-r2v"):
    return orjson.dumps({"model": model, "input": given})


@pytest.mark.parametrize("raw", [orjson.dumps(EXAMPLE), body(EXAMPLE)], ids=["input", "body"])
@pytest.mark.parametrize("arguments", [(), ("-",)], ids=["no file", "dash"])
def test_a_valid_input_from_stdin_is_exit_code_0(run, raw, arguments):
    result = run("validate", *arguments, input=raw)

    assert (result.exit_code, result.stdout, result.stderr) == (0, "-: valid for wan2-7-r2v\n", "")


def test_a_valid_file_is_named_as_it_was_typed(run, tmp_path):
    file = tmp_path / "input.json"
    file.write_bytes(orjson.dumps(EXAMPLE))

    assert run("validate", file).stdout == f"{file}: valid for wan2-7-r2v\n"


@pytest.mark.parametrize("raw", [orjson.dumps(WRONG), body(WRONG)], ids=["input", "body"])
def test_an_invalid_input_is_exit_code_1_with_pointer_words_and_rule(run, raw):
    result = run("validate", input=raw)

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "-: /duration: must be at most 15; it is 16"
        "  [input.schema.json#/properties/duration/maximum]",
        "-: not valid for wan2-7-r2v",
    ]


def test_validate_prints_a_line_for_every_broken_rule(run):
    result = run("validate", input=b'{"duration":1}')

    assert result.stdout.splitlines() == [
        "-: /: the property 'prompt' is required  [input.schema.json#/required]",
        "-: /duration: must be at least 2; it is 1"
        "  [input.schema.json#/properties/duration/minimum]",
        "-: /: at least one of image_with_roles and video_urls is required"
        "  [rules.schema.json#/allOf/1/anyOf]",
        "-: not valid for wan2-7-r2v",
    ]


def test_advice_is_told_and_is_still_exit_code_0(run):
    result = run("validate", input=orjson.dumps(ADVISED))

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "-: advice: the prompt names 图2, but image_with_roles holds 0",
        "-: advice: with a reference video, duration should be 2 to 10 seconds",
        "-: valid for wan2-7-r2v",
    ]


def test_with_strict_inferred_rules_count(run):
    result = run("validate", "--strict", input=orjson.dumps(ADVISED))

    assert result.exit_code == 1
    assert "with a reference video, duration should be 2 to 10 seconds" in result.stdout


def test_json_of_a_valid_input_says_so(run):
    result = run("validate", "--json", input=orjson.dumps(ADVISED))

    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "valid": True,
        "model": "wan2-7-r2v",
        "violations": [],
        "advice": [
            "the prompt names 图2, but image_with_roles holds 0",
            "with a reference video, duration should be 2 to 10 seconds",
        ],
    }


def test_json_of_an_invalid_input_holds_the_violations(run):
    result = run("validate", "--json", input=orjson.dumps(WRONG))

    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "valid": False,
        "model": "wan2-7-r2v",
        "violations": [
            {
                "pointer": "/duration",
                "keyword": "maximum",
                "message": "must be at most 15; it is 16",
                "schema_pointer": "input.schema.json#/properties/duration/maximum",
            }
        ],
        "advice": [],
    }


@pytest.mark.parametrize("command", ["validate", "estimate"])
@pytest.mark.parametrize(
    ("arguments", "raw", "message"),
    [
        (("nowhere.json",), b"", "nowhere.json: cannot be read: No such file or directory"),
        ((".",), b"", ".: cannot be read: Is a directory"),
        (("--model", "veo"), b"{}", f"no model 'veo'; there are: {MODELS}"),
        ((), body({}, "veo"), f"-: no model 'veo'; there are: {MODELS}"),
        (
            ("--model", "veo"),
            body({}),
            "-: the body is for the model 'wan2-7-r2v', --model says 'veo'",
        ),
    ],
)
def test_misuse_is_one_line_on_stderr_and_exit_code_2(run, command, arguments, raw, message):
    result = run(command, *arguments, input=raw)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"mock-mindvideo: {message}\n"


@pytest.mark.parametrize("command", ["validate", "estimate"])
@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"NaN", b"[" * 100_000])
def test_what_is_no_json_is_one_line_with_the_files_name_and_exit_code_2(
    run, command, raw, tmp_path
):
    file = tmp_path / "body.json"
    file.write_bytes(raw)
    for result, name in ((run(command, str(file)), file), (run(command, input=raw), "-")):
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"mock-mindvideo: {name}: is not valid JSON: ")
        assert result.stderr.count("\n") == 1


def test_a_body_whose_model_is_no_text_is_told_so_without_naming_an_option(run):
    result = run("validate", input=b'{"model":5,"input":{}}')

    assert result.exit_code == 1
    assert result.stderr == "mock-mindvideo: -: /model: must be of type string\n"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=40)
    | st.text('{}[]":,0123456789eE+-. promptduin\\ud8', max_size=60).map(str.encode)
    | st.dictionaries(
        st.sampled_from([*EXAMPLE, "model", "input", "x"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text("a图\x00", max_size=3),
    ).map(lambda value: json.dumps(value).encode()),
    st.sampled_from(["validate", "estimate"]),
    st.sampled_from([(), ("--json",)]),
)
@example(b'{"duration":1e-99999999999999999999}', "validate", ())
@example(b'{"duration":0e99999999999999999999}', "estimate", ())
@example(b'{"a":' * 100_000, "validate", ("--json",))
def test_no_bytes_at_all_lead_to_a_traceback(run, raw, command, arguments):
    result = run(command, *arguments, input=raw)

    assert result.exit_code in (0, 1, 2)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
