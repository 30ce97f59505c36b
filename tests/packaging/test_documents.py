"""The documents are true: what they show is what runs, parses and leads on."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from mock_mindvideo.cli import main
from tests.packaging.documents import (
    DOCS,
    README,
    ROOT,
    Document,
    documents,
    everything,
    write_files,
)
from tests.packaging.readme import PYTEST, rewritten

READERS: dict[str, Callable[[str], Any]] = {
    "json": json.loads,
    "toml": tomllib.loads,
    "yaml": yaml.safe_load,
}


def those_with(language: str, *, quick: Container[Path] | None = None) -> Iterator[Any]:
    """The documents with code in a language, those marked that are slow or not among the quick."""
    for each in documents():
        if any(block.language == language for block in each.blocks):
            slow = each.slow or (quick is not None and each.path not in quick)
            marks = [pytest.mark.slow] if slow else []
            yield pytest.param(each, id=each.name, marks=marks)


@pytest.mark.parametrize("document", list(those_with("console")))
def test_every_session_prints_what_the_document_shows(document: Document) -> None:
    assert rewritten(document.text) == document.text


@pytest.mark.parametrize("document", list(those_with("python", quick=[README])))
def test_every_python_block_runs(document: Document, tmp_path: Path) -> None:
    write_files(document.text, tmp_path)
    for number, block in enumerate(document.blocks):
        if block.language == "python" and not block.title:
            (tmp_path / f"test_block_{number}.py").write_text(block.code, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", *PYTEST.split()]
    done = subprocess.run(
        command, check=False, cwd=tmp_path, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("document", [pytest.param(each, id=each.name) for each in documents()])
def test_every_block_of_data_parses(document: Document) -> None:
    for block in document.blocks:
        if block.language in READERS:
            READERS[block.language](block.code)


@pytest.mark.parametrize("document", [pytest.param(each, id=each.name) for each in documents()])
def test_every_link_into_the_project_leads_somewhere(document: Document) -> None:
    for target in re.findall(r"\]\(((?!http|#)[^)# ]+)", document.text):
        assert (document.path.parent / target).exists(), target


def commands(group: click.Group) -> Iterator[click.Command]:
    """Every command of a group, those of the groups in it too."""
    for each in group.commands.values():
        yield each
        if isinstance(each, click.Group):
            yield from commands(each)


def test_every_option_that_a_document_names_exists() -> None:
    flags = {name for each in commands(main) for one in each.params for name in one.opts}
    found = re.findall(r"mock-mindvideo [a-z-]+[^\n`|]*", everything())
    named = {flag for line in found for flag in re.findall(r" (--[a-z][a-z-]+)", line)}
    assert len(named) > 10
    assert named <= flags | {"--version", "--help"}


def test_every_option_of_pytest_that_a_document_names_exists(pytestconfig: pytest.Config) -> None:
    named = set(re.findall(r"--mindvideo-[a-z-]+", everything()))
    assert len(named) > 5
    help_text = pytestconfig._parser.optparser.format_help()
    assert {flag for flag in named if flag not in help_text} == set()


def test_the_guide_uses_inputs_and_hooks_that_exist() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    for each in documents():
        for block in each.blocks:
            said = yaml.safe_load(block.code) if block.language == "yaml" else []
            for step in said if isinstance(said, list) else []:  # the others are whole files
                assert set(step.get("with", ())) <= set(action["inputs"]), each.name
                assert {one["id"] for one in step.get("hooks", ())} <= {one["id"] for one in hooks}


def test_the_guide_lists_every_input_of_the_action() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    guide = (DOCS / "guides" / "ci.md").read_text(encoding="utf-8")
    assert {name for name in action["inputs"] if f"`{name}`" not in guide} == set()


def test_the_readme_leads_to_every_guide() -> None:
    text = README.read_text(encoding="utf-8")
    for guide in (*(DOCS / "guides").glob("*.md"), DOCS / "guides" / "migrate" / "index.md"):
        assert guide.relative_to(ROOT).as_posix() in text, guide.name


def test_the_readme_is_read_in_a_few_minutes() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 150
