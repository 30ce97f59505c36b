"""The template of an event, of those that were seen: each member by what it tells."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from mock_mindvideo.domain.dialect.template import filled
from mock_mindvideo.domain.pointer import escaped
from mock_mindvideo.learning.shapes import shape
from mock_mindvideo.learning.values import is_second, is_text_moment
from mock_mindvideo.platform import PLATFORM

_NAMES = PLATFORM.members

#: Digits that two ids do not have in common by chance.
_LONG = 6

#: Where the id of an event stands.
_ID = re.compile(r"(?i)(?:/|event_?|^)(?:uu)?id$")


class Sample(NamedTuple):
    """An event that tells of a state: its number among them, the state's word, the one before."""

    value: Any
    sequence: int
    word: str
    before: str | None
    task_id: str

    def facts(self) -> Mapping[str, Any]:
        """What a template can name, with the value that it has here."""
        return {
            "sequence": self.sequence,
            "index": self.sequence - 1,
            "status": self.word,
            "status_upper": self.word.upper(),
            "task_id": self.task_id,
            "previous": self.before,
        }


Samples = Sequence[Sample]


def event_template(samples: Samples, schemas: dict[str, Any], at: str = "") -> Any:
    """The template of which the values became; what tells nothing known gets a schema."""
    values = [each.value for each in samples]
    if all(isinstance(each, dict) for each in values):
        if all(_NAMES.status in each and _NAMES.task_id in each for each in values):
            return "{task}"
        return _object(samples, schemas, at)
    for fits, name in _KINDS:
        if all(fits(each) for each in values):
            return f"{{{name}}}"
    if _ID.search(at) and all(map(_has_digits, samples)):
        return "{event_id}"
    known = _by_fact(samples) or _in_text(samples)
    if known is None and _ID.search(at) and _are_apart(values):
        return "{event_id}"
    return known or _unknown(values, schemas, at)


def _has_digits(sample: Sample) -> bool:
    """Whether an id is made of that of its task."""
    digits = re.split(r"[^0-9A-Za-z]", sample.task_id)[-1]
    own = isinstance(sample.value, str) and sample.value != sample.task_id
    return own and len(digits) >= _LONG and digits in sample.value


def _are_apart(values: Sequence[Any]) -> bool:
    return all(isinstance(each, str) for each in values) and len(set(values)) > 1


def _object(samples: Samples, schemas: dict[str, Any], at: str) -> dict[str, Any]:
    found = {}
    for name in dict.fromkeys(name for each in samples for name in each.value):
        inner = [each._replace(value=each.value[name]) for each in samples if name in each.value]
        place = f"{at}/{escaped(name)}"
        if len(inner) == len(samples):
            found[name] = event_template(inner, schemas, place)
        else:
            schemas[place] = shape([each.value for each in inner])
    return found


def _is_millisecond(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and is_second(value // 1000)


_KINDS: Sequence[tuple[Callable[[Any], bool], str]] = (
    (is_text_moment, "created_at"),
    (is_second, "created"),
    (_is_millisecond, "created_ms"),
)


def _by_fact(samples: Samples) -> str | None:
    """The fact that a value is, in every event."""
    for name in samples[0].facts():
        values = [(each.facts()[name], each.value) for each in samples]
        if all(type(fact) is type(value) and fact == value for fact, value in values):
            known = any(value is not None for _, value in values)
            if known and (len(samples) > 1 or name in ("status", "task_id", "sequence")):
                return f"{{{name}}}"
    return None


def _in_text(samples: Samples) -> str | None:
    """The one text, with facts in it, that all values are."""
    if not all(isinstance(each.value, str) for each in samples):
        return None
    for text in dict.fromkeys(map(_templated, samples)):
        if "{" in text and all(filled(text, each.facts()) == each.value for each in samples):
            return text
    return None


def _templated(sample: Sample) -> str:
    facts = sample.facts()
    text = str(sample.value).replace("{", "(").replace("}", ")")
    for name in ("task_id", "previous", "status", "status_upper"):
        if facts[name]:
            text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(str(facts[name]))}(?![A-Za-z0-9])",
                          f"{{{name}}}", text, count=1)  # fmt: skip
    if "{" in text:
        return text
    for name in ("sequence", "index"):
        made = re.sub(rf"(?<![0-9]){facts[name]}(?![0-9])", f"{{{name}}}", text, count=1)
        if made != text:
            return made
    return text


def _unknown(values: Sequence[Any], schemas: dict[str, Any], at: str) -> Any:
    """The value that was seen first, told by the schema of all."""
    schemas[at] = shape(values)
    return "{null}" if values[0] is None else values[0]
