"""Keys as they may be shown: in the log, in the journal, wherever a text came from outside.

A key is found as it stands, and behind escapes too, however many times they were applied: percent
(`mv%5Flive%5F…`, `%256Dv_live_…`) and those of JSON (`\\u006dv_live_…`).
"""

import re

from mock_mindvideo.platform import PLATFORM

#: What stands in every key; a text without it, and without escapes, need not be searched.
KEY_MARK = PLATFORM.keys.mark

#: Headers whose values are credentials, whatever they look like.
SECRET_HEADERS = frozenset(
    (b"authorization", b"proxy-authorization", b"cookie", b"x-mock-admin-token")
)

_KINDS = PLATFORM.keys.live, PLATFORM.keys.test
_KEY = re.compile(PLATFORM.keys.pattern)
_BEARER = re.compile(rf"(?i)^(\s*{PLATFORM.keys.scheme}\s+)(.*)$", re.DOTALL)

# A character of a key, hidden: a hyphen, a digit, a letter or an underscore.
_HEX = r"(?:2[dD]|3[0-9]|[46][1-9a-fA-F]|[57][0-9aA]|5[fF])"
_HIDDEN = re.compile(rf"%(?:25)*+{_HEX}|(?<!\\)\\++u00{_HEX}")
_PARTS = re.compile(rf"(?:{_HIDDEN.pattern}|[A-Za-z0-9_-])+")
_CHARACTER = re.compile(rf"{_HIDDEN.pattern}|.")

# Looked for by `find`: `in` first takes the bytes for a number, fails, and so costs ten times more.
_MARK, _ESCAPE = KEY_MARK.encode(), b"\\u00"
_BEGINNING = re.compile(rb"mv_(?:live|test)_[A-Za-z0-9_-]")


def mask(secret: str) -> str:
    """A key as it may be shown: its kind and its last two characters, `mv_live_…xx`."""
    kind = next((each for each in _KINDS if secret.startswith(each)), "")
    return f"{kind}…{secret[-2:]}" if len(secret) > len(kind) + 2 else f"{kind}…"


def mask_header(name: str, value: str) -> str:
    """A header's value as it may be kept: credentials are masked, whatever their scheme."""
    if name.lower().encode() not in SECRET_HEADERS:
        return mask_text(value)
    bearer = _BEARER.match(value)
    return bearer[1] + mask(bearer[2]) if bearer else "…"


def mask_text(text: str) -> str:
    """`text` with everything that is a key masked, however it is escaped."""
    if ("%" in text or "\\u00" in text) and _HIDDEN.search(text) is not None:
        text = _PARTS.sub(_unhidden, text)
    if KEY_MARK in text:
        text = _KEY.sub(lambda key: mask(key[0]), text)
    return text


def mask_bytes(raw: bytes) -> bytes:
    """The same for bytes of UTF-8. Nearly all are returned as they came."""
    unmasked = raw.find(_MARK) >= 0 and _BEGINNING.search(raw) is not None
    if not unmasked and raw.find(b"%") < 0 and raw.find(_ESCAPE) < 0:
        return raw
    text = raw.decode("utf-8", "replace")
    masked = mask_text(text)
    return raw if masked == text else masked.encode()


def _unhidden(part: re.Match[str]) -> str:
    """A run of characters that could be a key, with those masked that are one once it is read."""
    if _HIDDEN.search(part[0]) is None:
        return part[0]
    raw = _CHARACTER.findall(part[0])
    read = "".join(each if len(each) == 1 else chr(int(each[-2:], 16)) for each in raw)
    shown, at = [], 0
    for key in _KEY.finditer(read):
        shown += [*raw[at : key.start()], mask(key[0])]
        at = key.end()
    return "".join([*shown, *raw[at:]])
