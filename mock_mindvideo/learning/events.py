"""Proposals about events: their form, their members, what stands around them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from mock_mindvideo.domain.dialect.events import MEDIA_TYPES, NDJSON, NONE, SSE
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.domain.pointer import escaped
from mock_mindvideo.learning.event_forms import LIST, ToldEvents, list_template, told
from mock_mindvideo.learning.event_frames import PLACE, learn_frames
from mock_mindvideo.learning.event_templates import Sample, event_template
from mock_mindvideo.learning.proposal import Lessons, answers
from mock_mindvideo.learning.sightings import EVENTS, SeenExchange, of_operation

Raw = Mapping[str, Any]


def learn_events(
    seen: Sequence[SeenExchange], lifecycle: Lifecycle, raw: Raw, lessons: Lessons
) -> None:
    """What events are like otherwise than the dialect in `raw`."""
    found: list[ToldEvents] = []
    resumed: list[ToldEvents] = []
    for each in of_operation(seen, EVENTS):
        read = told(each)
        if read is not None:
            (resumed if "last-event-id" in each.entry.headers else found).append(read)
        elif each.went_well and each.entry.answer:
            lessons.remark("events", "events have no form that is understood", answers([each]))
    if not found:
        return
    words = {word: state for state, word in raw["tasks"]["states"].items()}
    samples = [each for one in found for each in _samples(one, words, lifecycle)]
    _progress(found, [*words, *lifecycle.states], lessons)
    _forms(found, raw["events"], lessons)
    _media_types(found, raw, lessons)
    _around(found, raw["events"], lessons)
    learn_frames(found, words, lifecycle, raw["events"], lessons)
    _resumes(resumed, words, lifecycle, raw["events"], lessons)
    if samples:
        _event(samples, found, raw["events"], lessons)


def _samples(one: ToldEvents, words: Mapping[str, str], lifecycle: Lifecycle) -> Iterator[Sample]:
    """The events that tell of another state than the one before; the others are progress."""
    before: str | None = None
    for number, event in enumerate(one.events, 1):
        state = event.state([*words, *lifecycle.states])
        if state is None or state == before:
            continue
        yield Sample(event.value, number, state, before, one.seen.task_id or "")
        before = state


def _progress(found: Sequence[ToldEvents], states: Sequence[str], lessons: Lessons) -> None:
    """Several events within one state: the mock tells of a state once."""
    several = []
    for one in found:
        told_of = [each.state(states) for each in one.events]
        if any(before == now and now for before, now in pairwise(told_of)):
            several.append(one.seen)
    if several:
        words = "events tell of progress within a state; the mock tells of each state once"
        lessons.remark("events", words, answers(several))


def _resumes(
    resumed: Sequence[ToldEvents],
    words: Mapping[str, str],
    lifecycle: Lifecycle,
    own: Raw,
    lessons: Lessons,
) -> None:
    """Whether events begin anew, though a client has seen the first of them."""
    states = [*words, *lifecycle.states]
    anew = []
    for each in resumed:
        state = each.events[0].state(states) if each.events else None
        seen = each.seen.entry.headers["last-event-id"]
        if seen not in ("0", "") and words.get(state or "", state) == lifecycle.initial:
            anew.append(each)
    if anew and len(anew) == len([each for each in resumed if each.events]):
        place, told_again = f"{PLACE}/resumes", answers(each.seen for each in anew)
        statement = "events begin anew, whatever Last-Event-ID says"
        lessons.propose(place, False, own.get("resumes", True), statement, told_again)


def _forms(found: Sequence[ToldEvents], own: Raw, lessons: Lessons) -> None:
    """Which form is sent at all, and which where Accept leaves the choice."""
    forms = Counter(each.form for each in found)
    stream = next((form for form in (SSE, NDJSON) if form in forms), NONE)
    seen = answers(each.seen for each in found)
    if stream != NONE or any(_wants_stream(each) for each in found):
        words = "there is no stream of events" if stream == NONE else f"events stream as {stream}"
        lessons.propose(f"{PLACE}/stream", stream, own["stream"], words, seen)
    asked = [each for each in found if _accept(each).startswith("application/json")]
    if asked and stream != NONE:
        lists = any(each.form == LIST for each in asked)
        words = "there is no list of events" if not lists else "events can be had as a list"
        at = answers(each.seen for each in asked)
        lessons.propose(f"{PLACE}/lists", lists, own.get("lists", True), words, at)
    free = Counter("list" if each.form == LIST else "stream" for each in found if _is_free(each))
    if free:
        form = free.most_common(1)[0][0]
        words = f"where Accept leaves the choice, events come as a {form}"
        at = answers(each.seen for each in found if _is_free(each))
        lessons.propose(f"{PLACE}/default", form, own["default"], words, at)


def _media_types(found: Sequence[ToldEvents], raw: Raw, lessons: Lessons) -> None:
    """Those of the list and of the stream, where they are named otherwise."""
    own, usual = raw["events"], raw["answers"]["media_type"]
    tasks = next((p.value for p in lessons.proposals if p.pointer == "/answers/media_type"), usual)
    for is_list, member in ((True, "media_type"), (False, "stream_type")):
        sent = [each for each in found if (each.form == LIST) == is_list]
        named = Counter(each.seen.answer.headers.get("content-type", "") for each in sent)
        if not sent or any(each.seen.entry.answer_headers is None for each in sent):
            continue
        media = named.most_common(1)[0][0]
        known = own.get(member, tasks if is_list else MEDIA_TYPES[sent[0].form])
        if media and media.partition(";")[0] != known.partition(";")[0]:
            at = answers((each.seen for each in sent), "answer headers")
            words = f"events are sent as {media}"
            lessons.propose(f"{PLACE}/{member}", media, own.get(member), words, at)


def _accept(one: ToldEvents) -> str:
    return one.seen.entry.headers.get("accept", "*/*").lower()


def _wants_stream(one: ToldEvents) -> bool:
    return "text/event-stream" in _accept(one) or "*/*" in _accept(one)


def _is_free(one: ToldEvents) -> bool:
    return "*/*" in _accept(one) and "event-stream" not in _accept(one)


def _around(found: Sequence[ToldEvents], own: Raw, lessons: Lessons) -> None:
    listed = [each for each in found if each.form == LIST]
    templates = [list_template(each.seen.value, each.events) for each in listed]
    if not templates or all(each == own["list"] for each in templates):
        return
    at = answers(each.seen for each in listed)
    if templates[0] is None:
        lessons.remark("events", "what stands around the events is no template", at)
        return
    lessons.propose(f"{PLACE}/list", templates[0], own["list"], "events are listed otherwise", at)


def _event(
    samples: Sequence[Sample], found: Sequence[ToldEvents], own: Raw, lessons: Lessons
) -> None:
    schemas: dict[str, Any] = {}
    template = event_template(samples, schemas)
    at = answers(each.seen for each in found)
    if not isinstance(template, dict):
        lessons.remark("events", "an event is no object", at)
        return
    if any(len(each.frames) not in (0, len(each.events)) for each in found):
        lessons.remark("events", "one message of a stream tells several events", at)
    template = _with_types(template, own)
    lessons.propose(f"{PLACE}/event", template, own["event"], "events have other members", at)
    for pointer, schema in schemas.items():
        name = escaped(f"/event{pointer}")
        words = f"{pointer} of an event is as this schema"
        was = own.get("schemas", {}).get(f"/event{pointer}")
        lessons.propose(f"{PLACE}/schemas/{name}", schema, was, words, at)


def _with_types(template: Mapping[str, Any], own: Raw) -> dict[str, Any]:
    """A template that says the type of events as the dialect's own does, where it is the same."""
    return {name: "{type}" if each == own["type"] else each for name, each in template.items()}
