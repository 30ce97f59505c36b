"""Runs the documents: the `console` blocks of each in order, in a folder of its own, against the
servers that they start.

`python -m tests.packaging.readme` writes what the commands really printed back into README and
docs/; with paths, into those documents only.
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

from tests.packaging.documents import documents, write_files

#: The commands of a session, and what they print.
BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
#: What a user's pytest is without: plugins that this project's own tests need, and a cache.
PYTEST = " ".join(
    f"-p no:{plugin}"
    for plugin in (
        "cacheprovider",
        "asyncio",
        "randomly",
        "timeout",
        "xdist",
        "schemathesis",
        "pact",
    )
)

#: What a reader's terminal is without: colours, a width, the mark of a build server.
_SHOWING = {"CI", "BUILD_NUMBER", "COLUMNS", "FORCE_COLOR", "NO_COLOR", "PY_COLORS"}

_SHOWN_URL = "http://127.0.0.1:8080"


class Command(NamedTuple):
    """One `$ …` of a document, over several lines where they end in a backslash."""

    text: str
    output: str


def commands(block: str) -> Iterator[Command]:
    """The commands of a block, each with the output that the document shows."""
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


def _shows(name: str) -> bool:
    """Whether the variable changes what a program prints, or what the mock does.

    With `CI` or `BUILD_NUMBER` pytest prints whole messages in its summary.
    """
    return name in _SHOWING or name.startswith(("MOCK_MINDVIDEO_", "PYTEST_", "HYPOTHESIS_"))


class Session:
    """A folder, and the last server that was started in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._url = _SHOWN_URL
        self._stack = ExitStack()
        scripts = Path(sys.executable).parent
        readers = {name: value for name, value in os.environ.items() if not _shows(name)}
        self._environment = readers | {
            "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
            "PYTEST_ADDOPTS": PYTEST,
        }

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def run(self, command: str) -> str:
        """What the command prints, with the server's address as documents show it."""
        if command.startswith("mock-mindvideo serve"):
            return self._serve(command)
        done = subprocess.run(
            ["bash", "-c", command.replace(_SHOWN_URL, self._url)],
            check=False,
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=300,
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
    process.communicate(timeout=120)


def rewritten(text: str) -> str:
    """The document with every output as it really is."""
    with TemporaryDirectory() as folder, Session(Path(folder)) as session:
        write_files(text, Path(folder))

        def fresh(block: re.Match[str]) -> str:
            parts = []
            for command in commands(block[0]):
                output = session.run(command.text).rstrip()
                parts.append(f"$ {command.text}\n" + (f"{output}\n" if output else ""))
            return "".join(parts)

        return BLOCK.sub(fresh, text)


def main(chosen: list[str]) -> None:
    """Rewrite the chosen documents, or all of them."""
    for document in documents():
        if chosen and document.name not in chosen:
            continue
        document.path.write_text(rewritten(document.text), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
