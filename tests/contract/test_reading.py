"""A contract that cannot be run is refused by file, line and name, before anything is sent."""

from pathlib import Path

import pytest

from mock_mindvideo.contract.arazzo.reading import read_contract
from mock_mindvideo.contract.problems import ContractError

GOOD = """\
arazzo: 1.0.1
info: {title: t, version: 1.0.0}
sourceDescriptions:
  - {name: mindvideo, url: ./openapi.json, type: openapi}
workflows:
  - workflowId: one
    steps:
      - stepId: look
        operationId: getTask
        successCriteria:
          - condition: $statusCode == 200
"""

BAD = {
    "no YAML": ("steps:\n", "steps: [\n", 8, "is not YAML"),
    "another version": ("1.0.1", "1.1.0", 1, "Arazzo 1.0"),
    "a name twice": ("stepId: look\n", "stepId: look\n        stepId: two\n", 9, "stands twice"),
    "no step": ("      - stepId: look\n        operationId: getTask\n        successCriteria:\n"
                "          - condition: $statusCode == 200\n", "      []\n", 6, "at least one"),
    "an unknown field": ("operationId: getTask", "operationID: getTask", 9, "no 'operationID'"),
    "an operation by path": ("operationId: getTask", "operationPath: x", 9, "not supported"),
    "another workflow": ("operationId: getTask", "workflowId: one", 9, "not supported"),
    "a reusable parameter": (
        "successCriteria:",
        "parameters: [{reference: $components.p}]\n        successCriteria:", 10,
        "'reference' are not supported"),
    "a cookie": (
        "successCriteria:",
        "parameters: [{name: a, in: cookie, value: b}]\n        successCriteria:", 10, "cookie"),
    "XPath": ("- condition: $statusCode == 200",
              "- {context: $response.body, type: xpath, condition: /a}", 11, "'xpath'"),
    "a bad condition": ("$statusCode == 200", "$statusCode = 200", 11, "read from '= 200'"),
    "an open parenthesis": ("$statusCode == 200", "($statusCode == 200", 11, "not closed"),
    "an unknown expression": ("$statusCode == 200", "$status == 200", 11, "'$status'"),
    "a bad JSONPath": (
        "- condition: $statusCode == 200",
        "- {context: $response.body, type: jsonpath, condition: '$.a[?@.b =~ 1]'}", 11, "RFC 9535"),
    "a bad pattern": (
        "- condition: $statusCode == 200",
        "- {context: $response.body, type: regex, condition: '('}", 11, "unterminated"),
    "a goto nowhere": (
        "successCriteria:",
        "onSuccess: [{name: a, type: goto, stepId: nowhere}]\n        successCriteria:", 8,
        "'nowhere', no step"),
    "a spend in words": ("steps:", 'x-spend: "much"\n    steps:', 7, "amount in US dollars"),
    "a fact of another form": ("steps:", "x-proves: [first]\n    steps:", 7, "like D10"),
    "a dependency below": ("steps:", "dependsOn: [two]\n    steps:", 7, "no workflow above"),
    "workflow actions": ("steps:", "failureActions: []\n    steps:", 7, "not supported"),
    "an alias to itself": ("steps:", "inputs: &a {b: *a}\n    steps:", 7, "leads back to itself"),
}  # fmt: skip


def write(folder: Path, text: str) -> Path:
    file = folder / "bad.arazzo.yaml"
    file.write_text(text)
    return file


def test_a_correct_contract_is_read(tmp_path: Path) -> None:
    description = read_contract(write(tmp_path, GOOD))
    step = description.workflows[0].steps[0]
    assert (step.id, step.line, step.criteria[0].line) == ("look", 8, 11)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_one_is_told_by_file_line_and_reason(tmp_path: Path, name: str) -> None:
    before, after, line, reason = BAD[name]
    assert before in GOOD
    file = write(tmp_path, GOOD.replace(before, after, 1))
    with pytest.raises(ContractError) as told:
        read_contract(file)
    assert reason in str(told.value)
    assert told.value.line == line
    assert str(told.value).startswith(f"{file}:{line}: ")


@pytest.mark.parametrize("text", ["arazzo: " + "9" * 10_000, "arazzo: \0", "arazzo: \x80"])
def test_numbers_without_end_and_control_characters_are_told_in_one_line(
    tmp_path: Path, text: str
) -> None:
    with pytest.raises(ContractError) as told:
        read_contract(write(tmp_path, text))
    assert len(str(told.value).splitlines()) == 1


def test_lines_of_nested_aliases_do_not_fill_the_memory(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in range(1, 9):
        bomb += f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n"
    with pytest.raises(ContractError, match="holds over 100000 values"):
        read_contract(write(tmp_path, bomb))


def test_words_are_read_as_yaml_1_2_has_them(tmp_path: Path) -> None:
    text = GOOD.replace("title: t", "title: on, summary: 2026-01-01, description: 'null'")
    assert read_contract(write(tmp_path, text)).workflows
