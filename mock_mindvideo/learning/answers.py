"""Proposals about answers that go well: statuses, media type, marks of a replay, other headers."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mock_mindvideo.learning.proposal import PLATFORM_FILE, REMOVED, Lessons, answers
from mock_mindvideo.learning.sightings import LOOK, SUBMIT, SeenExchange
from mock_mindvideo.platform import PLATFORM

Raw = Mapping[str, Any]

_NAMES = PLATFORM.members
_IDEMPOTENCY = PLATFORM.headers.idempotency_key.lower()


def learn_answers(
    seen: Sequence[SeenExchange],
    every: Sequence[SeenExchange],
    waiting: Sequence[str],
    raw: Raw,
    lessons: Lessons,
) -> None:
    """What answers are like; `waiting` are the words of states that a task leaves again.

    `seen` are those that went well, `every` the refusals too.
    """
    shown = [each for each in seen if each.task is not None]
    replays = _replays(shown)
    ended = [each for each in shown if each.operation == LOOK and _status(each) not in waiting]
    before = [each for each in shown if each.operation == LOOK and _status(each) in waiting]
    first = [each for each in shown if each.operation == SUBMIT and each not in replays]
    said = raw["answers"]
    _propose_status("submit", "a new task", first, said["submit"], lessons)
    _propose_status("replay", "a replay", replays, said["replay"], lessons)
    look = _propose_status("look", "a look at a task", ended, said["look"], lessons)
    own = said.get("waiting", look)
    _propose_status("waiting", "a look at a task that has not ended", before, own, lessons)
    _media_type(shown, said, lessons)
    _mark(first, replays, raw, lessons)
    _shows(shown, replays, waiting, raw, lessons)
    _request_id(every, raw, lessons)
    _limits(every, raw, lessons)


def _status(seen: SeenExchange) -> Any:
    return seen.task and seen.task[_NAMES.status]


def _replays(shown: Sequence[SeenExchange]) -> list[SeenExchange]:
    """Submits that were answered with a task that was there already."""
    begun: set[tuple[Any, ...]] = set()
    found = []
    for each in shown:
        if each.operation == SUBMIT and _IDEMPOTENCY in each.entry.headers:
            known = each.file, each.task_id
            if known in begun:
                found.append(each)
            begun.add(known)
    return found


def _propose_status(
    name: str, words: str, seen: Sequence[SeenExchange], was: int, lessons: Lessons
) -> int:
    """The status that was seen most; the others are told."""
    found = Counter(each.entry.status for each in seen).most_common()
    if not found:
        return was
    status = found[0][0]
    having = [each for each in seen if each.entry.status == status]
    place = f"{PLATFORM_FILE}#/answers/{name}"
    lessons.propose(
        place, status, was, f"{words} is answered with {status}", answers(having, "status")
    )
    for other, _ in found[1:]:
        odd = answers((each for each in seen if each.entry.status == other), "status")
        lessons.remark("statuses", f"{words} was answered with {other}, too", odd)
    return status


def _with_headers(seen: Sequence[SeenExchange]) -> list[SeenExchange]:
    """Those whose recording has headers of answers: journals do not."""
    return [each for each in seen if each.entry.answer_headers is not None]


def _media_type(shown: Sequence[SeenExchange], said: Raw, lessons: Lessons) -> None:
    sent = Counter(each.answer.headers.get("content-type", "") for each in _with_headers(shown))
    named = sent.most_common(1)[0][0] if sent else said["media_type"]
    if named and named.partition(";")[0] != said["media_type"].partition(";")[0]:
        having = answers(_with_headers(shown), "answer headers")
        words = f"tasks are sent as {named}"
        lessons.propose(
            f"{PLATFORM_FILE}#/answers/media_type", named, said["media_type"], words, having
        )


def _mark(
    first: Sequence[SeenExchange], replays: Sequence[SeenExchange], raw: Raw, lessons: Lessons
) -> None:
    """The header that all replays have and no new task does."""
    told, others = _with_headers(replays), _with_headers(first)
    if not told:
        return
    usual = {name for each in others for name in each.answer.headers}
    marks = [name for name in told[0].answer.headers if name not in usual]
    marks = [name for name in marks if all(name in each.answer.headers for each in told)]
    marks = [name for name in marks if name not in _FRAMING]
    at = answers(told, "answer headers")
    own, name = raw["answers"].get("replayed", REMOVED), raw["headers"]["replayed"]
    if not marks:
        place = f"{PLATFORM_FILE}#/answers/replayed"
        lessons.propose(place, REMOVED, own, "a replay is not marked", at)
        return
    mark = name.lower() if name.lower() in marks else marks[0]
    value = told[0].answer.headers[mark]
    words = f"a replay is marked with {mark}: {value}"
    if mark != name.lower():
        lessons.propose(f"{PLATFORM_FILE}#/headers/replayed", _titled(mark), name, words, at)
    lessons.propose(f"{PLATFORM_FILE}#/answers/replayed", value, own, words, at)


def _shows(
    shown: Sequence[SeenExchange],
    replays: Sequence[SeenExchange],
    waiting: Sequence[str],
    raw: Raw,
    lessons: Lessons,
) -> None:
    """Whether a replay shows a task that had ended before as it was at first."""
    ended: set[tuple[Any, ...]] = set()
    back = []
    for each in shown:
        task = each.file, each.task_id
        if _status(each) not in waiting:
            ended.add(task)
        elif each in replays and task in ended:
            back.append(each)
    if back:
        own, place = raw["answers"].get("replays"), f"{PLATFORM_FILE}#/answers/replays"
        words = "a replay shows the task as it was at first"
        lessons.propose(place, "first", own, words, answers(back, at=f"/{_NAMES.status}"))


#: What says how a message is framed, or how it was kept on its way.
_FRAMING = frozenset((
    "age", "cache-control", "cf-cache-status", "connection", "content-encoding", "content-length",
    "content-type", "date", "etag", "keep-alive", "last-modified", "server", "set-cookie",
    "transfer-encoding", "vary", "via", "x-cache",
))  # fmt: skip


def _titled(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def _request_id(seen: Sequence[SeenExchange], raw: Raw, lessons: Lessons) -> None:
    """The header that names a request, under another name, or not at all."""
    told = _with_headers(seen)
    own = raw["headers"].get("request_id", REMOVED)
    place, at = f"{PLATFORM_FILE}#/headers/request_id", answers(told, "answer headers")
    if not told or (
        own is not REMOVED and any(own.lower() in each.answer.headers for each in told)
    ):
        return
    other = [name for name in _RELATED if all(name in each.answer.headers for each in told)]
    if other:
        words = f"a request is named by {other[0]}"
        lessons.propose(place, _titled(other[0]), own, words, at)
    else:
        lessons.propose(place, REMOVED, own, "no header names a request", at)


#: What requests are named by elsewhere.
_RELATED = (
    PLATFORM.headers.request_id.lower(),
    "request-id",
    "x-trace-id",
    "x-correlation-id",
    "x-amzn-requestid",
    "cf-ray",
)


def _limits(seen: Sequence[SeenExchange], raw: Raw, lessons: Lessons) -> None:
    """Headers of a refusal that says how long to wait."""
    told = [each for each in _with_headers(seen) if each.entry.status in (429, 503)]
    templates = dict(_limit_headers(told))
    own = raw["errors"]["headers"]
    if told and templates and templates != {name: own[name] for name in own}:
        words = f"a limit that was reached is told by {', '.join(templates)}"
        at = answers(told, "answer headers")
        lessons.propose(f"{PLATFORM_FILE}#/errors/headers", templates, own, words, at)


def _limit_headers(told: Sequence[SeenExchange]) -> Iterator[tuple[str, str]]:
    names = dict.fromkeys(name for each in told for name in each.answer.headers)
    for name in names:
        if name == "retry-after" or name.endswith(("-reset-after", "ratelimit-reset")):
            yield _titled(name), "{retry_after}"
        elif "ratelimit" in name and name.endswith("-limit"):
            yield _titled(name), "{limit}"
        elif "ratelimit" in name and name.endswith("-remaining"):
            yield _titled(name), "{remaining}"
