"""A page in headless Chromium, served by Vite on a port of its own, told what to do."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.npm import npm_folder, place

NODE = Path(__file__).parent / "node"
PACKAGES = (
    "@microsoft/fetch-event-source@2.0.1",
    "eventsource-client@1.2.0",
    "eventsource@4.1.1",
    "playwright-core@1.49.1",
    "vite@7.3.8",
)
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)


class PageError(Exception):
    """What a page's own code threw, such as `TypeError: Failed to fetch`."""


class Browser:
    """One Chromium with two pages: one of this machine's origin, and a foreign one."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.origin = str(self._heard()["origin"])

    def do(self, call: str, *args: Any, page: str = "here") -> Any:
        """What a function of `page.js` returns; raises PageError."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"page": page, "call": call, "args": args}) + "\n")
        self._process.stdin.flush()
        heard = self._heard()
        if "error" in heard:
            raise PageError(heard["error"])
        return heard.get("value")

    def _heard(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the browser's driver has ended; its errors stand above"
        return json.loads(line)


@contextmanager
def browser(target: str, profile: Path) -> Iterator[Browser]:
    """Pages whose proxies lead to `target`; skips where there is no Chromium."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; `.ci/run` installs it")
    folder = npm_folder(*PACKAGES)
    for file in NODE.iterdir():
        place(file, folder)
    command = ["node", str(folder / "drive.mjs"), CHROMIUM, str(profile), target]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:  # closes its input at the end, which ends it
        yield Browser(process)
