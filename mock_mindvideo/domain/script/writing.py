"""How scripts are written: words between semicolons, `outcome=failed; message="a; b"`.

A value may stand in double quotes with the escapes of JSON, where it holds a semicolon, a line
break, or white space at its ends. In a header a value may be percent-encoded besides.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, unquote_to_bytes

from mock_mindvideo.domain.script.model import ScriptError

#: A word's name and its value as it stands there; None where it stands alone.
WordAndValue = tuple[str, str | None]

#: Words of a script, more than there are.
MOST_WORDS = 32

# In all three, each character can be read in one way only, so that nothing is tried twice.
_STRING = r'"(?:[^"\\]|\\.)*+"'
_QUOTED = re.compile(_STRING, re.DOTALL)
_PIECE = re.compile(rf"([^;=]*+)(?:=\s*+({_STRING}(?=\s*+(?:;|\Z))|[^;]*+)\s*+)?;?", re.DOTALL)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u0085\u2028\u2029]|%[0-9A-Fa-f]{2}")

_PRINTABLE = "".join(map(chr, range(0x20, 0x7F))).replace("%", "")


def pieces(text: str) -> Iterator[WordAndValue]:
    """The words of a script, each with its value as it was written."""
    at, count = 0, 0
    while at < len(text):
        found = _PIECE.match(text, at)
        assert found is not None  # noqa: S101 - it matches the empty text too
        at = found.end() if found.end() > at else len(text)
        name, value = found[1].strip(), found[2]
        if name or value is not None:
            count += 1
            if count > MOST_WORDS:
                raise ScriptError(f"a script has at most {MOST_WORDS} words")
            yield name, None if value is None else value.strip()


def plain(value: str) -> str:
    """What a value says: itself, or what stands in its quotes; raises ScriptError."""
    if not _is_quoted(value):
        return value
    try:
        return str(json.loads(value, strict=False))
    except ValueError:
        raise ScriptError(f"{value[:100]} has an escape that JSON does not know") from None


def written(words: Iterable[WordAndValue] | Mapping[str, str | None]) -> str:
    """The text of a script that says these words, whatever their values hold."""
    each = words.items() if isinstance(words, Mapping) else words
    return "; ".join(name if value is None else f"{name}={_quoted(value)}" for name, value in each)


def safe(text: str) -> bool:
    """Whether a script may be shown as it came: one line, the same wherever it is sent."""
    return _UNSAFE.search(text) is None


def from_percent(value: str) -> str:
    """The text of a script in a header; raises ScriptError where it is not UTF-8.

    `value` has one character a byte, and is read as UTF-8 before anything is looked for in it: a
    byte of a letter is no white space. Where its `=` is encoded too, all of it is decoded first.
    """
    text = value if value.isascii() else _as_utf8(value.encode("latin-1"), value)
    if "=" not in text and "%3d" in text.lower():
        return _decoded(text)
    if "%" not in text:
        return text
    return written((_decoded(name), _of_header(raw)) for name, raw in pieces(text))


def in_header(text: str) -> str:
    """The text of a script as a header takes it: printable ASCII, all else percent-encoded."""
    return quote(text, safe=_PRINTABLE)


def _of_header(raw: str | None) -> str | None:
    return None if raw is None else plain(_decoded(raw)) if _is_quoted(raw) else _decoded(raw)


def _decoded(text: str) -> str:
    return _as_utf8(unquote_to_bytes(text.encode()), text)


def _as_utf8(sent: bytes, shown: str) -> str:
    try:
        return sent.decode()
    except UnicodeError:
        raise ScriptError(f"{shown[:100]} is not UTF-8, percent-encoded or as it is") from None


def _is_quoted(value: str) -> bool:
    return _QUOTED.fullmatch(value) is not None


def _quoted(value: str) -> str:
    bare = value == value.strip() and ";" not in value and value[:1] != '"' and safe(value)
    if bare:
        return value
    text = json.dumps(value, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0][0]):04x}{found[0][1:]}", text)
