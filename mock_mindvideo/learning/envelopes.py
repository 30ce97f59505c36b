"""The template of an envelope, found in the refusals that were seen: members by name and kind."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mock_mindvideo.domain.dialect.template import NULL, read_back

_REQUEST_ID = re.compile(r"(?i)(?:request|trace|correlation)[_-]?id")
_STATUS = re.compile(r"(?i)(?:http[_-]?)?status(?:[_-]?code)?")
_CODE = re.compile(r"(?i)(?:err(?:or)?[_-]?)?(?:code|no)|error|name")
_TYPE = re.compile(r"(?i)(?:error[_-]?)?(?:type|kind|category)")
_PARAM = re.compile(r"(?i)param(?:eter)?|field|pointer|property|path|loc(?:ation)?")
_BETWEEN = re.compile(r"(?<=>)[^<>]+(?=<)")
_DETAIL = {"pointer", "keyword", "message"}

#: A word as codes are, without spaces: `InvalidParameter`, `insufficient_quota`, `E-17`.
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]*")


class SeenEnvelope(NamedTuple):
    """One envelope: its status, and its JSON or text."""

    status: int
    value: Any


def envelope(seen: Sequence[SeenEnvelope]) -> Any:
    """The template of which all became, as far as it can be told.

    Members that stand for nothing known keep the value that was seen most; a text becomes a
    template with its changing part as the message.
    """
    texts = [each.value for each in seen if isinstance(each.value, str)]
    if len(texts) == len(seen):
        return _text_template(texts)
    return _template("", [each for each in seen if not isinstance(each.value, str)])


def _template(name: str, seen: Sequence[SeenEnvelope]) -> Any:
    """The template of a member."""
    values = [each.value for each in seen if each.value is not None]
    if not values:
        return f"{{{_absent(name)}}}"
    if all(isinstance(each, dict) for each in values):
        return _object(seen)
    if all(isinstance(each, list) for each in values):
        return _list(values, seen)
    return _leaf(name, seen, values)


def _object(seen: Sequence[SeenEnvelope]) -> dict[str, Any]:
    names = dict.fromkeys(name for each in seen if each.value for name in each.value)
    members = {}
    for name in names:
        having = [each for each in seen if each.value and name in each.value]
        made = _template(name, [SeenEnvelope(each.status, each.value[name]) for each in having])
        if len(having) == len(seen) or _may_lack(made):
            members[name] = made
    return members


def _may_lack(template: Any) -> bool:
    """Whether a member stands for what not every refusal has."""
    return template in ("{param}", "{details}", "{type}")


def _list(values: Sequence[Any], seen: Sequence[SeenEnvelope]) -> Any:
    items = [item for each in values for item in each]
    if not items or all(isinstance(each, dict) and each.keys() >= _DETAIL for each in items):
        return "{details}"
    firsts = [SeenEnvelope(each.status, each.value[0]) for each in seen if each.value]
    return [_template("", firsts)]


def _leaf(name: str, seen: Sequence[SeenEnvelope], values: Sequence[Any]) -> Any:
    known = _fact(name, seen, values)
    if known:
        return f"{{{known}}}"
    most = Counter(map(repr, values)).most_common(1)[0][0]
    return next(each for each in values if repr(each) == most)


def _fact(name: str, seen: Sequence[SeenEnvelope], values: Sequence[Any]) -> str | None:
    """What a member tells; None for one that says the same in every refusal."""
    texts = all(isinstance(each, str) for each in values)
    words = texts and all(_WORD.fullmatch(each) for each in values)
    numbers = all(type(each) is int for each in values)
    facts = (
        ("request_id", _REQUEST_ID.fullmatch(name)),
        ("status", numbers and all(each.value == each.status for each in seen)),
        ("param", _PARAM.fullmatch(name) and texts),
        ("code", _CODE.fullmatch(name) and (words or numbers)),
        ("type", _TYPE.fullmatch(name) and words),
        ("message", texts and not (words and len(set(values)) == 1)),
    )
    return next((fact for fact, holds in facts if holds), None)


def _absent(name: str) -> str:
    """What a member that was always null stands for."""
    if _PARAM.fullmatch(name):
        return "param"
    return "details" if name == "details" else NULL


def _text_template(texts: Sequence[str]) -> str:
    """The text around what differs; of one text alone, around what no tag is."""
    first = texts[0]
    if all(each == first for each in texts):
        plain = "{message}" if first else ""
        return _BETWEEN.sub("{message}", first, count=1) if "<" in first else plain
    before = beginning(texts)
    after = beginning([each[len(before) :][::-1] for each in texts])[::-1]
    return f"{_to_tag(before)}{{message}}{_from_tag(after)}"


def beginning(texts: Sequence[str]) -> str:
    """The text with which all begin."""
    first, last = min(texts), max(texts)
    same = next((at for at, each in enumerate(first) if last[at : at + 1] != each), len(first))
    return first[:same]


def _to_tag(text: str) -> str:
    """A beginning up to its last tag: what follows is of the message, though all have it."""
    return text[: text.rfind(">") + 1]


def _from_tag(text: str) -> str:
    return text[text.find("<") :] if "<" in text else ""


def said(template: Any, value: Any) -> Mapping[str, Any]:
    """What a refusal says by a template; empty where it is of another form."""
    return read_back(template, value) or {}
