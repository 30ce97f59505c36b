"""Patterns of schemas: ECMA-262 with the `u` flag, as JSON Schema says, within a budget of time.

The engine matches nearly all that has no back reference or look-around in linear time. The rest may
backtrack, so all matches of one validation share a budget of the processor's time, beyond what
reading their texts takes; where it is spent, nothing is found, and `Budget.slow` names the pattern.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

import corvus_regex_ecma262 as ecma

#: Seconds of the processor for all patterns of one validation.
SECONDS = 0.02

#: Seconds more for each character of a text: a linear match takes two nanoseconds, or less.
FOR_EACH = 6e-9

#: Tries of a match that was interrupted: on a busy machine time passes without any work done.
TRIES = 5


# Characters that stand for themselves, sets of them, groups, and counts of two digits at most.
_ITSELF = r"[A-Za-z0-9 :/,_@%=;<>!\"'-]"
_SET = r"\[\^?(?:[A-Za-z0-9](?:-[A-Za-z0-9])?|[ :/,_@%=;<>!\"'.+*?])+-?\]"
_PLAIN = re.compile(
    rf"\^?(?:(?:{_ITSELF}|{_SET}|\((?:{_ITSELF}|{_SET}|\|)+\))"
    r"(?:[*+?]|\{[0-9]{1,2}(?:,[0-9]{0,2})?\})?)*\$?"
)


class BadPattern(ValueError):
    """A pattern that is no regular expression of ECMA-262 under the `u` flag."""


@dataclass(slots=True)
class Budget:
    """What one validation has left for patterns, and the pattern that took too much."""

    left: float = SECONDS
    slow: str | None = None


#: The budget of the validation that this thread is at; None outside of any.
_current: ContextVar[Budget | None] = ContextVar("budget", default=None)


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> ecma.Regex:
    """The pattern as the engine has it; raises BadPattern."""
    try:
        return ecma.compile(pattern, "u")
    except ecma.error as error:
        raise BadPattern(_reason(error)) from None


def is_plain(pattern: str) -> bool:
    """Whether every engine reads the pattern alike, so that a quicker one may be asked."""
    return _PLAIN.fullmatch(pattern) is not None


def found(pattern: str, text: str) -> bool:
    """Whether the pattern is found in the text; False once the budget is spent.

    Outside of `budget()` each match has one of its own.
    """
    spent = _current.get() or Budget()
    if spent.slow is not None:
        return False
    verdict, used = _tried(compiled(pattern), text, spent.left + len(text) * FOR_EACH)
    spent.left -= max(0.0, used - len(text) * FOR_EACH)
    if verdict is None or spent.left < 0:
        spent.slow = pattern
    return bool(verdict)


@contextmanager
def budget() -> Iterator[Budget]:
    """A budget for all that is validated inside."""
    fresh = Budget()
    token = _current.set(fresh)
    try:
        yield fresh
    finally:
        _current.reset(token)


def _tried(regex: ecma.Regex, text: str, allowed: float) -> tuple[bool | None, float]:
    """Whether it is found, None where that takes more than `allowed`; and the seconds it took."""
    began = time.thread_time()
    for _ in range(TRIES):
        try:
            return regex.test(text, timeout=allowed), time.thread_time() - began
        except ecma.MatchLimitError:
            if time.thread_time() - began > allowed / 2:
                break
    return None, time.thread_time() - began


def _reason(error: ecma.error) -> str:
    return str(error).removeprefix("ecmaregex: ")
