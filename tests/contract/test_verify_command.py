"""The command `verify`: its outputs, its choices, its exit codes."""

import json
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from mock_mindvideo.cli import main
from mock_mindvideo.platform.data import data_folder
from tests.ports import free_port

AUTHENTICATION = data_folder("contracts") / "authentication.arazzo.yaml"


def verify(*arguments: object, **environ: str) -> Result:
    words = [str(each) for each in arguments]
    return CliRunner(env={"GITHUB_ACTIONS": "", **environ}).invoke(main, ["verify", *words])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A contract that expects another status."""
    for file in AUTHENTICATION.parent.glob("*.openapi.yaml"):
        (tmp_path / file.name).write_text(file.read_text())
    text = AUTHENTICATION.read_text().replace(
        "$statusCode != 401, x-proves", "$statusCode == 200, x-proves"
    )
    file = tmp_path / "broken.arazzo.yaml"
    file.write_text(text)
    return file


def line_of(file: Path, text: str) -> int:
    return next(
        number for number, line in enumerate(file.read_text().splitlines(), 1) if text in line
    )


def test_everything_is_kept_by_the_mock_itself() -> None:
    done = verify("--strict")
    assert done.exit_code == 0, done.output
    assert "53 kept" in done.output


def test_a_broken_fact_is_told_with_line_value_request_and_answer(broken: Path) -> None:
    done = verify(broken, "--only", "key-is-taken")
    assert done.exit_code == 1
    line = line_of(broken, "$statusCode == 200, x-proves: [D02]")
    assert f"{broken}:{line}: error: key-is-taken / look" in done.output
    assert "against D02 (documented): Every request carries Authorization" in done.output
    assert "saw: $statusCode was 404" in done.output
    assert "GET /api/v1/tasks/task_none" in done.output
    assert "127.0.0.1" not in done.output
    assert "authorization: Bearer mv_live_…xx" in done.output


def test_json_has_a_version_and_the_same_verdicts(broken: Path) -> None:
    done = verify(broken, "--json")
    report = json.loads(done.stdout)
    assert report["format"] == "mock-mindvideo-verify/1"
    assert report["exit_code"] == done.exit_code == 1
    found = {each["id"]: each["status"] for each in report["workflows"]}
    assert found.pop("key-is-taken") == "broken"
    assert set(found.values()) == {"kept"}
    finding = next(each for each in report["workflows"] if each["findings"])["findings"][0]
    assert finding["facts"][0]["id"] == "D02"
    assert finding["line"] == line_of(broken, "$statusCode == 200, x-proves: [D02]")


def test_junit_has_a_case_for_each_workflow(broken: Path, tmp_path: Path) -> None:
    verify(broken, "--junit", tmp_path / "out.xml")
    root = ET.parse(tmp_path / "out.xml").getroot()  # noqa: S314 - written by us
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert len(cases) == 8
    failed = [name for name, case in cases.items() if case.find("failure") is not None]
    assert failed == ["key-is-taken"]
    assert root.find("testsuite").get("failures") == "1"  # type: ignore[union-attr]


def test_sarif_points_at_the_line_under_the_facts_name(broken: Path, tmp_path: Path) -> None:
    verify(broken, "--sarif", tmp_path / "out.sarif")
    log = json.loads((tmp_path / "out.sarif").read_text())
    assert log["version"] == "2.1.0"
    result = log["runs"][0]["results"][0]
    assert (result["ruleId"], result["level"]) == ("D02", "error")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].endswith("broken.arazzo.yaml")
    assert place["region"]["startLine"] == line_of(broken, "$statusCode == 200, x-proves: [D02]")
    rules = [rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]]
    assert rules[result["ruleIndex"]] == "D02"


def test_inside_github_actions_the_line_is_annotated(broken: Path) -> None:
    line = line_of(broken, "$statusCode == 200, x-proves: [D02]")
    done = verify(broken, GITHUB_ACTIONS="true")
    annotated = [each for each in done.output.splitlines() if each.startswith("::error")]
    assert len(annotated) == 1
    assert f"line={line},title=D02::key-is-taken / look" in annotated[0]
    assert "::error" not in verify(broken, "--no-github", GITHUB_ACTIONS="true").output


def test_the_list_names_facts_and_costs() -> None:
    done = verify("--list", "--json")
    listed = {each["id"]: each for each in json.loads(done.stdout)["workflows"]}
    assert listed["submit-and-poll"]["spend"] == "0.6165"
    assert "D13" in listed["submit-and-poll"]["proves"]
    assert "submit-and-poll" in verify("--list").output


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("submit-and-poll", ["submit-and-poll"]),
        ("D16", ["references-together-hold-5"]),
        ("errors", None),
        ("errors.arazzo.yaml", None),
    ],
)
def test_only_takes_workflows_files_and_facts(name: str, chosen: list[str] | None) -> None:
    listed = json.loads(verify("--list", "--json", "--only", name).stdout)["workflows"]
    if chosen is None:
        assert {Path(each["file"]).name for each in listed} == {"errors.arazzo.yaml"}
    else:
        assert [each["id"] for each in listed] == chosen


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--only", "nothing"), "no such workflow, file or fact"),
        (("--max-spend", "much"), "--max-spend must be an amount"),
        (("--max-spend", "-1"), "--max-spend must be an amount"),
        (("--base-url", "api.mindvideo.ai"), "--base-url must be like"),
        (("--base-url", "http://u:p@127.0.0.1"), "--base-url must be like"),
        (("--base-url", "http://127.0.0.1:1"), "GET http://127.0.0.1:1/_mock/health"),
        (("--api-key", "with space"), "--api-key must be"),
        (("missing.arazzo.yaml",), "missing.arazzo.yaml: cannot be read"),
        (
            ("--sarif", "/nowhere/out.sarif", "--only", "D16"),
            "/nowhere/out.sarif: cannot be written",
        ),
    ],
)
def test_what_cannot_be_checked_ends_with_2_and_one_line(
    arguments: tuple[str, ...], words: str
) -> None:
    done = verify(*arguments)
    assert done.exit_code == 2
    assert words in done.output
    assert "Traceback" not in done.output


def test_a_server_that_is_gone_is_not_a_broken_contract() -> None:
    done = verify("--base-url", f"http://api.localhost:{free_port()}")
    assert done.exit_code == 2


def test_the_key_is_never_printed(broken: Path, tmp_path: Path) -> None:
    secret = "mv_test_" + "s3cret" * 5
    outputs = [
        verify(broken, "--api-key", secret).output,
        verify(broken, "--json", MINDVIDEO_API_KEY=secret).output,
        verify(
            broken, "--junit", tmp_path / "j", "--sarif", tmp_path / "s", "--api-key", secret
        ).output,
        (tmp_path / "j").read_text(),
        (tmp_path / "s").read_text(),
    ]
    assert not any("s3cret" in each for each in outputs)


def test_the_export_is_whole(tmp_path: Path) -> None:
    done = verify("--export", tmp_path / "out", "--base-url", "http://127.0.0.1:9")
    assert done.exit_code == 0
    document = json.loads((tmp_path / "out" / "openapi.json").read_text())
    assert document["servers"] == [{"url": "http://127.0.0.1:9"}]
    names = {file.name for file in (tmp_path / "out").iterdir()}
    assert names == {file.name for file in AUTHENTICATION.parent.glob("*.yaml")} | {"openapi.json"}


@pytest.mark.parametrize("command", ["verify", "drift"])
def test_a_missing_library_is_told_with_the_extra_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    for name in [each for each in sys.modules if each.startswith("mock_mindvideo.contract.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "yaml", None)
    words = [str(AUTHENTICATION)] * 2 if command == "drift" else []
    done = CliRunner().invoke(main, [command, *words])
    assert done.exit_code == 2
    assert "pip install 'mock-mindvideo[contracts]'" in done.output
