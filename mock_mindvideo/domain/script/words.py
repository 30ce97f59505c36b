"""The words of scripts: how each value is written, what it means, and on which requests it acts.

This table is what `/_mock/rules` and `mock-mindvideo rules` show.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from mock_mindvideo.domain.fault import AFTER_COMMIT, BEFORE_COMMIT, Fault
from mock_mindvideo.domain.instant import microseconds
from mock_mindvideo.domain.script import distributions
from mock_mindvideo.domain.script.kinds import Kind
from mock_mindvideo.domain.script.model import PlanOverrides, ScriptError
from mock_mindvideo.platform import PLATFORM

#: Characters of a message.
LONGEST_MESSAGE = 500


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the grammar: how its value is written, and how it is read.

    `on` are the kinds of request on which it can act. A word that stands `alone` takes no value.
    `sets` is the member it sets, if not its own name. Numbers are bounded by their digits.
    """

    form: str
    pattern: str
    convert: Callable[[str], Any]
    on: Kind = Kind.ANY
    alone: bool = False
    sets: str | None = None

    def member(self, name: str) -> str:
        return self.sets or name

    def read(self, name: str, value: str) -> Any:
        """What `value` means; raises ScriptError where it does not fit."""
        if not self.alone and not re.fullmatch(self.pattern, value, re.ASCII | re.DOTALL):
            raise ScriptError(f"'{name}={value[:100]}' does not fit: {self.form}")
        return self.convert(value)


def _microseconds(text: str) -> int:
    return microseconds(float(text))


def _window(text: str) -> tuple[int, int]:
    count, _, seconds = text.partition("/")
    return int(count), _microseconds(seconds)


def _seconds(form: str, digits: int, on: Kind = Kind.ANY) -> Word:
    pattern = rf"[0-9]{{1,{digits}}}(\.[0-9]{{1,6}})?"
    return Word(f"{form}, like 2 or 0.5, below {10**digits}", pattern, _microseconds, on)


def _times(form: str, digits: int, on: Kind = Kind.ANY) -> Word:
    """Seconds, or what they are drawn from."""
    fixed = _seconds(form, digits, on)
    form = f"{fixed.form}; or a distribution, like lognormal(30,0.5)"
    return Word(form, f"{fixed.pattern}|{distributions.PATTERN}", _fixed_or_drawn, on)


def _fixed_or_drawn(text: str) -> int | str:
    return _microseconds(text) if text[0].isdigit() else distributions.check(text)


#: Digits of the seconds that a client can be made to wait, and of a world's own: hours, years.
_WAIT, _STAY = 4, 8

_COUNT = Word("a whole number", "[0-9]{1,9}", int)

WORDS: Mapping[str, Word] = {
    "outcome": Word(
        "succeeded, failed, cancelled or stuck",
        "succeeded|failed|cancelled|stuck",
        str,
        Kind.SUBMIT,
    ),
    "queued": _times("seconds", _STAY, Kind.SUBMIT),
    "processing": _times("seconds", _STAY, Kind.SUBMIT),
    "error": Word(
        "an error code of lower case letters, digits and _", "[a-z0-9_]{1,64}", str, Kind.SUBMIT
    ),
    "message": Word(
        f'1 to {LONGEST_MESSAGE} characters, in "quotes" where it has a semicolon',
        f".{{1,{LONGEST_MESSAGE}}}",
        str,
        Kind.SUBMIT,
    ),
    "webhook-drop": Word(
        "attempts to tell a webhook that are lost",
        "[1-9][0-9]?",
        int,
        Kind.SUBMIT,
        sets="webhook_drop",
    ),
    "webhook-duplicate": Word(
        "alone: the webhook is told twice",
        "",
        lambda _: True,
        Kind.SUBMIT,
        alone=True,
        sets="webhook_duplicate",
    ),
    "webhook-reorder": Word(
        "alone: the webhook is told as late as its first retry, behind later ones",
        "",
        lambda _: True,
        Kind.SUBMIT,
        alone=True,
        sets="webhook_reorder",
    ),
    "delay": _times("seconds", _WAIT),
    "status": Word("a status from 400 to 599", "[45][0-9]{2}", int),
    "retry-after": Word("whole seconds", "[0-9]{1,8}", int, sets="retry_after"),
    "drop@before-commit": Word(
        "alone: the connection breaks, nothing was stored",
        "",
        lambda _: BEFORE_COMMIT,
        alone=True,
        sets="drop",
    ),
    "drop@after-commit": Word(
        "alone: the task is stored, its answer is lost",
        "",
        lambda _: AFTER_COMMIT,
        Kind.WHOLE,
        True,
        "drop",
    ),
    "truncate": Word(
        "bytes of the body before the connection breaks", "[0-9]{1,9}", int, Kind.WITH_BODY
    ),
    "malformed": Word("alone: the body is no JSON", "", lambda _: True, Kind.WITH_BODY, True),
    "drip": Word("bytes a second, from 1", "[1-9][0-9]{0,8}", int, Kind.WITH_BODY),
    "cut": Word("the event after which the stream closes", "[1-9][0-9]{0,8}", int, Kind.STREAM),
    "duplicate": Word("the event that is sent twice", "[1-9][0-9]{0,8}", int, Kind.STREAM),
    "heartbeats": _seconds("seconds of nothing but comments", _WAIT, Kind.STREAM),
    "limit": Word(
        "requests/seconds, like 10/60",
        r"[1-9][0-9]{0,8}/[1-9][0-9]{0,7}(\.[0-9]{1,6})?",
        _window,
    ),
    "times": _COUNT,
    "skip": _COUNT,
    "probability": Word("a number from 0 to 1", r"0|1|0?\.[0-9]{1,9}|1\.0{1,9}", float),
    "method": Word("an HTTP method, like POST", "[A-Z]{3,7}", str),
    "path": Word(f"a path, like {PLATFORM.paths.submit}", r"/[!-~]{0,255}", str),
}

#: The seconds that drawn ones stay below.
MOST_WAIT, MOST_STAY = 10.0**_WAIT, 10.0**_STAY

#: Words that decide a plan, and words that disturb, by the members they set.
PLAN_WORDS = frozenset(each.name for each in fields(PlanOverrides))
FAULT_WORDS = frozenset(each.name for each in fields(Fault))

#: Words that say which requests a script is for, and how often.
MODIFIERS = frozenset(("times", "skip", "probability", "method", "path"))
