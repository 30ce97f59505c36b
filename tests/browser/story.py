"""A person new to the page makes a failing task, sees why, and copies the curl: step by step.

`docs/guides/page.md` tells it, `test_guide.py` does it, `screenshots.py` takes a picture of each
step.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from tests.browser.page import Page


class Act(NamedTuple):
    """One click: the label of what is clicked, as the guide names it, and where it is found."""

    label: str
    selector: str


class Step(NamedTuple):
    """What somebody does, and what they see then."""

    acts: tuple[Act, ...]
    seen: str

    def go(self, tab: Page) -> None:
        *first, last = self.acts or (None,)
        for act in first:
            tab.do("click", act.selector)
        if last is None:
            tab.do("wait", self.seen)
        else:
            tab.do("click", last.selector, self.seen)


def _view(name: str) -> Act:
    return Act(name, f"nav a:text-is('{name}')")


def _button(name: str, within: str = "main") -> Act:
    return Act(name, f"{within} button:text-is('{name}')")


_FAILING = "outcome=failed; error=content_policy; times=1"
_NEXT = _button("To next event", "header")

STEPS = (
    Step((), "h2:text-is('Tasks')"),
    Step(
        (
            _view("Scripts"),
            Act(_FAILING, f".presets button:has-text('{_FAILING}')"),
            _button("Add"),
        ),
        ".stored code",
    ),
    Step(
        (_view("Playground"), _button("Fill in the example"), _button("Send")),
        "main :text('task_')",
    ),
    Step((_view("Tasks"), _NEXT, _NEXT), ".task .status.failed"),
    Step((Act("failed", ".task:has(.status.failed)"),), "main .problem:has-text('content_policy')"),
    Step(
        (Act("POST", ".exchange .line"), _button("Copy as curl")),
        ".notice:has-text('Copied as curl')",
    ),
)


@contextmanager
def served(*options: str) -> Iterator[str]:
    """The address of `mock-mindvideo serve`, as whoever follows the guide starts it."""
    serve = [sys.executable, "-m", "mock_mindvideo", "serve", "--port", "0"]
    with subprocess.Popen(
        [*serve, "--log-level", "error", *options], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()
