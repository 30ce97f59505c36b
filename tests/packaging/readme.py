"""Runs the README: every `console` block in order, in one folder, against the servers it starts.

`python -m tests.packaging.readme` writes what the commands really printed back into the README.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

README = Path(__file__).resolve().parents[2] / "README.md"

_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
_PYTHON = re.compile(r"(?<=^```python\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
_SHOWN_URL = "http://127.0.0.1:8080"


class Command(NamedTuple):
    """One `$ …` of the README, over several lines where they end in a backslash."""

    text: str
    output: str


def commands(block: str) -> Iterator[Command]:
    """The commands of a block, each with the output that the README shows."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    for part in parts:
        text, output = _cut(part.split("\n"))
        yield Command(text, output)


def _cut(lines: list[str]) -> tuple[str, str]:
    """The lines of the command itself, and the rest."""
    length = 1
    quotes = lines[0].count("'")
    while lines[length - 1].endswith("\\") or quotes % 2:
        quotes += lines[length].count("'")
        length += 1
    return "\n".join(lines[:length]), "\n".join(lines[length:])


class Session:
    """A folder, and the last server that was started in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._url = _SHOWN_URL
        self._stack = ExitStack()
        scripts = Path(sys.executable).parent
        self._environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def run(self, command: str) -> str:
        """What the command prints, with the server's address as the README shows it."""
        if command.startswith("mock-mindvideo serve"):
            return self._serve(command)
        done = subprocess.run(
            ["bash", "-c", command.replace(_SHOWN_URL, self._url)],
            check=False,
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return (done.stdout + done.stderr).replace(self._url, _SHOWN_URL)

    def _serve(self, command: str) -> str:
        self._stack.close()
        process = subprocess.Popen(
            [*command.split(), "--port", "0", "--log-level", "warning"],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._stack.callback(_stop, process)
        assert process.stdout is not None
        first = process.stdout.readline()
        self._url = first.split()[-1]
        lines = [first, process.stdout.readline(), process.stdout.readline()]
        return "".join(lines).replace(self._url, _SHOWN_URL)


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.communicate(timeout=30)


def python_blocks(text: str) -> list[str]:
    """The Python of the README."""
    return _PYTHON.findall(text)


def console_blocks(text: str) -> list[str]:
    """The shell sessions of the README."""
    return _BLOCK.findall(text)


def rewritten(text: str) -> str:
    """The README with every output as it really is."""
    with TemporaryDirectory() as folder, Session(Path(folder)) as session:

        def fresh(block: re.Match[str]) -> str:
            parts = []
            for command in commands(block[0]):
                output = session.run(command.text).rstrip()
                parts.append(f"$ {command.text}\n" + (f"{output}\n" if output else ""))
            return "".join(parts)

        return _BLOCK.sub(fresh, text)


if __name__ == "__main__":
    README.write_text(rewritten(README.read_text(encoding="utf-8")), encoding="utf-8")
