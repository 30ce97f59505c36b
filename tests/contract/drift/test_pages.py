"""A saved page is compared whole: each fact that changes is told, with the page's own line."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_mindvideo.cli import main
from mock_mindvideo.contract.drift.page.reading import read_page
from tests.contract.drift.pages import ANSWER, CHANGES, EXAMPLE, MODEL, PAGE, own_words
from tests.contract.drift.test_drift import drift, write
from tests.effort import examples


def changed(old: Path, new: Path) -> tuple[int, list[dict[str, Any]]]:
    done = drift(old, new, "--json")
    return done.exit_code, json.loads(done.stdout)["changes"]


def test_a_page_that_states_the_same_facts_in_other_words_breaks_nothing(tmp_path: Path) -> None:
    page = write(tmp_path, "page.txt", PAGE)
    done = drift(MODEL, page)
    assert (done.exit_code, done.output) == (0, "0 changes, 0 of them breaking\n")
    assert drift(page, page).output == "0 changes, 0 of them breaking\n"


@pytest.mark.parametrize(("fact", "old", "new", "breaks"), CHANGES)
def test_a_changed_fact_is_told_with_its_id_and_the_pages_line(
    tmp_path: Path, fact: str, old: str, new: str, breaks: bool
) -> None:
    assert old in PAGE
    before = write(tmp_path, "old.txt", PAGE)
    after = write(tmp_path, "new.txt", PAGE.replace(old, new, 1))
    line = PAGE[: PAGE.index(old)].count("\n") + 1
    code, changes = changed(before, after)
    assert code == int(breaks)
    assert line in [each["line"] for each in changes if fact in each["facts"]]


@pytest.mark.parametrize(
    ("fact", "old", "new"), [each[:3] for each in CHANGES if each[3] and each[0] != "D20"]
)
def test_a_change_of_the_page_is_found_by_comparing_it_with_the_model_folder_too(
    tmp_path: Path, fact: str, old: str, new: str
) -> None:
    code, changes = changed(MODEL, write(tmp_path, "new.txt", PAGE.replace(old, new, 1)))
    assert code == 1
    assert fact in [known for each in changes for known in each["facts"]]


def test_every_documented_fact_has_a_change_that_is_noticed() -> None:
    rows = json.loads((MODEL.parent.parent / "platform" / "fidelity.json").read_text("utf-8"))
    documented = {each["id"] for each in rows["behaviours"] if each["kind"] == "documented"}
    assert {each[0] for each in CHANGES} == documented


def test_an_example_that_costs_something_else_than_its_price_says_is_told(tmp_path: Path) -> None:
    page = write(tmp_path, "page.txt", PAGE.replace('"duration": 5,\n', '"duration": 6,\n', 1))
    _, changes = changed(MODEL, page)
    words = [each["message"] for each in changes if each["part"] == "price"]
    assert words == ["the example costs 0.6165 USD, and cost 0.7398 USD"]


def html(inner: str) -> str:
    shown = inner.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>\n")
    return f"<!DOCTYPE html>\n<html><head><style>p {{}}</style></head><body>\n{shown}</body></html>"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("form", [str, html])
def test_a_page_is_read_however_it_was_saved(tmp_path: Path, encoding: str, form: Any) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(form(PAGE.replace("409", "422")).encode(encoding))
    code, changes = changed(MODEL, file)
    line = form(PAGE).split("409")[0].count("\n") + 1
    assert code == 1
    assert [(each["facts"], each["line"]) for each in changes] == [(["D11"], line)]


def test_a_page_of_an_old_encoding_is_read_too(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    text = json.dumps({"type": "object", "properties": {"a": {"title": "é"}}}, ensure_ascii=False)
    file.write_bytes(f"à lire: {text}".encode("latin-1"))
    assert drift(file, file).exit_code == 0


def test_a_schema_within_a_pages_data_is_found(tmp_path: Path) -> None:
    schema = own_words()
    schema["properties"]["duration"]["maximum"] = 10
    for data in (schema, json.dumps(schema)):
        props = {"props": {"page": {"text": "Hello, world", "input": {"schema": data}}}}
        script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(props)}</script>'
        page = write(tmp_path, "page.html", f"<html><body>\n<p>Hi</p>\n{script}</body></html>")
        code, changes = changed(MODEL, page)
        assert (code, [each["line"] for each in changes if each["level"] == "error"]) == (1, [3])


def test_a_schema_with_comments_is_read_with_its_lines(tmp_path: Path) -> None:
    text = PAGE.replace('"maxLength": 5000', '"maxLength": 4000 /* since May */')
    text = text.replace('"type": "object",', '"type": "object", // an input', 1)
    code, changes = changed(MODEL, write(tmp_path, "page.txt", text))
    line = text.split("4000")[0].count("\n") + 1
    assert (code, [each["line"] for each in changes]) == (1, [line])


def test_a_part_of_a_page_is_not_held_to_the_rest(tmp_path: Path) -> None:
    assert (
        drift(MODEL, write(tmp_path, "page.txt", json.dumps(own_words()) + " as of May")).exit_code
        == 0
    )


def test_standard_input_is_one_of_the_two() -> None:
    page = PAGE.replace("409", "422").encode()
    done = CliRunner().invoke(main, ["drift", str(MODEL), "-"], input=page)
    assert done.exit_code == 1
    assert "-:7: BREAKING D11: page /" in done.output
    refused = CliRunner().invoke(main, ["drift", "-", "-"], input=page)
    assert (refused.exit_code, refused.output.count("\n")) == (2, 1)


DEEP = 5_000
HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "binary": bytes(range(256)),
    "deep objects": b'{"a":' * DEEP,
    "deep lists": b'{"a":' + b"[" * DEEP,
    "deep and closed": b'{"properties":' * DEEP + b"{}" + b"}" * DEEP,
    "a mark and no text": b"\xff\xfe\x00",
    "no end of a comment": b"{/*" * DEEP,
    "braces": b"{" * DEEP,
    "objects without an end": b'{"a": 1, ' * 3 * DEEP,
    "tags without an end": b"<html>" + b"<p " * DEEP,
    "comments without an end": b"<html>" + b"<!--" * DEEP,
    "scripts without an end": b"<html>" + b"<script>{" * DEEP,
    "commands": b"curl \n-x " * DEEP,
    "dots": b"<html>" + b"a. " * DEEP,
    "quotes": b'{"\\' * DEEP,
    "numbers": b'{"type": "object", "properties": ' + b"9" * DEEP,
}  # fmt: skip


@pytest.mark.timeout(20)
@pytest.mark.parametrize("suffix", ["txt", "json", "html", "yaml"])
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_page_is_refused_in_one_line_and_in_time(
    tmp_path: Path, name: str, suffix: str
) -> None:
    file = tmp_path / f"page.{suffix}"
    file.write_bytes(HOSTILE[name])
    done = drift(MODEL, file)
    assert (done.exit_code, done.output.count("\n")) == (2, 1)
    assert str(file) in done.output


def test_a_missing_file_and_one_that_is_too_large_are_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_bytes(b"a" * (9 * 1024 * 1024))
    for file, words in ((tmp_path / "none.txt", "cannot be read"), (large, "has over")):
        done = drift(MODEL, file)
        assert (done.exit_code, done.output.count("\n")) == (2, 1)
        assert words in done.output
    assert drift(MODEL, tmp_path).exit_code == 2


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(PAGE) - 1), length=st.integers(0, 200), put=st.text(max_size=20))
def test_a_page_with_any_piece_replaced_never_ends_in_a_traceback(
    tmp_path: Path, at: int, length: int, put: str
) -> None:
    text = PAGE[:at] + put + PAGE[at + length :]
    file = tmp_path / "page.txt"
    file.write_bytes(text.encode("utf-8", "replace"))
    done = drift(MODEL, file)
    assert done.exit_code in (0, 1, 2)
    assert not isinstance(done.exception, Exception)


def test_a_page_is_read_into_what_it_shows() -> None:
    page = read_page(PAGE)
    assert [each.method for each in page.calls] == ["POST", "GET", "GET"]
    assert page.request is not None
    assert page.request.value["input"] == EXAMPLE
    assert [each.value for each in page.answers] == [ANSWER]
