"""Scripts read: from their text, from a header, from JSON's and TOML's tables of words."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from mock_mindvideo.domain.fault import Fault
from mock_mindvideo.domain.nearest import meant
from mock_mindvideo.domain.script.clashes import acting, check_request
from mock_mindvideo.domain.script.kinds import Added, Kind, kind_of
from mock_mindvideo.domain.script.model import PlanOverrides, Script, ScriptError
from mock_mindvideo.domain.script.words import FAULT_WORDS, MODIFIERS, PLAN_WORDS, WORDS
from mock_mindvideo.domain.script.writing import from_percent, pieces, plain, safe, written

#: Characters of a script, and of a header that carries one percent-encoded.
LONGEST = 1000
LONGEST_HEADER = 9 * LONGEST


def parse(text: str, added: Added = ()) -> Script:
    """The script written in `text`, as JSON and TOML hold it.

    `added` are the requests that the dialect in force adds, which a script may be for.

    Raises ScriptError for an unknown word (with the nearest known one), a word given twice, a
    missing or unfit value, a word that would do nothing, or nothing at all.
    """
    _check_length(len(text), LONGEST)
    return _parsed(text, added)


def from_header(value: str, method: str, path: str, *, streaming: bool) -> Script:
    """The script in a request's own header; `value` has one character a byte.

    Raises ScriptError as `parse` does, and for a word that cannot act on this very request.
    """
    _check_length(len(value), LONGEST_HEADER)
    added = kind_of(method, path, streaming=streaming) is Kind.EXTENDED
    script = parse(_header_text(value), ((method, path),) if added else ())
    check_request(script, _words(script.text), method, path, streaming=streaming)
    return script


def from_table(table: Mapping[str, Any], added: Added = ()) -> Script:
    """The script of a JSON object or a TOML table: each word a member, `true` for one alone."""
    return parse(written((name, _text(name, value)) for name, value in table.items()), added)


def together(first: str, second: str) -> str:
    """One script that says what two did to a request; how often each fires is left out."""
    words = {**_words(second), **_words(first)}
    both = written({name: said for name, said in words.items() if name not in MODIFIERS})
    try:
        return parse(both).text
    except ScriptError:  # each had its say, at moments that one script does not have
        return f"{first}, {second}"


_header_text: Callable[[str], str] = lru_cache(maxsize=256)(from_percent)


def _text(name: str, value: object) -> str | None:
    if value is True:
        return None
    if isinstance(value, str | int | float) and value is not False:
        return str(value)
    raise ScriptError(
        f"the word '{name[:40]}' takes a text or a number, or true if it stands alone"
    )


def _check_length(length: int, most: int) -> None:
    if length > most:
        raise ScriptError(f"a script has at most {most} characters; this one has {length}")


@lru_cache(maxsize=1024)
def _parsed(text: str, added: Added = ()) -> Script:
    said = _words(text)
    if not any(WORDS[name].member(name) in _DOING for name in said):
        raise ScriptError(f"the script '{text}' says nothing to do; try 'outcome=failed'")
    shown = text.strip() if safe(text.strip()) else written(said)
    values = {WORDS[name].member(name): WORDS[name].read(name, said[name] or "") for name in said}
    plan = {name: values.pop(name) for name in values.keys() & PLAN_WORDS}
    harm = {name: values.pop(name) for name in values.keys() & FAULT_WORDS}
    fault = Fault(**harm) if harm else None
    return Script(
        text=shown,
        plan=PlanOverrides(**plan),
        fault=fault,
        acts_on=acting(said, added).value,
        **values,
    )


@lru_cache(maxsize=1024)
def _words(text: str) -> Mapping[str, str | None]:
    """What a script says: each word with its value, None for one that stands alone."""
    said: dict[str, str | None] = {}
    for name, raw in pieces(text):
        if name not in WORDS:
            quotes = "; a message with a semicolon stands in double quotes" * ("message" in said)
            raise ScriptError(
                f"unknown word '{name[:40]}'{_nearest(name)} in the script '{text}'{quotes}"
            )
        word = WORDS[name]
        if word.member(name) in {WORDS[each].member(each) for each in said}:
            raise ScriptError(f"the word '{name}' stands twice in the script '{text}'")
        if (raw is not None) == word.alone:
            problem = "takes no value" if word.alone else f"needs a value: {word.form}"
            raise ScriptError(f"the word '{name}' {problem}")
        said[name] = None if raw is None else plain(raw)
        word.read(name, said[name] or "")
    return said


_DOING = PLAN_WORDS | FAULT_WORDS


def _nearest(name: str) -> str:
    moments = (word for word in WORDS if word.startswith(f"{name.lower()}@"))
    near = next(moments, None)
    return f" (did you mean '{near}'?)" if near else meant(name, WORDS)
