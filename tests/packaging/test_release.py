"""What is given away: complete, the same whenever it is built, and run by the tools of others."""

import email.parser
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from email.message import Message
from pathlib import Path

import pytest
import yaml

from tests.packaging.documents import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment for the release's tools, which the script fills."""
    home = tmp_path_factory.mktemp("tools")
    venv.create(home, with_pip=True)
    return home


@pytest.fixture(scope="module")
def dist(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the script builds; it fails where a second build gives other bytes."""
    out = tmp_path_factory.mktemp("dist")
    environment = os.environ | {"RELEASE_TOOLS": str(tools)}
    command = [ROOT / ".ci" / "release", str(out)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def metadata(dist: Path) -> Message:
    """What the index shows of the wheel."""
    with zipfile.ZipFile(next(dist.glob("*.whl"))) as wheel:
        name = next(each for each in wheel.namelist() if each.endswith(".dist-info/METADATA"))
        return email.parser.Parser().parsestr(wheel.read(name).decode())


def test_every_file_has_its_sum(dist: Path) -> None:
    lines = (dist / "SHA256SUMS").read_text().splitlines()
    sums = dict(reversed(line.split(maxsplit=1)) for line in lines)
    files = {each for each in dist.iterdir() if each.name != "SHA256SUMS"}
    assert sums == {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in files}
    assert len(sums) == 3


def test_the_index_is_told_all_that_it_shows(dist: Path) -> None:
    told = metadata(dist)
    assert told["Name"] == PROJECT["name"]
    assert told["Summary"] == PROJECT["description"]
    assert told["License-Expression"] == "MIT"
    assert told["License-File"] == "LICENSE"
    assert told["Requires-Python"] == PROJECT["requires-python"]
    assert told["Description-Content-Type"] == "text/markdown"
    assert set(told.get_all("Provides-Extra", [])) == set(PROJECT["optional-dependencies"])
    assert sorted(told.get_all("Classifier", [])) == sorted(PROJECT["classifiers"])
    assert str(told.get_payload()).startswith("# mock-mindvideo")


def test_the_sdist_holds_what_the_tests_need_and_nothing_that_is_made(dist: Path) -> None:
    with tarfile.open(next(dist.glob("*.tar.gz"))) as archive:
        inside = {each.partition("/")[2] for each in archive.getnames()}
    assert {"LICENSE", "Makefile", "pyproject.toml", "tests/conftest.py", ".ci/run"} <= inside
    made = (".venv", ".build", "dist", ".git/", ".hypothesis", ".mypy_cache")
    assert not [each for each in inside if each.startswith(made) or "__pycache__" in each]


def test_the_list_of_parts_names_each_dependency_with_the_tested_version(dist: Path) -> None:
    parts = json.loads((dist / "mock-mindvideo.cdx.json").read_text())
    assert parts["bomFormat"] == "CycloneDX"
    assert parts["metadata"]["component"]["name"] == PROJECT["name"]
    found = {_plain(each["name"]): each["version"] for each in parts["components"]}
    pinned = dict(
        line.split("==")
        for line in (ROOT / ".ci" / "constraints.txt").read_text().splitlines()
        if "==" in line
    )
    tested = {_plain(name): version for name, version in pinned.items()}
    needed = {_plain(each.split(">")[0]) for each in PROJECT["dependencies"]}
    assert needed <= set(found)
    assert {name: found[name] for name in needed} == {name: tested[name] for name in needed}


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


@pytest.mark.parametrize("tool", ["pipx", "uvx"])
def test_the_source_archive_runs_without_being_installed(
    dist: Path, tools: Path, tmp_path: Path, tool: str
) -> None:
    wheel = str(next(dist.glob("*.whl")))
    commands = {
        "pipx": ["pipx", "run", "--spec", wheel, "mock-mindvideo", "--version"],
        "uvx": ["uvx", "--from", wheel, "mock-mindvideo", "--version"],
    }
    program, *arguments = commands[tool]
    environment = os.environ | {
        "PATH": f"{tools / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PIPX_HOME": str(tmp_path / "pipx"),
        "UV_CACHE_DIR": str(tmp_path / "uv"),
        "UV_PYTHON": sys.executable,
    }
    done = subprocess.run(
        [tools / "bin" / program, *arguments],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == f"mock-mindvideo, version {PROJECT['version']}\n", done.stderr


def test_a_tag_is_published_without_a_stored_password() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text())
    assert "secrets." not in str(workflow)
    publish = workflow["jobs"]["publish"]
    assert publish["permissions"]["id-token"] == "write"
    assert any("gh-action-pypi-publish" in step.get("uses", "") for step in publish["steps"])
    assert any("make dist" in step.get("run", "") for step in workflow["jobs"]["build"]["steps"])
