r"""Patterns for drawing: what Hypothesis, which reads Python's dialect, is asked to draw from.

ECMA-262 is another dialect. Here each of its tokens is written as Python has it, closely enough
that nearly all of what is drawn is right; the engine that validates looks at each text
(`searches`), so nothing wrong comes through. Classes by property (`\p{L}`) become the characters
that the engine itself finds in them.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import cache

import corvus_regex_ecma262 as ecma

_TOKENS = re.compile(
    r"""
    \\u\{ (?P<point>[0-9a-fA-F]+) \}
  | \\u (?P<high>[dD][89abAB][0-9a-fA-F]{2}) \\u (?P<low>[dD][c-fC-F][0-9a-fA-F]{2})
  | \\u (?P<unit>[0-9a-fA-F]{4})
  | \\x (?P<byte>[0-9a-fA-F]{2})
  | \\c (?P<control>[a-zA-Z])
  | (?P<property>\\[pP]\{[^}]*\})
  | \\k< (?P<back>[^>]+) >
  | \(\?< (?P<group>[^=!>][^>]*) >
  | \(\?<(?P<behind>[=!])
  | (?P<word>\\[bBdDwWsSfnrtv0-9]+?)(?![0-9])
  | \\ (?P<escaped>.)
  | (?P<any>\[\^\])
  | (?P<none>\[\])
  | (?P<plain>.)
    """,
    re.VERBOSE | re.DOTALL,
)

#: So many characters of a class by property are drawn from, spread over all that it has.
_SAMPLE = 512

_IN_CLASS = frozenset("[]^-&~|#\\")

#: What is no word or digit is left out of a class: in Python's terms, all but a few of the rest.
_NARROWED = re.compile(r"\[\^(?:\\[^DW]|[^\]\\])*\\[DW]")

_GROUP = re.compile(r"(?<!\\)\(\?<([^=!>][^>]*)>")

#: Tokens that are characters like any other inside a class.
_OUTSIDE_ONLY = frozenset(("any", "none", "group", "behind", "back"))


def for_drawing(pattern: str) -> re.Pattern[str]:
    """The pattern as Python has it, near enough to draw from.

    Raises:
        ValueError: with what Python has no word for.
    """
    try:
        with warnings.catch_warnings():  # of sets inside classes, which Python may have one day
            warnings.simplefilter("ignore", FutureWarning)
            flag = re.ASCII if _NARROWED.search(pattern) else re.NOFLAG
            return re.compile("".join(_written(pattern)), flag)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"no texts can be drawn for {pattern!r}: {error}") from None


def _written(pattern: str) -> Iterator[str]:
    names: list[str] = _GROUP.findall(pattern)
    inside = False
    for token in _TOKENS.finditer(pattern):
        kind, text = token.lastgroup or "plain", token[token.lastgroup or 0]
        if inside and kind in _OUTSIDE_ONLY:
            inside = not token[0].endswith("]")
            yield "".join(_literal(each, inside=True) for each in token[0].removesuffix("]"))
            yield "]" if not inside else ""
        elif kind == "plain" and text == ("]" if inside else "["):
            inside = not inside
            yield text
        else:
            text = token["high"] + text if kind == "low" else text
            if inside and kind == "plain" and text not in "^-":
                kind = "escaped"
            yield _token(kind, text, names, inside=inside)


def _token(kind: str, text: str, names: list[str], *, inside: bool) -> str:
    """One token as Python has it; inside of a class or out of it."""
    if kind in _CHARACTERS:
        return _literal(_CHARACTERS[kind](text), inside=inside)
    if kind == "property":
        return _members(text) if inside else f"[{_members(text)}]"
    if kind in _FORMS:
        return _FORMS[kind].format(names.index(text) if text in names else text)
    return (_INSIDE if inside else _OUTSIDE).get(text, text)


def _of_code(text: str) -> str:
    return chr(int(text, 16))


#: Tokens that stand for one character, and which.
_CHARACTERS: Mapping[str, Callable[[str], str]] = {
    "point": _of_code,
    "unit": _of_code,
    "byte": _of_code,
    "low": lambda text: bytes.fromhex(text).decode("utf-16-be"),
    "control": lambda text: chr(ord(text) % 32),
    "escaped": str,
}

#: Tokens that have another form; groups are numbered, since Python's names are other ones.
_FORMS: Mapping[str, str] = {
    "group": "(?P<g{}>",
    "back": "(?P=g{})",
    "behind": "(?<{}",
    "any": r"[\s\S]",
    "none": "(?!a?)",  # not (?!), of which newer Pythons make what Hypothesis cannot draw
}


#: Words that mean less in ECMA-262, or something else. Not told by `re.ASCII`: with it, Hypothesis
#: before 6.168 draws nothing but ASCII. Python's \D and \W in a class are narrower, and right,
#: unless the class is `_NARROWED`.
_INSIDE: Mapping[str, str] = {r"\b": r"\x08", r"\d": "0-9", r"\w": "0-9A-Z_a-z"}
_OUTSIDE: Mapping[str, str] = {
    "$": r"\Z",
    r"\0": r"\x00",
    r"\d": "[0-9]",
    r"\D": "[^0-9]",
    r"\w": "[0-9A-Z_a-z]",
    r"\W": "[^0-9A-Z_a-z]",
}


def _literal(character: str, *, inside: bool) -> str:
    if inside:
        return "\\" + character if character in _IN_CLASS else character
    return re.escape(character)


@cache
def _members(word: str) -> str:
    """Characters of a class by property, as the inside of a class of Python's."""
    found = ecma.compile(f"[^{word}]", "gu").replace(_every_character(), "")
    step = max(1, len(found) // _SAMPLE)
    return "".join(_literal(each, inside=True) for each in found[::step])


@cache
def _every_character() -> str:
    codes = (*range(0xD800), *range(0xE000, sys.maxunicode + 1))
    return "".join(map(chr, codes))
