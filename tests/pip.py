"""Programs from PyPI that must not share the project's own environment, under `.build/pip`."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from tests.npm import PATIENCE, locked

FOLDER = Path(__file__).parents[1] / ".build" / "pip"


def pip_environment(*packages: str) -> Path:
    """The `bin` of an environment with `packages`, each pinned as `name==version`.

    Made on first use, by one process while others wait for it.
    """
    assert all("==" in package for package in packages), "pin each version"
    digest = sha256("\n".join(sorted(packages)).encode()).hexdigest()[:12]
    folder = FOLDER / f"{packages[0].partition('==')[0]}-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "installed"
    with locked(folder / "lock"):
        if not done.exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
            install = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *packages]
            subprocess.run(install, check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL)
            done.touch()
    return folder / "bin"
