"""What breaks requests, or readers, is told from what breaks nobody."""
# ruff: noqa: E501 - the table has a row for each edit

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mock_mindvideo.cli import main
from mock_mindvideo.contract.drift.meaning.references import SchemaDocument
from mock_mindvideo.contract.drift.schemas import Comparison
from mock_mindvideo.platform.data import data_folder
from tests.contract.running import DOCUMENT
from tests.effort import examples

MODEL = data_folder("schemas") / "models" / "wan2-7-r2v"
SCHEMA: dict[str, Any] = json.loads((MODEL / "input.schema.json").read_text())

PAGE = """\
Submit a request
Submit a task to MindVideo with your platform model slug.
curl -X POST https://api.mindvideo.ai/api/v1/tasks \\
-d '{"model": "wan2-7-r2v", "input": EXAMPLE}'Every request must include a key {or so}.
{
"request_id": "req_demo_model",
"cost_estimate": PRICE,
"cost_actual": PRICE
}Inputs can reference hosted files.
SCHEMA"""

Edit = Callable[[Any], None]


def of(name: str, **changes: Any) -> Edit:
    """Sets keywords of a property; None takes one out."""

    def edit(schema: Any) -> None:
        found = schema["properties"][name]
        for keyword, value in changes.items():
            found[keyword] = value
            if value is None:
                del found[keyword]

    return edit


def new(name: str, value: Any, *, required: bool = False) -> Edit:
    def edit(schema: Any) -> None:
        schema["properties"][name] = value
        schema["required"] += [name] * required

    return edit


def gone(name: str) -> Edit:
    return lambda schema: schema["properties"].pop(name)


def role(*roles: str) -> Edit:
    def edit(schema: Any) -> None:
        items = schema["properties"]["image_with_roles"]["items"]
        items["properties"]["role"]["enum"] = list(roles)

    return edit


def item(keyword: str, value: Any) -> Edit:
    def edit(schema: Any) -> None:
        schema["properties"]["image_with_roles"]["items"][keyword] = value

    return edit


#: Name, edit, where it is told, whether it breaks requests, whether it breaks readers.
EDITS: dict[str, tuple[Edit, str, bool, bool]] = {
    "shorter clips": (of("duration", maximum=10), "/properties/duration/maximum", True, False),
    "longer clips": (of("duration", maximum=20), "/properties/duration/maximum", False, True),
    "a later start": (of("duration", minimum=3), "/properties/duration/minimum", True, False),
    "no least": (of("duration", minimum=None), "/properties/duration/minimum", False, True),
    "half seconds": (of("duration", type="number"), "/properties/duration/type", False, True),
    "seconds as text": (of("duration", type="string"), "/properties/duration/type", True, True),
    "another default": (of("resolution", default="720P"), "/properties/resolution/default", True, False),
    "a first default": (of("seed", default=1), "/properties/seed/default", False, False),
    "a resolution more": (
        of("resolution", enum=["720P", "1080P", "4K"]), "/properties/resolution/enum", False, True),
    "a resolution less": (of("resolution", enum=["1080P"]), "/properties/resolution/enum", True, False),
    "any size": (of("size", enum=None), "/properties/size/enum", False, True),
    "a pattern": (of("prompt", pattern="^[a-z]"), "/properties/prompt/pattern", True, False),
    "a longer prompt": (of("prompt", maxLength=9000), "/properties/prompt/maxLength", False, True),
    "a shorter prompt": (of("prompt", maxLength=900), "/properties/prompt/maxLength", True, False),
    "an empty prompt": (of("prompt", minLength=None), "/properties/prompt/minLength", False, True),
    "other words": (of("prompt", description="…", title="P"), "/properties/prompt/title", False, False),
    "other hints": (of("prompt", **{"x-playground": {}}), "/properties/prompt/x-playground", False, False),
    "an option more": (new("fps", {"type": "integer"}), "/properties/fps", False, False),
    "a duty more": (new("fps", {"type": "integer"}, required=True), "/required", True, False),
    "an option less": (gone("watermark"), "/properties/watermark", True, True),
    "a duty less": (lambda s: s.update(required=[]), "/required", False, True),
    "open objects": (lambda s: s.update(additionalProperties=True), "/additionalProperties", False, True),
    "a role more": (
        role("reference_image", "first_frame", "last_frame"),
        "/properties/image_with_roles/items/properties/role/enum", False, True),
    "a role less": (
        role("reference_image"),
        "/properties/image_with_roles/items/properties/role/enum", True, False),
    "a role by default": (
        item("required", ["url"]), "/properties/image_with_roles/items/required", False, True),
    "open images": (
        item("additionalProperties", True),
        "/properties/image_with_roles/items/additionalProperties", False, True),
    "no list twice": (of("video_urls", uniqueItems=True), "/properties/video_urls/uniqueItems", True, False),
    "a rule more": (lambda s: s.update(allOf=[{"required": ["seed"]}]), "/required", True, False),
    "a choice": (
        lambda s: s.update(anyOf=[{"required": ["seed"]}, {"required": ["size"]}]), "/anyOf", True, False),
    "a ban": (lambda s: s.update({"not": {"required": ["seed"]}}), "/not", True, False),
    "a word nobody knows": (of("prompt", maxTokens=77), "/properties/prompt/maxTokens", True, False),
}  # fmt: skip


