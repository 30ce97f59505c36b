"""Packages from npm: clients and tools of others, installed once under `.build/npm`."""

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / ".build" / "npm"

#: Seconds that one installation may take.
PATIENCE = 900


def npm_folder(*packages: str) -> Path:
    """A folder whose `node_modules` holds `packages`, each pinned as `name@version`.

    Made on first use, by one process while others wait for it; the same packages share it. Skips
    the test where there is no npm.
    """
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed; `.ci/run` installs it")
    assert all("@" in package[1:] for package in packages), "pin each version"
    folder = FOLDER / _name(packages)
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "installed"
    with locked(folder / "lock"):
        if not done.exists():
            quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel", "error"]
            # npm itself would wait five minutes for a connection on which nothing comes.
            patient = ["--fetch-retries", "5", "--fetch-timeout", "30000"]
            command = [npm, "install", "--prefix", str(folder), *quiet, *patient, *packages]
            subprocess.run(command, check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL)
            done.touch()
    return folder


def npm_program(name: str, *packages: str) -> Path:
    """The command `name` that `packages` bring."""
    return npm_folder(*packages) / "node_modules" / ".bin" / name


def place(script: Path, folder: Path) -> Path:
    """Put a copy of `script` beside the folder's packages, where its imports find them."""
    target = folder / script.name
    if not target.exists() or target.read_bytes() != script.read_bytes():
        fresh = folder / f"{script.name}.{os.getpid()}"
        shutil.copy(script, fresh)
        fresh.replace(target)  # in one step: another process may be reading it
    return target


def _name(packages: tuple[str, ...]) -> str:
    """Readable, and another one for other versions."""
    digest = sha256("\n".join(sorted(packages)).encode()).hexdigest()[:12]
    first = re.sub(r"[^a-z0-9.]+", "-", packages[0].lower()).strip("-")
    return f"{first}-{digest}"


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
