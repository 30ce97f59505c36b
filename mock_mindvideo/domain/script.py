"""Scripts: what a test or a person says should happen, `outcome=failed; error=content_policy`.

One text form for every trigger, parsed here and nowhere else. Three kinds of word: those of a
scenario decide a task's plan, those of a fault disturb the transport, those of a modifier say
which requests a script is for.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any

from mock_mindvideo.domain.fault import AFTER_COMMIT, BEFORE_COMMIT, Fault
from mock_mindvideo.domain.instant import Instant, microseconds

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
    "drop-before-commit": "drop@before-commit; times=1",
    "drop-after-commit": "drop@after-commit; times=1",
    "unavailable": "status=503; retry-after=1; times=1",
    "rate-limited": "status=429; retry-after=1; times=1",
    "malformed": "malformed; times=1",
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
    """A parsed script. `times` None means always; `seen` counts the requests it was asked for.

    `opened` and `counted` are the window of a limit: when it began, and its requests so far.
    `whose` tells apart what a script that came with a request is counted for.
    """

    text: str
    scenario: Scenario = field(default_factory=Scenario)
    fault: Fault | None = None
    times: int | None = None
    skip: int = 0
    probability: float = 1.0
    method: str | None = None
    path: str | None = None
    id: str = ""
    origin: str = "header"
    seen: int = 0
    used: int = 0
    opened: Instant = 0
    counted: int = 0
    whose: str = ""

    def is_for(self, method: str, path: str, *, streaming: bool = False) -> bool:
        """Whether the request is one the script speaks of, its counts aside.

        A `*` in `path` stands for one segment. A script with a plan is for requests that make a
        task, one that only disturbs streams is for those.
        """
        if self.method not in (None, method):
            return False
        if self.path not in (None, path) and not _matches(self.path or "", path):
            return False
        if self.fault is None:
            return True
        if self.fault.only_streams:
            return streaming
        return method == "POST" or self.scenario == Scenario()

    @property
    def spent(self) -> bool:
        return self.times is not None and self.used >= self.times

    @property
    def unused(self) -> bool:
        """Whether it has had no effect so far; a limit that was kept has had one."""
        return not (self.used or self.counted)

    @property
    def counts(self) -> bool:
        """Whether what it does depends on the requests before."""
        limited = self.fault is not None and self.fault.limit is not None
        return self.times is not None or self.skip > 0 or self.probability < 1 or limited

    def asked(self, draw: Callable[[str], float], now: Instant = 0) -> tuple["Script", bool]:
        """The script after one more request, and whether it fires for it.

        `draw` gives a number in [0, 1) for a name, the same one for the same seed.
        """
        turn = replace(self, seen=self.seen + 1)
        due = not self.spent and self.seen >= self.skip
        fires = due and (self.probability >= 1 or draw(f"{self.id}:{self.seen}") < self.probability)
        if fires and self.fault is not None and self.fault.limit is not None:
            turn, fires = turn._counted(self.fault.limit, now)
        return (replace(turn, used=self.used + 1), True) if fires else (turn, False)

    def _counted(self, limit: tuple[int, int], now: Instant) -> tuple["Script", bool]:
        most, length = limit
        if not self.counted or now >= self.opened + length:
            return replace(self, opened=now, counted=1), False
        if self.counted < most:
            return replace(self, counted=self.counted + 1), False
        return self, True


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
        word = WORDS[name]
        if word.member(name) in words:
            raise ScriptError(f"the word '{name}' stands twice in the script '{text}'")
        if bool(equals) == word.alone:
            problem = "takes no value" if word.alone else f"needs a value: {word.form}"
            raise ScriptError(f"the word '{name}' {problem}")
        words[word.member(name)] = word.read(name, value)
    return _script(text, words)


def _script(text: str, words: dict[str, Any]) -> Script:
    plan = {name: words.pop(name) for name in words.keys() & _SCENARIO_WORDS}
    harm = {name: words.pop(name) for name in words.keys() & _FAULT_WORDS}
    if not plan and not harm:
        raise ScriptError(f"the script '{text}' says nothing to do; try 'outcome=failed'")
    if harm.keys() == {"retry_after"}:
        raise ScriptError("the word 'retry-after' needs 'status=429' or another status beside it")
    fault = Fault(**harm) if harm else None
    return Script(text=text.strip(), scenario=Scenario(**plan), fault=fault, **words)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the grammar: how its value is written, and how it is read.

    A word that stands `alone` takes no value. `sets` is the member it sets, if not its own name.
    """

    form: str
    pattern: str
    convert: Callable[[str], object]
    alone: bool = False
    sets: str | None = None

    def member(self, name: str) -> str:
        return self.sets or name

    def read(self, name: str, value: str) -> object:
        if not self.alone and not re.fullmatch(self.pattern, value, re.ASCII):
            raise ScriptError(f"'{name}={value}' does not fit: {self.form}")
        return self.convert(value)


