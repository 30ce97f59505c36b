"""A folder's `platform/http.json` says what is otherwise; a mistake in it is told by its place."""

import json
from pathlib import Path
from typing import Any

import pytest

from mock_mindvideo.catalog import CatalogError, builtin_catalog, load
from mock_mindvideo.catalog.platforms import TEMPLATES, merge_patch
from mock_mindvideo.domain import errors
from mock_mindvideo.domain.dialect import own_dialect
from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.platform.data import platform_file, shipped_dialects
from tests.platform.dialects import with_patch

#: The examples of RFC 7396, appendix A: original, patch, result.
RFC_7396: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("original", "patch", "result"), RFC_7396)
def test_files_are_merged_as_the_rfc_has_it(original: Any, patch: Any, result: Any) -> None:
    assert merge_patch(original, patch) == result


def test_the_shipped_file_has_the_statuses_and_codes_of_the_errors() -> None:
    raw = json.loads(platform_file().read_text())["errors"]["refusals"]
    kinds = (each for each in MockError.__subclasses__() if each.__module__ == errors.__name__)
    own = {each.code: each for each in kinds}
    assert set(own) - set(raw) == {"illegal_move"}, "the control plane alone has that one"
    for name, said in raw.items():
        assert said == {"status": own[name].status, "code": name}


def test_the_shipped_dialect_is_the_one_in_which_the_mock_speaks_for_itself() -> None:
    shipped, own = builtin_catalog().dialect, own_dialect()
    assert shipped.tasks.plain
    assert (shipped.ids, shipped.answers, shipped.refusals) == (own.ids, own.answers, own.refusals)


def test_a_file_that_changes_one_member_leaves_all_others(tmp_path: Path) -> None:
    changed = load([with_patch({"answers": {"submit": 202}}, tmp_path)]).dialect
    assert changed.answers.submit == 202
    assert changed.answers.replay == 200
    assert changed.refusals == own_dialect().refusals


def test_of_several_folders_the_last_has_the_last_word(tmp_path: Path) -> None:
    one = with_patch({"answers": {"submit": 202, "look": 203}}, tmp_path / "one")
    two = with_patch({"answers": {"submit": 201}}, tmp_path / "two")
    answers = load([one, two]).dialect.answers
    assert (answers.submit, answers.look) == (201, 203)


@pytest.mark.parametrize("name", shipped_dialects())
def test_a_shipped_dialect_is_had_by_its_name_and_says_where_it_comes_from(name: str) -> None:
    assert load([Path(name)]).dialect != builtin_catalog().dialect
    file = platform_file().parents[1] / "dialects" / name / "platform" / "http.json"
    about = json.loads(file.read_text())["about"]
    assert about["fidelity"] == "inferred"
    assert about["source"]


BROKEN: dict[str, tuple[Any, str, str]] = {
    "a status that is none": ({"answers": {"submit": 500}}, "/answers/submit", "is not one of"),
    "a refusal that is a success": (
        {"errors": {"refusals": {"not_found": {"status": 302}}}},
        "/errors/refusals/not_found/status",
        "302",
    ),
    "a refusal that nobody knows": (
        {"errors": {"refusals": {"gone": {"status": 410, "code": "gone"}}}},
        "/errors/refusals",
        "'gone' was unexpected",
    ),
    "a name that nobody knows": (
        {"errors": {"envelope": {"error": {"text": "why: {mesage}"}}}},
        "/errors/envelope/error/text",
        "{mesage} is not known here; there are {request_id}, {status}, {code}",
    ),
    "a member taken away that has to be there": (
        {"tasks": {"states": None}},
        "/tasks",
        "'states' is a required property",
    ),
    "a header with a space in its name": (
        {"errors": {"headers": {"Retry After": "{retry_after}"}}},
        "/errors/headers",
        "Retry After",
    ),
    "a form of streams that there is not": ({"events": {"stream": "ws"}}, "/events/stream", "'ws'"),
    "a line feed in a line of the stream": (
        {"events": {"sse": {"end": "a\nb"}}},
        "/events/sse/end",
        "does not match",
    ),
    "text where an object is": ({"errors": "none"}, "/errors", "is not of type 'object'"),
    "a path that requests are known by": (
        {"paths": {"submit": "/v1/jobs"}},
        "/paths/submit",
        "must stay '/api/v1/tasks': the mock recognises requests by it",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_mistake_is_told_by_file_pointer_and_what_was_expected(name: str, tmp_path: Path) -> None:
    patch, at, words = BROKEN[name]
    right = with_patch({"answers": {"look": 203}}, tmp_path / "right")
    wrong = with_patch(patch, tmp_path / "wrong")
    with pytest.raises(CatalogError) as told:
        load([wrong, right])
    assert told.value.file == wrong / "platform" / "http.json"
    assert told.value.pointer == at
    assert words in told.value.reason


@pytest.mark.parametrize("text", ["", "[]", "{", "null"])
def test_what_is_no_object_is_told(text: str, tmp_path: Path) -> None:
    file = with_patch({}, tmp_path) / "platform" / "http.json"
    file.write_text(text)
    with pytest.raises(CatalogError, match=r"http\.json#"):
        load([tmp_path])


@pytest.mark.parametrize("at", TEMPLATES)
def test_every_name_that_a_template_may_have_is_told_where_one_is_wrong(
    at: str, tmp_path: Path
) -> None:
    path = at.split("/")[1:]
    patch: Any = "{nothing}" if at.rpartition("/")[2] in ("type", "id", "event") else None
    patch = patch if patch and at != "/events/event" else {"x": "{nothing}"}
    for step in reversed(path):
        patch = {step: patch}
    with pytest.raises(CatalogError, match=r"nothing.*there are") as told:
        load([with_patch(patch, tmp_path)])
    assert all(f"{{{name}}}" in told.value.reason for name in TEMPLATES[at])
