"""The recipes for Testcontainers run as they stand, by the libraries themselves.

The Docker engine behind them is ours (`docker_engine`), which runs the server as a process.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.npm import npm_folder, place
from tests.packaging.docker_engine import Engine, docker_engine
from tests.packaging.documents import DOCS, write_files
from tests.pip import pip_environment

pytestmark = pytest.mark.slow

GUIDE = (DOCS / "guides" / "testcontainers.md").read_text(encoding="utf-8")
PYTHON = ("testcontainers==4.15.0", "pytest==9.2.0", "requests==2.34.2", "mypy==2.4.1")
PYTHON += ("types-requests==2.33.0.20261030",)
IMAGE = f"mock-mindvideo:{version('mock-mindvideo')}"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine that clients find, and the guide's files in the folder."""
    write_files(GUIDE, tmp_path)
    with docker_engine() as (engine, environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield engine


def run(*command: str | os.PathLike[str], cwd: Path) -> None:
    done = subprocess.run(
        command, cwd=cwd, check=False, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_recipe_for_python_runs(engine: Engine, tmp_path: Path) -> None:
    run(pip_environment(*PYTHON) / "pytest", "-q", "-p", "no:cacheprovider", cwd=tmp_path)
    assert engine.asked == [IMAGE]
    assert not engine.boxes  # it was removed


def test_the_recipe_for_python_has_the_librarys_types(engine: Engine, tmp_path: Path) -> None:
    run(pip_environment(*PYTHON) / "mypy", "--strict", "--no-incremental", ".", cwd=tmp_path)


def test_the_recipe_for_node_runs(engine: Engine, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed; `.ci/run` installs it")
    folder = npm_folder("testcontainers@10.28.0")
    test = place(tmp_path / "mindvideo.test.mjs", folder)
    run(node, "--test", test, cwd=folder)
    assert engine.asked == [IMAGE]
    assert not engine.boxes


def test_the_recipe_for_java_is_java(tmp_path: Path) -> None:
    """Its names are not looked up: no registry that tests have holds the library."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("java is not installed; `.ci/run` installs it")
    write_files(GUIDE, tmp_path)
    parser = Path(__file__).with_name("Parses.java")
    run(java, parser, tmp_path / "MindVideoTest.java", cwd=tmp_path)
    assert IMAGE in (tmp_path / "MindVideoTest.java").read_text()
