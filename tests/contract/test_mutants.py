"""Any one behaviour broken on purpose is found, and the fact that it goes against is named.

Only the workflows that say they prove that fact are run, so each must keep its word.
"""

import json
import shutil
from pathlib import Path

import pytest

from mock_mindvideo.platform.data import data_folder
from tests.contract.edits import Mutant, Mutated
from tests.contract.mutants import CHOSEN, DOCUMENTED
from tests.contract.running import facts_of, in_process, run


def schemas(mutant: Mutant, folder: Path) -> tuple[Path, ...]:
    """A folder with the mutant's schema files, if it has any."""
    if not mutant.edits:
        return ()
    model = folder / "models" / "wan2-7-r2v"
    shutil.copytree(data_folder("schemas") / "models" / "wan2-7-r2v", model)
    for name, edit in mutant.edits.items():
        file = model / f"{name}.json"
        value = json.loads(file.read_text())
        edit(value)
        file.write_text(json.dumps(value))
    return (folder,)


def test_there_are_enough_of_them() -> None:
    assert len(DOCUMENTED) >= 25
    names = [mutant.name for mutant in (*DOCUMENTED, *CHOSEN)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("mutant", DOCUMENTED, ids=lambda mutant: mutant.name)
def test_a_broken_documented_fact_fails_the_run(mutant: Mutant, tmp_path: Path) -> None:
    with in_process(schemas=schemas(mutant, tmp_path)) as server:
        report = run(Mutated(server, mutant), only=[mutant.fact])
    assert report.exit_code == 1
    assert mutant.fact in facts_of(report)


@pytest.mark.parametrize("mutant", CHOSEN, ids=lambda mutant: mutant.name)
def test_a_broken_choice_of_the_mock_fails_a_strict_run(mutant: Mutant, tmp_path: Path) -> None:
    with in_process(schemas=schemas(mutant, tmp_path)) as server:
        report = run(Mutated(server, mutant), only=[mutant.fact], strict=True)
    assert report.exit_code == 1
    assert mutant.fact in facts_of(report)


def test_a_broken_choice_of_the_mock_is_a_warning_otherwise() -> None:
    mutant = next(each for each in CHOSEN if each.name == "no challenge")
    with in_process() as server:
        report = run(Mutated(server, mutant))
    assert report.exit_code == 0
    assert report.count("warned") > 0
    assert facts_of(report) == set()


def test_the_server_itself_breaks_nothing() -> None:
    with in_process() as server:
        report = run(server, strict=True)
    assert [outcome.id for outcome in report.outcomes if outcome.status != "kept"] == []
    assert report.exit_code == 0
