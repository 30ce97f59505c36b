"""The form of ids: what they begin and end with, and whether digits or a UUID stand between."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mock_mindvideo.domain.dialect.ids import DIGITS, HEX, HOLE, UUID, pattern_of
from mock_mindvideo.learning.envelopes import beginning
from mock_mindvideo.learning.proposal import PLATFORM_FILE, Lessons, answers
from mock_mindvideo.learning.sightings import SeenExchange
from mock_mindvideo.platform import PLATFORM

_NAMES = PLATFORM.members
_UUID = re.compile(r"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_DIGIT = re.compile(r"\d")
_PLAIN = re.compile(r"[0-9A-Za-z_-]*")


def learn_ids(seen: Sequence[SeenExchange], raw: Mapping[str, Any], lessons: Lessons) -> None:
    """How ids of tasks and requests look, where they are not as the dialect in `raw` has them."""
    known = raw["ids"]
    forms = set()
    for kind, member in (("task", _NAMES.task_id), ("request", _NAMES.request_id)):
        having = [each for each in seen if each.task and isinstance(each.task.get(member), str)]
        ids = [each.task[member] for each in having if each.task]
        if kind == "request":
            ids += _in_headers(seen, raw)
        if not ids or all(re.fullmatch(pattern_of(known[kind]), each) for each in ids):
            continue
        affixes, form = _form(ids)
        forms.add(form)
        words = f"ids of {kind}s are like {affixes.replace(HOLE, '…') or '…'}"
        place = f"{PLATFORM_FILE}#/ids/{kind}"
        lessons.propose(place, affixes, known[kind], words, answers(having, at=f"/{member}"))
    _names_looks(seen, raw, lessons)
    if len(forms) == 1:
        form = forms.pop()
        place, words = f"{PLATFORM_FILE}#/ids/form", f"the digits of ids are of the form {form}"
        lessons.propose(place, form, known["form"], words, answers(s for s in seen if s.task))


def _names_looks(seen: Sequence[SeenExchange], raw: Mapping[str, Any], lessons: Lessons) -> None:
    """Whether a task shows the id of each request, instead of its submit's."""
    first: dict[tuple[Any, ...], Any] = {}
    other = []
    for each in seen:
        told = each.task and each.task.get(_NAMES.request_id)
        if told is not None and first.setdefault((each.file, each.task_id), told) != told:
            other.append(each)
    if other:
        place, own = f"{PLATFORM_FILE}#/tasks/request_ids", raw["tasks"].get("request_ids")
        words = "a task shows the id of the request that asks for it"
        lessons.propose(place, "each", own, words, answers(other, at=f"/{_NAMES.request_id}"))


def _in_headers(seen: Iterable[SeenExchange], raw: Mapping[str, Any]) -> list[str]:
    name = raw["headers"].get("request_id", "").lower()
    return [each.answer.headers[name] for each in seen if name in each.answer.headers]


def _form(ids: Sequence[str]) -> tuple[str, str]:
    """What stands around the digits, as the file has it, and their form."""
    before = _beginning(ids)
    rest = [each[len(before) :] for each in ids]
    for form, known in ((UUID, _UUID), (DIGITS, re.compile(r"\d+"))):
        if all(known.fullmatch(each) for each in rest):
            return before, form
    if all(map(_PLAIN.fullmatch, rest)):
        return before, HEX
    digits = re.compile(r"[0-9A-Za-z]+")
    ends = {digits.sub("", each, count=1) for each in rest}
    after = ends.pop() if len(ends) == 1 else ""
    inner = [each[: len(each) - len(after)] for each in rest]
    form = DIGITS if all(each.isdigit() for each in inner) else HEX
    return f"{before}{HOLE}{after}", form


def _beginning(ids: Sequence[str]) -> str:
    """What all begin with, up to the last separator before digits; nothing for UUIDs."""
    if all(map(_UUID.fullmatch, ids)):
        return ""
    found = beginning(ids)
    ends = [
        at
        for at in range(1, len(found) + 1)
        if not found[at - 1].isalnum() and all(map(_DIGIT.search, (each[at:] for each in ids)))
    ]
    return found[: ends[-1]] if ends else ""
