"""The mock's own page in headless Chromium, by Playwright."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.browser.driving import CHROMIUM, NODE, PageError
from tests.npm import npm_folder, place

PACKAGES = ("playwright-core@1.49.1", "axe-core@4.10.2")


class Page:
    """One tab. `do` is a function of `ui.mjs`; raises PageError where it fails.

    What is done is drawn when `do` returns, and what the mock answers to it may come later: that is
    waited for, by something which was not there before. What is there for a moment only is what a
    click leads to: `do("click", selector, seen)` looks out for it from before the click.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._heard()

    def do(self, call: str, *args: Any) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"call": call, "args": args}) + "\n")
        self._process.stdin.flush()
        heard = self._heard()
        if "error" in heard:
            raise PageError(heard["error"])
        return heard["value"]

    def show(self, place: str) -> None:
        """Go to another place of the page, such as `default/journal?status=4`."""
        self.do("show", f"#/{place}")

    def text(self, selector: str) -> str:
        return str(self.do("text", selector))

    def _heard(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the browser's driver has ended; its errors stand above"
        return json.loads(line)


@contextmanager
def page() -> Iterator[Page]:
    """A tab; skips where there is no Chromium."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; `.ci/run` installs it")
    driver = place(NODE / "ui.mjs", npm_folder(*PACKAGES))
    with subprocess.Popen(
        ["node", str(driver), CHROMIUM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:  # closes its input at the end, which ends it
        yield Page(process)
