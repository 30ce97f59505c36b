"""The library knows nothing of the package around it, and could leave it."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mock_mindvideo.strategies import json_schema

HOME = Path(json_schema.__file__).parent

PROGRAM = """
import sys
from json_schema import Document, Space
from hypothesis import find
space = Space(Document({"type": "integer", "minimum": 3}))
assert find(space.valid(), lambda _: True) == 3
assert [rule.violation.keyword for rule in space.breakable] == ["type", "minimum"]
assert not [name for name in sys.modules if name.startswith("mock_mindvideo")]
"""


def imports(file: Path) -> list[str]:
    """Where a file imports from; relative ones with their dots."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    plain = [each.name for node in nodes if isinstance(node, ast.Import) for each in node.names]
    return plain + [
        "." * node.level + (node.module or "") for node in nodes if isinstance(node, ast.ImportFrom)
    ]


def test_no_file_imports_anything_of_the_package_around_it():
    found = [(file.name, name) for file in HOME.rglob("*.py") for name in imports(file)]
    assert len(found) > 100
    assert not [each for each in found if each[1].startswith(("..", "mock_mindvideo"))]


@pytest.mark.slow
def test_a_copy_of_the_folder_works_by_itself(tmp_path):
    shutil.copytree(HOME, tmp_path / "json_schema")
    (tmp_path / "use.py").write_text(PROGRAM, encoding="utf-8")
    subprocess.run([sys.executable, tmp_path / "use.py"], check=True, cwd=tmp_path)
