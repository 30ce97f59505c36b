"""Proposals about refusals: the envelope, and status and code of each kind."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from mock_mindvideo.domain.dialect.template import names
from mock_mindvideo.learning.envelopes import SeenEnvelope, envelope, said
from mock_mindvideo.learning.proposal import PLATFORM_FILE, REMOVED, Lessons, answers
from mock_mindvideo.learning.refusals import Refusal
from mock_mindvideo.learning.sightings import SeenExchange

_ENVELOPE, _KINDS = "/errors/envelope", "/errors/refusals"

Raw = Mapping[str, Any]

#: Kinds of refusals that do not have one code by chance.
_MANY = 3


def learn_errors(refused: Sequence[Refusal], raw: Raw, lessons: Lessons) -> None:
    """What the refusals say otherwise than the dialect in `raw`."""
    known = [each for each in refused if each.seen.value is not None]
    template = raw["errors"]["envelope"]
    if known:
        template = _envelope(known, raw, lessons)
        _media_type(known, raw, lessons)
    by_kind: dict[str, list[Refusal]] = {}
    for each in refused:
        if each.kind is not None:
            by_kind.setdefault(each.kind, []).append(each)
        else:
            _unexpected(each, template, lessons)
    for kind, seen in sorted(by_kind.items()):
        _kind(kind, seen, template, raw, lessons)
    _without(by_kind, raw, lessons)


def learn_laxness(taken: Sequence[Refusal], lessons: Lessons) -> None:
    """What the mock refuses and the real API takes: requests decide that, no file does."""
    kinds = dict.fromkeys(each.kind for each in taken)
    for kind in kinds:
        seen = [each.seen for each in taken if each.kind == kind]
        words = f"requests were taken that the mock refuses as {kind}"
        lessons.remark("laxer than the mock", words, answers(seen, "request"))


#: Headers of refusals that a dialect can leave out, and the kinds that have them.
_HEADERS = {
    "WWW-Authenticate": ("missing_api_key", "invalid_api_key"),
    "Allow": ("method_not_allowed",),
}


def _without(by_kind: Mapping[str, Sequence[Refusal]], raw: Raw, lessons: Lessons) -> None:
    """Headers that no refusal had which has them at the mock."""
    own = raw["errors"].get("without", [])
    found, lacking = list(own), list[SeenExchange]()
    for name, kinds in _HEADERS.items():
        seen = [each.seen for kind in kinds for each in by_kind.get(kind, ())]
        told = [each for each in seen if each.entry.answer_headers is not None]
        if told and not any(name.lower() in each.answer.headers for each in told):
            found += [] if name in found else [name]
            lacking += told
    place = f"{PLATFORM_FILE}#/errors/without"
    words = f"refusals come without {' and '.join(found)}"
    lessons.propose(place, found, own, words, answers(lacking, "answer headers"))


def _envelope(refused: Sequence[Refusal], raw: Raw, lessons: Lessons) -> Any:
    """The template, proposed where the refusals do not all fit the one that there is."""
    own, nulls = raw["errors"]["envelope"], raw["errors"]["nulls"]
    odd = [each for each in refused if not _fits(own, each.seen.value, nulls=nulls)]
    if not odd:
        return own
    found = envelope([SeenEnvelope(each.seen.entry.status, each.seen.value) for each in refused])
    found = _without_codes(found, refused)
    place = f"{PLATFORM_FILE}#{_ENVELOPE}"
    words = "refusals have another envelope"
    lessons.propose(place, found, own, words, answers(each.seen for each in odd))
    shown = any(_has_null(each.seen.value) for each in refused)
    words = "members of refusals without a value are null" if shown else "no member is null"
    if any(name in ("param", "type") for _, name in names(found)):
        place = f"{PLATFORM_FILE}#/errors/nulls"
        lessons.propose(place, shown, nulls, words, answers(each.seen for each in refused))
    return found


def _without_codes(template: Any, refused: Sequence[Refusal]) -> Any:
    """The template with the code itself in it, where many kinds of refusals all have the same."""
    told = [said(template, each.seen.value).get("code") for each in refused]
    alike = len({each.kind for each in refused}) >= _MANY and len(set(map(repr, told))) == 1
    return _in_place(template, told[0]) if alike and told[0] is not None else template


def _in_place(template: Any, code: Any) -> Any:
    if isinstance(template, Mapping):
        return {name: _in_place(each, code) for name, each in template.items()}
    return code if template == "{code}" else template


def _fits(template: Any, value: Any, *, nulls: bool) -> bool:
    """Whether a refusal can have become of a template, with all that it always shows."""
    told = said(template, value)
    asked = {name for _, name in names(template)} - {"param", "type"}
    return bool(told or not asked) and told.keys() >= asked and (nulls or not _has_null(value))


def _has_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_null, value.values()))
    return value is None


def _media_type(refused: Sequence[Refusal], raw: Raw, lessons: Lessons) -> None:
    sent = Counter(each.seen.answer.headers.get("content-type", "") for each in refused)
    journal = any(each.seen.entry.answer_headers is None for each in refused)
    named, _ = sent.most_common(1)[0]
    if not journal and named.partition(";")[0] != raw["errors"]["media_type"].partition(";")[0]:
        place, own = f"{PLATFORM_FILE}#/errors/media_type", raw["errors"]["media_type"]
        seen = answers((each.seen for each in refused), "answer headers")
        lessons.propose(place, named, own, "refusals have another media type", seen)


def _kind(kind: str, seen: Sequence[Refusal], template: Any, raw: Raw, lessons: Lessons) -> None:
    """Status, code and type of one kind; the most frequent, if there are several."""
    own = raw["errors"]["refusals"][kind]
    told = [said(template, each.seen.value) for each in seen if each.seen.value is not None]
    status = Counter(each.seen.entry.status for each in seen).most_common(1)[0][0]
    found = {"status": status, "code": _most(told, "code", own["code"])}
    type_ = _most(told, "type", own.get("type"))
    found |= {} if type_ is None else {"type": type_}
    for name, value in found.items():
        was = own.get(name, REMOVED)
        words = f"{name} of {kind} is {value}, not {was!r}"
        place = f"{PLATFORM_FILE}#{_KINDS}/{kind}/{name}"
        part = "status" if name == "status" else "answer"
        having = [each.seen for each in seen if name != "status" or each.seen.entry.status == value]
        lessons.propose(place, value, was, words, answers(having, part))
    _others(kind, seen, template, found, lessons)


def _most(told: Sequence[Mapping[str, Any]], name: str, otherwise: Any) -> Any:
    values = Counter(each[name] for each in told if isinstance(each.get(name), str | int))
    return values.most_common(1)[0][0] if values else otherwise


def _others(
    kind: str, seen: Sequence[Refusal], template: Any, found: Raw, lessons: Lessons
) -> None:
    """What was said beside the most frequent: one kind has one status and one code in a file."""
    for each in seen:
        code = said(template, each.seen.value).get("code", found["code"])
        if (each.seen.entry.status, code) != (found["status"], found["code"]):
            words = f"{kind} was answered with {each.seen.entry.status} and {code!r}, too"
            lessons.remark("error codes", words, answers([each.seen]))


def _unexpected(refused: Refusal, template: Any, lessons: Lessons) -> None:
    told, status = said(template, refused.seen.value), refused.seen.entry.status
    named = f" and the code {told['code']!r}" if "code" in told else ""
    words = f"a request that the mock takes was refused, with {status}{named}"
    lessons.remark("stricter than the mock", words, answers([refused.seen], "request"))