def _window(text: str) -> tuple[int, int]:
    count, _, seconds = text.partition("/")
    return int(count), microseconds(float(seconds))


_SECONDS = Word(
    "seconds, like 2 or 0.5", r"[0-9]{1,9}(\.[0-9]{1,6})?", lambda s: microseconds(float(s))
)
_COUNT = Word("a whole number", "[0-9]{1,9}", int)
_ORDINAL = Word("a whole number from 1", "[1-9][0-9]{0,8}", int)

WORDS: Mapping[str, Word] = {
    "outcome": Word(
        "succeeded, failed, cancelled or stuck", "succeeded|failed|cancelled|stuck", str
    ),
    "queued": _SECONDS,
    "processing": _SECONDS,
    "error": Word("an error code of lower case letters, digits and _", "[a-z0-9_]{1,64}", str),
    "message": Word("1 to 200 printable ASCII characters", "[ -~]{1,200}", str),
    "delay": _SECONDS,
    "status": Word("a status from 400 to 599", "[45][0-9]{2}", int),
    "retry-after": Word("whole seconds", "[0-9]{1,9}", int, sets="retry_after"),
    "drop@before-commit": Word(
        "alone: the connection breaks, nothing was stored",
        "",
        lambda _: BEFORE_COMMIT,
        True,
        "drop",
    ),
    "drop@after-commit": Word(
        "alone: the task is stored, its answer is lost", "", lambda _: AFTER_COMMIT, True, "drop"
    ),
    "truncate": Word("bytes of the body before the connection breaks", "[0-9]{1,9}", int),
    "malformed": Word("alone: the body is no JSON", "", lambda _: True, alone=True),
    "drip": Word("bytes a second, from 1", "[1-9][0-9]{0,8}", int),
    "cut": Word("the event after which the stream closes", "[1-9][0-9]{0,8}", int),
    "duplicate": Word("the event that is sent twice", "[1-9][0-9]{0,8}", int),
    "heartbeats": Word("seconds of nothing but comments", _SECONDS.pattern, _SECONDS.convert),
    "limit": Word(
        "requests/seconds, like 10/60", r"[1-9][0-9]{0,8}/[1-9][0-9]{0,8}(\.[0-9]{1,6})?", _window
    ),
    "times": _COUNT,
    "skip": _COUNT,
    "probability": Word("a number from 0 to 1", r"0|1|0?\.[0-9]{1,9}|1\.0+|0\.[0-9]+", float),
    "method": Word("an HTTP method, like POST", "[A-Z]{3,7}", str),
    "path": Word("a path, like /api/v1/tasks", r"/[!-~]{0,255}", str),
}

_SCENARIO_WORDS = frozenset(each.name for each in fields(Scenario))
_FAULT_WORDS = frozenset(each.name for each in fields(Fault))


@lru_cache(maxsize=1024)
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("[^/]*".join(map(re.escape, path.split("*"))))


def _matches(pattern: str, path: str) -> bool:
    return "*" in pattern and _pattern(pattern).fullmatch(path) is not None


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name, WORDS, n=1)
    return f" (did you mean '{near[0]}'?)" if near else f"; known are {', '.join(WORDS)}"


def magic(url: object) -> str | None:
    """The script that a reference URL stands for, or None; the host decides."""
    if not isinstance(url, str) or MAGIC_DOMAIN not in url:
        return None
    found = re.match(rf"https?://([a-z0-9-]+)\.{re.escape(MAGIC_DOMAIN)}(?=[:/?#]|$)", url)
    return MAGIC_HOSTS.get(found[1]) if found else None


def magic_in(body: bytes) -> str | None:
    """The script of the first magic host that a body names, before anybody has read the body."""
    if MAGIC_DOMAIN.encode() not in body:
        return None
    known = (MAGIC_HOSTS.get(found.decode()) for found in _MAGIC.findall(body))
    return next(filter(None, known), None)


_MAGIC = re.compile(
    rb'"https?:(?:\\?/){2}([a-z0-9-]+)\.' + re.escape(MAGIC_DOMAIN.encode()) + rb'(?=[:/?#"\\])'
)
