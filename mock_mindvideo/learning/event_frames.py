"""Proposals about the lines of server-sent events: ids, names, `retry`, signs of life."""

from collections.abc import Mapping, Sequence
from typing import Any

from mock_mindvideo.domain.dialect.events import SSE
from mock_mindvideo.domain.lifecycle import Lifecycle
from mock_mindvideo.learning.event_forms import ToldEvents, comments
from mock_mindvideo.learning.event_templates import Sample, event_template
from mock_mindvideo.learning.proposal import PLATFORM_FILE, REMOVED, Lessons, answers

Raw = Mapping[str, Any]

PLACE = f"{PLATFORM_FILE}#/events"


def learn_frames(
    found: Sequence[ToldEvents],
    words: Mapping[str, str],
    lifecycle: Lifecycle,
    own: Raw,
    lessons: Lessons,
) -> None:
    """The lines of server-sent events: their ids, their names, signs of life."""
    streams = [each for each in found if each.form == SSE and each.frames]
    if not streams:
        return
    at = answers(each.seen for each in streams)
    for line in ("id", "event"):
        template = _line(streams, line, [*words, *lifecycle.states])
        template = "{type}" if template == own["type"] else template
        was = own["sse"].get(line, REMOVED)
        said = "nothing" if template is REMOVED else template
        lessons.propose(f"{PLACE}/sse/{line}", template, was, f"the line {line} says {said}", at)
    if any("retry" not in each.seen.answer.text for each in streams) and "retry" in own["sse"]:
        place, was = f"{PLACE}/sse/retry", own["sse"]["retry"]
        lessons.propose(place, REMOVED, was, "streams do not say when to come again", at)
    signs = sum(comments(each.seen.answer.text) for each in streams)
    longest = max(each.seen.entry.until - each.seen.entry.at for each in streams)
    if signs:
        lessons.remark("events", f"{signs} signs of life in streams of up to {longest:g} s", at)


def _line(streams: Sequence[ToldEvents], line: str, words: Sequence[str]) -> Any:
    """The template of a line; nothing where no event has it."""
    samples = []
    for one in streams:
        before: str | None = None
        for number, (frame, event) in enumerate(zip(one.frames, one.events, strict=False), 1):
            state = event.state(words) or ""
            text = getattr(frame, line)
            samples.append(Sample(text, number, state, before, one.seen.task_id or ""))
            before = state
    if not any(each.value for each in samples):
        return REMOVED
    numbered = all(str(each.value).isdigit() for each in samples)
    if numbered:
        first = int(samples[0].value) == samples[0].sequence
        return "{sequence}" if first else "{index}"
    made = event_template(samples, {})
    return made if isinstance(made, str) else REMOVED