def edited(edit: Edit) -> dict[str, Any]:
    schema = copy.deepcopy(SCHEMA)
    edit(schema)
    return schema


def drift(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["drift", *map(str, arguments)])


def write(folder: Path, name: str, value: Any) -> Path:
    file = folder / name
    file.write_text(value if isinstance(value, str) else json.dumps(value, indent=2))
    return file


@pytest.mark.parametrize("name", EDITS)
def test_each_edit_of_the_vendors_schema_is_told_with_whom_it_breaks(
    tmp_path: Path, name: str
) -> None:
    edit, pointer, requests, readers = EDITS[name]
    old = write(tmp_path, "old.json", SCHEMA)
    done = drift(old, write(tmp_path, "new.json", edited(edit)), "--json")
    report = json.loads(done.stdout)
    assert any(each["pointer"].startswith(pointer) for each in report["changes"])
    assert any(each["breaks_requests"] for each in report["changes"]) is requests
    assert any(each["breaks_readers"] for each in report["changes"]) is readers
    assert done.exit_code == int(requests)
    assert drift(old, tmp_path / "new.json", "--for", "readers").exit_code == int(readers)


def test_there_are_enough_edits() -> None:
    assert len(EDITS) >= 15


def test_nothing_changed_is_nothing_told(tmp_path: Path) -> None:
    file = write(tmp_path, "old.json", SCHEMA)
    done = drift(file, file)
    assert (done.exit_code, done.output) == (0, "0 changes, 0 of them breaking\n")


def some_edit() -> st.SearchStrategy[Edit]:
    return st.sampled_from([edit for edit, *_ in EDITS.values()])


def inputs() -> st.SearchStrategy[Any]:
    image = st.fixed_dictionaries(
        {"url": st.just("https://a/b.jpg"), "role": st.sampled_from(["first_frame", "last_frame"])},
        optional={"weight": st.just(1)},
    )
    return st.fixed_dictionaries(
        {"prompt": st.sampled_from(["", "a", "X", "a" * 901, "a" * 5001])},
        optional={
            "duration": st.sampled_from([0, 2, 2.5, 3, 10, 11, 15, 16, "5"]),
            "resolution": st.sampled_from(["720P", "1080P", "4K"]),
            "size": st.sampled_from(["16:9", "21:9"]),
            "seed": st.just(1),
            "fps": st.just(24),
            "watermark": st.booleans(),
            "video_urls": st.lists(st.just("https://a/b.mp4"), max_size=6),
            "image_with_roles": st.lists(image, min_size=1, max_size=2),
        },
    )


@settings(max_examples=examples(300))
@given(first=some_edit(), second=some_edit(), value=inputs())
def test_no_value_changes_sides_untold(first: Edit, second: Edit, value: Any) -> None:
    """The validator is the oracle: what is refused, or accepted, for the first time was told."""
    old, new = edited(first), edited(second)
    found = Comparison().differences((SchemaDocument(old).top,), (SchemaDocument(new).top,))
    before, after = (Draft202012Validator(each).is_valid(value) for each in (old, new))
    if before and not after:
        assert any(each.less for each in found)
    if after and not before:
        assert any(each.more for each in found)


def test_a_model_folder_is_compared_with_the_page_it_came_from(tmp_path: Path) -> None:
    example = json.loads((MODEL / "model.json").read_text())["example"]
    page = PAGE.replace("EXAMPLE", json.dumps(example)).replace("SCHEMA", json.dumps(SCHEMA))
    same = write(tmp_path, "page.txt", page.replace("PRICE", "0.6165"))
    assert drift(MODEL, same).output == "0 changes, 0 of them breaking\n"
    dearer = write(tmp_path, "page2.txt", page.replace("PRICE", "0.7"))
    done = drift(MODEL, dearer)
    assert done.exit_code == 1
    assert "the example costs 0.7 USD, and cost 0.6165 USD" in done.output


def test_a_saved_page_may_be_html(tmp_path: Path) -> None:
    schema = json.dumps(edited(of("duration", maximum=10)), indent=1).replace('"', "&quot;")
    page = write(tmp_path, "page.html", f"<html><body>\n<pre><code>{schema}</code></pre></body>")
    done = drift(MODEL, page)
    assert done.exit_code == 1
    assert "maximum was 15, and is 10" in done.output


