"""`learn` on the command line."""

import json
from pathlib import Path

import pytest

from tests.contract.honest import Honest, Ways
from tests.contract.test_recordings import recorded


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    file = tmp_path / "traffic.har"
    file.write_text(json.dumps(recorded(Honest(Ways(created=202)))))
    return file


def test_each_difference_is_told_with_its_place_and_its_rows(run, recording):
    result = run("learn", str(recording))
    assert result.exit_code == 0
    assert "platform/http.json#/answers/submit: 202, was 200" in result.stdout
    assert "    a new task is answered with 202 (X01; 1 exchange)" in result.stdout
    assert "times: model=wan2-7-r2v resolution=1080P duration=5: 1 task" in result.stdout


def test_json_holds_every_proposal_with_its_evidence(run, recording):
    told = json.loads(run("learn", "--json", str(recording)).stdout)
    assert told["format"] == "mock-mindvideo-learned/1"
    (one,) = [each for each in told["proposals"] if each["place"].endswith("/answers/submit")]
    assert (one["was"], one["value"], one["count"]) == (200, 202, 1)
    assert one["evidence"][0]["pointer"] == "/log/entries/0/response/status"


def test_a_written_folder_is_one_for_schemas(run, recording, tmp_path):
    folder = tmp_path / "real"
    result = run("learn", str(recording), "--write", str(folder))
    assert f"wrote {folder}/platform/http.json" in result.stdout
    document = json.loads(run("openapi", "--schemas", str(folder)).stdout)
    assert "202" in document["paths"]["/api/v1/tasks"]["post"]["responses"]
    rules = run("rules", "--kind", "observed", "--schemas", str(folder)).stdout
    assert "observed    a new task is answered with 202" in rules


def test_a_folder_with_something_in_it_is_left_alone(run, recording, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("keep")
    result = run("learn", str(recording), "--write", str(tmp_path / "mine"))
    assert result.exit_code == 2
    assert "is there already; name a folder that is new or empty" in result.stderr
    assert [each.name for each in (tmp_path / "mine").iterdir()] == ["notes.txt"]
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".learned")] == []


@pytest.mark.parametrize("content", ['{"log": {"entries": []}}', "[]", "no JSON"])
def test_a_file_that_teaches_nothing_is_told_in_one_line(run, tmp_path, content):
    file = tmp_path / "odd.har"
    file.write_text(content)
    result = run("learn", str(file))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"mock-mindvideo: {file}: ")
    assert len(result.stderr.splitlines()) == 1
