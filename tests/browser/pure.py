"""The playground's logic in Node.js, without a browser."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import mock_mindvideo.web.page

STATIC = Path(mock_mindvideo.web.page.__file__).parent / "static"


class NodeError(Exception):
    """What the logic threw."""


class Logic:
    """`do` is a function of `pure.mjs`; raises NodeError."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def do(self, call: str, *args: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"call": call, "args": args}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "Node.js has ended; its errors stand above"
        told = json.loads(line)
        if "error" in told:
            raise NodeError(told["error"])
        return told["value"]


@contextmanager
def logic(folder: Path) -> Iterator[Logic]:
    """The logic, copied to an empty folder that says that its files are modules."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed; `.ci/run` installs it")
    shutil.copytree(STATIC, folder / "static")
    (folder / "package.json").write_text('{"type": "module"}')
    script = Path(__file__).parent / "node" / "pure.mjs"
    with subprocess.Popen(
        [node, str(script), str(folder / "static")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:  # closes its input at the end, which ends it
        yield Logic(process)