def test_update_writes_the_new_schema_into_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "wan2-7-r2v"
    folder.mkdir()
    for file in MODEL.iterdir():
        (folder / file.name).write_text(file.read_text())
    longer = edited(of("duration", maximum=20))
    assert drift(folder, write(tmp_path, "new.json", longer), "--update").exit_code == 0
    assert json.loads((folder / "input.schema.json").read_text()) == longer
    refused = drift(tmp_path / "new.json", tmp_path / "new.json", "--update")
    assert (refused.exit_code, "must be a model folder" in refused.output) == (2, True)


def test_sarif_points_at_the_line_in_the_new_file(tmp_path: Path) -> None:
    new = write(tmp_path, "new.json", edited(of("duration", maximum=10)))
    drift(MODEL / "input.schema.json", new, "--sarif", tmp_path / "out.sarif")
    result = json.loads((tmp_path / "out.sarif").read_text())["runs"][0]["results"][0]
    line = result["locations"][0]["physicalLocation"]["region"]["startLine"]
    assert '"maximum": 10' in new.read_text().splitlines()[line - 1]
    assert result["level"] == "error"


def document(edit: Edit) -> dict[str, Any]:
    changed = copy.deepcopy(DOCUMENT)
    edit(changed)
    return changed


def task(document: Any) -> Any:
    return document["components"]["schemas"]["Task"]


DOCUMENT_EDITS: dict[str, tuple[Edit, str, bool]] = {
    "an operation less": (
        lambda d: d["paths"].pop("/api/v1/tasks/{task_id}/events"), "the operation is gone", True),
    "a state more": (
        lambda d: task(d)["properties"]["status"]["enum"].append("paused"), "paused", True),
    "a state less": (
        lambda d: task(d)["properties"]["status"]["enum"].remove("cancelled"), "enum was", False),
    "a member more": (
        lambda d: task(d)["properties"].update(eta={"type": "number"}), "'eta' is new", False),
    "a member that may be missing": (
        lambda d: task(d)["required"].remove("status"), "required was", True),
    "a header as duty": (
        lambda d: d["paths"]["/api/v1/tasks"]["post"]["parameters"].append(
            {"name": "X-New", "in": "header", "required": True, "schema": {"type": "string"}}),
        "'X-New' is new and required", True),
    "a header as option": (
        lambda d: d["paths"]["/api/v1/tasks"]["post"]["parameters"].append(
            {"name": "X-New", "in": "header", "schema": {"type": "string"}}),
        "'X-New' is new", False),
    "another refusal": (
        lambda d: d["paths"]["/api/v1/tasks"]["post"]["responses"].update(
            {"418": {"description": "x"}}), "may answer 418", False),
    "shorter clips": (
        lambda d: d["components"]["schemas"]["wan2-7-r2v_Input"]["properties"]["duration"].update(
            maximum=10), "maximum was 15", True),
    "longer clips": (
        lambda d: d["components"]["schemas"]["wan2-7-r2v_Input"]["properties"]["duration"].update(
            maximum=20), "maximum was 15", False),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENT_EDITS)
def test_documents_are_compared_for_what_is_sent_and_what_comes_back(
    tmp_path: Path, name: str
) -> None:
    edit, words, breaks = DOCUMENT_EDITS[name]
    old = write(tmp_path, "old.json", DOCUMENT)
    done = drift(old, write(tmp_path, "new.json", document(edit)))
    assert words in done.output
    assert done.exit_code == int(breaks)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.json", "{", "a.json:1: is not JSON"),
        ("a.json", "[1]", "neither a JSON Schema nor an OpenAPI document"),
        ("a.json", '{"type": "object", "properties": []}', "is no JSON Schema"),
        ("a.json", '{"properties": {"a": {"minimum": "x"}}}', "/properties/a/minimum"),
        ("a.json", '{"openapi": "3.1.0", "paths": []}', "only one is an OpenAPI document"),
        ("a.txt", "no schema here {at all}", "the page has no JSON Schema with properties"),
        ("a.yaml", "a: [", "is not YAML"),
    ],
)
def test_a_bad_file_is_told_with_exit_code_2(
    tmp_path: Path, name: str, text: str, words: str
) -> None:
    done = drift(MODEL, write(tmp_path, name, text))
    assert done.exit_code == 2
    assert words in done.output


def test_a_bad_document_is_told_too(tmp_path: Path) -> None:
    bad = write(tmp_path, "bad.json", {"openapi": "3.1.0", "paths": []})
    done = drift(write(tmp_path, "old.json", DOCUMENT), bad)
    assert done.exit_code == 2
    assert "not a well-formed OpenAPI document" in done.output
