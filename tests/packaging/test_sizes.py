"""Files and functions that can be read at one go."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, median

import pytest

import mock_mindvideo

PACKAGE = Path(mock_mindvideo.__file__).parent
ROOT = PACKAGE.parent

#: Lines of the longest file, tests included.
LONGEST = 350


def functions() -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def length(file: Path) -> int:
    return len(file.read_text().splitlines())


def test_every_file_can_be_read_at_one_go() -> None:
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "*.py", "*.js", "*.mjs", "*.lua"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a git checkout: which files are the project's own is not known")
    own = [ROOT / name for name in listed.stdout.splitlines() if "/vendor/" not in name]
    lengths = {str(file.relative_to(ROOT)): length(file) for file in own if file.exists()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_most_files_and_functions_of_the_package_are_short() -> None:
    assert median(map(length, PACKAGE.rglob("*.py"))) <= 100
    assert mean((each.end_lineno or 0) - each.lineno + 1 for each in functions()) <= 8
