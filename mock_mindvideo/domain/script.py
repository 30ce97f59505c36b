"""Scripts: what a test or a person says should happen, `outcome=failed; error=content_policy`.

One text form for every trigger, parsed here and nowhere else. Two kinds of word: those of a
scenario decide a task's plan, those of a modifier say which requests a script is for. The words
that disturb the transport will be a third kind, beside `Scenario`, in the same table.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from mock_mindvideo.domain.instant import microseconds

#: Hosts under this name in a reference URL are scripts: `https://stuck.mock.invalid/x.jpg`.
MAGIC_DOMAIN = "mock.invalid"

MAGIC_HOSTS: Mapping[str, str] = {
    "fail": "outcome=failed",
    "fail-content-policy": "outcome=failed; error=content_policy",
    "fail-invalid-reference": "outcome=failed; error=invalid_reference",
    "fail-timeout": "outcome=failed; error=timeout",
    "cancel": "outcome=cancelled",
    "stuck": "outcome=stuck",
    "slow": "queued=30; processing=300",
    "instant": "queued=0; processing=0",
}


class ScriptError(ValueError):
    """A script that cannot be read; the message says which word, and what was expected."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Overrides of a task's plan; None leaves the default. Times are in microseconds."""

    outcome: str | None = None
    queued: int | None = None
    processing: int | None = None
    error: str | None = None
    message: str | None = None

    def stay(self, state: str) -> int | None:
        """The overridden stay in a waiting state, if any."""
        stays: dict[str, int | None] = {"queued": self.queued, "processing": self.processing}
        return stays.get(state)


@dataclass(frozen=True, slots=True)
class Script:
    """A parsed script. `times` None means always; `seen` counts the requests it was asked for."""

    text: str
    scenario: Scenario = field(default_factory=Scenario)
    times: int | None = None
    skip: int = 0
    probability: float = 1.0
    method: str | None = None
    path: str | None = None
    id: str = ""
    origin: str = "header"
    seen: int = 0
    used: int = 0

    def is_for(self, method: str, path: str) -> bool:
        """Whether the request is one the script speaks of, its counts aside."""
        return self.method in (None, method) and self.path in (None, path)

    @property
    def spent(self) -> bool:
        return self.times is not None and self.used >= self.times

    def asked(self, draw: Callable[[str], float]) -> tuple["Script", bool]:
        """The script after one more request, and whether it fires for it.

        `draw` gives a number in [0, 1) for a name, the same one for the same seed.
        """
        turn = replace(self, seen=self.seen + 1)
        due = not self.spent and self.seen >= self.skip
        fires = due and (self.probability >= 1 or draw(f"{self.id}:{self.seen}") < self.probability)
        return (replace(turn, used=self.used + 1), True) if fires else (turn, False)


@lru_cache(maxsize=1024)
def parse(text: str) -> Script:
    """The script written in `text`.

    Raises ScriptError for an unknown word (with the nearest known one), a word given twice, a
    missing or unfit value, or nothing at all.
    """
    words: dict[str, Any] = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if name not in WORDS:
            raise ScriptError(f"unknown word '{name}'{_nearest(name)} in the script '{text}'")
        if name in words:
            raise ScriptError(f"the word '{name}' stands twice in the script '{text}'")
        if not equals:
            raise ScriptError(f"the word '{name}' needs a value: {WORDS[name].form}")
        words[name] = WORDS[name].read(name, value)
    if not words.keys() & _SCENARIO_WORDS:
        raise ScriptError(f"the script '{text}' says nothing to do; try 'outcome=failed'")
    scenario = Scenario(**{name: words.pop(name) for name in words.keys() & _SCENARIO_WORDS})
    return Script(text=text.strip(), scenario=scenario, **words)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the grammar: how its value is written, and how it is read."""

    form: str
    pattern: str
    convert: Callable[[str], object]

    def read(self, name: str, value: str) -> object:
        if not re.fullmatch(self.pattern, value, re.ASCII):
            raise ScriptError(f"'{name}={value}' does not fit: {self.form}")
        return self.convert(value)


_SECONDS = Word(
    "seconds, like 2 or 0.5", r"[0-9]{1,9}(\.[0-9]{1,6})?", lambda s: microseconds(float(s))
)
_COUNT = Word("a whole number", "[0-9]{1,9}", int)

WORDS: Mapping[str, Word] = {
    "outcome": Word(
        "succeeded, failed, cancelled or stuck", "succeeded|failed|cancelled|stuck", str
    ),
    "queued": _SECONDS,
    "processing": _SECONDS,
    "error": Word("an error code of lower case letters, digits and _", "[a-z0-9_]{1,64}", str),
    "message": Word("1 to 200 printable ASCII characters", "[ -~]{1,200}", str),
    "times": _COUNT,
    "skip": _COUNT,
    "probability": Word("a number from 0 to 1", r"0|1|0?\.[0-9]{1,9}|1\.0+|0\.[0-9]+", float),
    "method": Word("an HTTP method, like POST", "[A-Z]{3,7}", str),
    "path": Word("a path, like /api/v1/tasks", r"/[!-~]{0,255}", str),
}

_SCENARIO_WORDS = frozenset(("outcome", "queued", "processing", "error", "message"))


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name, WORDS, n=1)
    return f" (did you mean '{near[0]}'?)" if near else f"; known are {', '.join(WORDS)}"


def magic(url: object) -> str | None:
    """The script that a reference URL stands for, or None; the host decides."""
    if not isinstance(url, str) or MAGIC_DOMAIN not in url:
        return None
    found = re.match(rf"https?://([a-z0-9-]+)\.{re.escape(MAGIC_DOMAIN)}(?=[:/?#]|$)", url)
    return MAGIC_HOSTS.get(found[1]) if found else None
