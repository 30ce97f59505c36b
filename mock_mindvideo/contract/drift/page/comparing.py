"""A page against what was known of it: its sentences, its calls, its example."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from mock_mindvideo.contract.drift.change import Drift
from mock_mindvideo.contract.drift.page.facts import Said
from mock_mindvideo.contract.drift.page.reading import Call, Page, PageObject
from mock_mindvideo.contract.drift.page.statements import is_whole, statements
from mock_mindvideo.contract.masking import shown_value
from mock_mindvideo.domain.equality import kind_of
from mock_mindvideo.domain.pointer import escaped
from mock_mindvideo.platform import PLATFORM

STATUSES = frozenset(("queued", "processing", "succeeded", "failed", "cancelled"))

_NAMES = PLATFORM.members

#: Facts that a header of the page's commands is documented by, and a member of its example.
_HEADERS = {
    "authorization": "D02",
    PLATFORM.headers.idempotency_key.lower(): "D09",
    "content-type": "D01",
}
_MEMBERS = {_NAMES.estimate: "D13", _NAMES.cost: "D13", _NAMES.status: "D08"}
_SUBMIT = (_NAMES.request_id, _NAMES.task_id, _NAMES.status, _NAMES.estimate)


def page_changes(old: Said, new: Page) -> Iterator[Drift]:
    """Everything that the page says otherwise; prices and schemas are compared elsewhere."""
    if old.sentences:
        yield from statements(old.sentences, new.sentences)
    whole = is_whole(old.sentences, new.sentences)
    if old.calls:
        yield from _calls(old, new, whole)
    if old.slug and new.request and new.request.value["model"] != old.slug:
        words = f"model was {old.slug}, and is {shown_value(new.request.value['model'])}"
        yield _changed("D01", words, new.request.lines.of(("model",)))
    if old.answer is not None:
        for answer in new.answers:
            found = _members(old.answer, answer.value, (), answer)
            yield from (each for each in found if whole or not each.message.endswith("is gone"))
        if whole and not new.answers:
            yield _changed("D12", "no example of an answer stands in the page", 1)


def _changed(fact: str, words: str, line: int, breaks: bool = True) -> Drift:
    kind = "page-fact-changed" if breaks else "page-example-changed"
    return Drift("page", "", f"{fact}: {words}", breaks, breaks, line=line, kind=kind, place="",
                  facts=(fact,))  # fmt: skip


def _calls(old: Said, new: Page, whole: bool) -> Iterator[Drift]:
    for was, now in _paired(list(old.calls), list(new.calls)):
        if was is None:
            continue  # one command more takes nothing away
        if now is None and not whole:
            continue
        if now is None:
            line = new.calls[-1].line if new.calls else 1
            words = f"no command for {was.method} {was.url} stands in the page"
            yield _changed(_fact(was), words, line)
            continue
        if was.method != now.method:
            yield _changed(
                _fact(was), f"the method was {was.method}, and is {now.method}", now.line
            )
        if was.url != now.url:
            example = _shape(was.url) == _shape(now.url)
            words = f"the address was {was.url}, and is {now.url}"
            yield _changed("D12" if example else _fact(was), words, now.line, not example)
        if whole or now.headers:
            yield from _headers(was, now)


def _fact(call: Call) -> str:
    """The fact that documents a call."""
    if call.method == "POST":
        return "D01"
    return "D07" if call.url.rstrip("/").endswith("/events") else "D06"


def _shape(url: str) -> tuple[str, ...]:
    """An address without the example's task id."""
    parts = urlsplit(url)
    steps = ("*" if each.startswith(PLATFORM.ids.task) else each for each in parts.path.split("/"))
    return parts.scheme, parts.netloc, *steps, parts.query


def _paired(old: list[Call], new: list[Call]) -> list[tuple[Call | None, Call | None]]:
    """Calls that are the same, then those of one method and as many steps, then the rest."""
    found: list[tuple[Call | None, Call | None]] = []
    for same in _LIKENESSES:
        for one in list(old):
            other = next((each for each in new if same(one, each)), None)
            if other is not None:
                old.remove(one)
                new.remove(other)
                found.append((one, other))
    return [*found, *((one, None) for one in old), *((None, other) for other in new)]


_LIKENESSES: tuple[Callable[[Call, Call], bool], ...] = (
    lambda one, other: (one.method, one.url) == (other.method, other.url),
    lambda one, other: one.method == other.method and _steps(one) == _steps(other),
    lambda one, other: _shape(one.url) == _shape(other.url),
    lambda _one, _other: True,
)


def _steps(call: Call) -> int:
    return len(_shape(call.url))


def _headers(was: Call, now: Call) -> Iterator[Drift]:
    names = {name.lower(): name for name in now.headers}
    come = [name for lower, name in names.items() if lower not in map(str.lower, was.headers)]
    line = now.lines.get(come[0], now.line) if come else now.line
    for name, value in was.headers.items():
        fact = _HEADERS.get(name.lower(), "D01")
        here = names.get(name.lower())
        if here is None:
            words = f"the header {name} does not stand in {now.method} {now.url} any more"
            yield _changed(fact, words, line)
        elif now.headers[here] != value:
            words = f"the header {name} was {value}, and is {now.headers[here]}"
            yield _changed(fact, words, now.lines.get(here, now.line), fact != "D09")
    for name in come:
        words = f"the header {name} is sent too"
        yield _changed(_HEADERS.get(name.lower(), "D01"), words, now.lines.get(name, now.line))


def _members(
    old: Any, new: Any, path: tuple[str | int, ...], answer: PageObject
) -> Iterator[Drift]:
    """What a reader of the example would miss, or find changed."""
    line, name = answer.lines.of(path), "/".join(map(str, path))
    fact = _member_fact(path)
    if kind_of(old) != kind_of(new):
        yield _changed(fact, f"{name} was {shown_value(old)}, and is {shown_value(new)}", line)
    elif isinstance(old, Mapping):
        yield from _object(old, new, path, answer)
    elif isinstance(old, list):
        if not new:
            yield _changed(fact, f"{name} is empty", line)
        for index, each in enumerate(new[:1]):
            yield from _members(old[0], each, (*path, index), answer) if old else ()
    elif old != new:
        breaks = fact == "D13" or (name == "status" and new not in STATUSES)
        yield _changed(
            fact, f"{name} was {shown_value(old)}, and is {shown_value(new)}", line, breaks
        )


def _object(old: Any, new: Any, path: tuple[str | int, ...], answer: PageObject) -> Iterator[Drift]:
    for name in dict.fromkeys((*old, *new)):
        below = (*path, name)
        if name not in new:
            words = f"the member {escaped(name)} is gone"
            line = answer.lines.of((*path, _beside(old, new, name)))
            for fact in ("D12", "D04") if not path and name in _SUBMIT else ("D12",):
                yield _changed(fact, words, line)
        elif name not in old:
            words = f"the member {name} is new"
            yield _changed("D12", words, answer.lines.of(below), False)
        else:
            yield from _members(old[name], new[name], below, answer)


def _beside(old: Any, new: Any, gone: str) -> str:
    """The member that stands where one is gone: a new one, or the next that has stayed."""
    come = [name for name in new if name not in old]
    names = list(old)
    later = [name for name in names[names.index(gone) :] if name in new]
    return next(iter((*come, *later, *reversed(list(new)))), "")


def _member_fact(path: tuple[str | int, ...]) -> str:
    return _MEMBERS.get(str(path[-1]), "D12") if path else "D12"
