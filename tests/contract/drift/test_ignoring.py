"""Known changes are left out, and an ignore file that is of no use says so."""

from pathlib import Path

from tests.contract.drift.test_drift import MODEL, SCHEMA, drift, edited, of, write


def known(folder: Path, text: str) -> Path:
    return write(folder, "known.txt", text)


def test_a_known_change_is_left_out_where_it_was_agreed_on(tmp_path: Path) -> None:
    old = write(tmp_path, "old.json", SCHEMA)
    new = write(tmp_path, "new.json", edited(of("duration", maximum=10)))
    rule = "request-property-max-decreased"
    for line in (rule, f"{rule}  /properties/duration/*  # in May"):
        done = drift(old, new, "--ignore", known(tmp_path, f"# known\n\n{line}\n"))
        assert (done.exit_code, done.output) == (0, "0 changes, 0 of them breaking, 1 ignored\n")


def test_a_line_that_ignores_nothing_is_told(tmp_path: Path) -> None:
    file = known(tmp_path, "request-property-max-decreased /properties/seed/*\n")
    new = write(tmp_path, "new.json", edited(of("duration", maximum=10)))
    done = drift(MODEL / "input.schema.json", new, "--ignore", file)
    assert done.exit_code == 1
    assert "nothing to ignore for: request-property-max-decreased /properties/seed/*" in done.output


def test_a_line_that_names_no_rule_is_refused(tmp_path: Path) -> None:
    done = drift(MODEL, MODEL, "--ignore", known(tmp_path, "\n%%% what\n"))
    assert (done.exit_code, "known.txt:2: '%%%' is no rule's id" in done.output) == (2, True)


def test_warnings_end_with_1_where_that_is_wanted(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    old = write(tmp_path, "old.json", schema)
    new = write(tmp_path, "new.json", {"type": "object"})
    assert drift(old, new).exit_code == 0
    done = drift(old, new, "--fail-on", "warning")
    assert (done.exit_code, "[request-property-removed]" in done.output) == (1, True)
