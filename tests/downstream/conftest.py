"""Projects of others, each with an environment of its own, where the built wheel is installed."""

import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent

#: Their tests are not this checkout's.
collect_ignore = [each.name for each in HERE.iterdir() if (each / "requirements.txt").exists()]

#: Seconds for an installation, and for a project's tests.
PATIENCE = 900


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A freshly built wheel."""
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(out)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True, timeout=PATIENCE)
    return next(out.glob("*.whl"))


class Project:
    """A copy of the project in a folder here, with `requirements.txt` and tests of its own."""

    def __init__(self, name: str, folder: Path, wheel: Path) -> None:
        self.folder = folder / name
        shutil.copytree(HERE / name, self.folder, ignore=shutil.ignore_patterns("__pycache__"))
        home = folder / "venv"
        venv.create(home, with_pip=True)
        self.python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        self._run("-m", "pip", "install", "--quiet", str(wheel), "-r", "requirements.txt")

    def test(self, *arguments: str) -> str:
        """Run the project's tests as its developers do; the output, if they have passed."""
        return self._run("-m", "pytest", "-p", "no:cacheprovider", *arguments)

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [str(self.python), *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def project(wheel: Path, tmp_path: Path) -> Callable[[str], Project]:
    """Sets a project up, by the name of its folder."""
    return lambda name: Project(name, tmp_path, wheel)


def passed(output: str) -> int:
    """How many tests have passed."""
    found = re.search(r"(\d+) passed", output)
    return int(found[1]) if found else 0
