"""Runs the sessions of deploy/README.md, on free ports and in a folder of their own.

`python -m tests.packaging.deployed` writes what the commands really printed back.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from click.testing import CliRunner

from mock_mindvideo.cli import main as cli
from mock_mindvideo.serving import process
from mock_mindvideo.settings import PREFIX, Settings
from tests.packaging.documents import ROOT, write_files
from tests.packaging.image import instructions
from tests.packaging.readme import BLOCK, commands
from tests.ports import free_ports
from tests.redis_server import program

README = ROOT / "deploy" / "README.md"
SCRIPT = ROOT / "deploy" / "three-nodes"

#: The ports that the script takes by itself: nginx', and the nodes'.
PORTS = ("8080", "8081", "8082", "8083")

_MARK = "=== end of a command ==="


def image_environment() -> dict[str, str]:
    """The variables that the image sets for the server."""
    found: dict[str, str] = {}
    for name, rest in instructions((ROOT / "Dockerfile").read_text(encoding="utf-8")):
        if name == "ENV":
            found |= dict(each.split("=", 1) for each in shlex.split(rest))
    return {name: value for name, value in found.items() if name.startswith(PREFIX)}


def settings_of(environ: Mapping[str, str]) -> Settings:
    """The settings of a server that is started with these variables of ours, and no others."""
    seen: list[Settings] = []
    cleared: dict[str, str | None] = {name: None for name in os.environ if name.startswith(PREFIX)}
    with patch.object(process, "serve", lambda settings, announce: seen.append(settings)):
        result = CliRunner().invoke(cli, ["serve"], env={**cleared, **environ})
    assert result.exit_code == 0, result.output
    return seen[0]


@contextmanager
def cluster_environment(folder: Path) -> Iterator[dict[str, str]]:
    """What the script is started with, to be apart from all others; what still runs is stopped."""
    program()  # of Redis
    if shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin:/usr/local/sbin") is None:
        pytest.skip("nginx is not installed; `.ci/run` installs it")
    redis, *ports = map(str, free_ports(1 + len(PORTS)))
    scripts = Path(sys.executable).parent
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MOCK_MINDVIDEO_")} | {
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "CLUSTER": str(folder),
        "PORT": ports[0],
        "NODE_PORTS": " ".join(ports[1:]),
        "REDIS_PORT": redis,
    }
    try:
        yield environment
    finally:
        subprocess.run([SCRIPT, "stop"], env=environment, check=True, capture_output=True)


def rewritten(text: str) -> str:
    """The document with every output as it really is."""
    with TemporaryDirectory() as folder, cluster_environment(Path(folder)) as environment:
        used = [environment["PORT"], *environment["NODE_PORTS"].split()]
        ports = dict(zip(PORTS, used, strict=True))
        said = iter(_run(text, Path(folder), environment, ports))

        def fresh(block: re.Match[str]) -> str:
            parts = []
            for command in commands(block[0]):
                output = next(said).rstrip()
                parts.append(f"$ {command.text}\n" + (f"{output}\n" if output else ""))
            return "".join(parts)

        return BLOCK.sub(fresh, text)


def _run(
    text: str, folder: Path, environment: Mapping[str, str], ports: Mapping[str, str]
) -> list[str]:
    """What each command prints, all of them in one shell."""
    write_files(_swapped(text, ports), folder)
    (folder / "deploy").symlink_to(ROOT / "deploy")
    lines = [each.text for block in BLOCK.findall(text) for each in commands(block)]
    script = "".join(f"{_swapped(each, ports)}\necho '{_MARK}'\n" for each in lines)
    shell = ["bash", "-c", script]
    done = subprocess.run(
        shell, env=environment, cwd=folder, capture_output=True, text=True, timeout=900, check=False
    )
    assert not done.stderr, done.stderr
    back = {real: shown for shown, real in ports.items()}
    return _swapped(done.stdout, back).split(f"{_MARK}\n")


def _swapped(text: str, ports: Mapping[str, str]) -> str:
    return re.sub(r"\b\d{4,5}\b", lambda found: ports.get(found[0], found[0]), text)


if __name__ == "__main__":
    README.write_text(rewritten(README.read_text(encoding="utf-8")), encoding="utf-8")
