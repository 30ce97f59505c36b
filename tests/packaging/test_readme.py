"""The README is true: its sessions print what it shows, its Python runs, its links lead on."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.readme import README, python_blocks, rewritten

TEXT = README.read_text(encoding="utf-8")


def test_every_session_prints_what_the_readme_shows() -> None:
    assert rewritten(TEXT) == TEXT


@pytest.mark.parametrize("number", range(len(python_blocks(TEXT))))
def test_every_python_block_runs(number: int, tmp_path: Path) -> None:
    (tmp_path / "test_block.py").write_text(python_blocks(TEXT)[number], encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_block.py"]
    done = subprocess.run(
        command, check=False, cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout


def test_every_link_into_the_project_leads_somewhere() -> None:
    targets = re.findall(r"\]\(((?!http|#)[^)]+)\)", TEXT)
    assert targets
    for target in targets:
        assert (README.parent / target).exists(), target
