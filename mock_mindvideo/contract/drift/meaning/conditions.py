"""Whether a value keeps one condition."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jsonschema import FormatChecker

from mock_mindvideo.contract.drift.meaning.answers import Decides
from mock_mindvideo.contract.drift.meaning.automata import matches
from mock_mindvideo.contract.drift.meaning.formulas import Constraint
from mock_mindvideo.domain.equality import exact, key

Truth = bool | None
_FORMATS = FormatChecker()

#: A string of each format that not every installation can check. None ends in a line and a space.
SAMPLES: Mapping[str, str] = {
    "date-time": "2026-01-31T10:20:30Z",
    "date": "2026-01-31",
    "time": "10:20:30Z",
    "duration": "P1D",
    "email": "a@example.com",
    "idn-email": "a@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "127.0.0.1",
    "ipv6": "::1",
    "uri": "https://example.com/a",
    "uri-reference": "https://example.com/a",
    "uri-template": "https://example.com/{a}",
    "iri": "https://example.com/a",
    "iri-reference": "https://example.com/a",
    "uuid": "2eb8aa08-aa98-11ea-b4aa-73b441d16380",
    "json-pointer": "/a/0",
    "relative-json-pointer": "0/a",
    "regex": "^a$",
}


def holds(condition: Constraint, value: Any, decider: Decides) -> Truth:
    """Whether a value of the condition's type keeps it; None where that cannot be told."""
    word, given = condition.word, condition.arguments
    if word in _PLAIN:
        verdict = _PLAIN[word](value, *given)
    else:
        verdict = _OF_PARTS[word](decider, value, *given)
    return verdict if condition.holds or verdict is None else not verdict


def _least(value: Any, bound: Any, strict: bool) -> bool:
    return bool(exact(value) > bound if strict else exact(value) >= bound)


def _greatest(value: Any, bound: Any, strict: bool) -> bool:
    return bool(exact(value) < bound if strict else exact(value) <= bound)


def _unique(value: Any) -> bool:
    keys = [key(each) for each in value]
    return len(keys) == len(set(keys))


def _format(value: Any, name: str) -> Truth:
    if name in _FORMATS.checkers:
        return bool(_FORMATS.conforms(value, name))
    if name not in SAMPLES:
        return None
    return True if value == SAMPLES[name] else False if value.endswith("\n ") else None


_PLAIN: Mapping[str, Callable[..., Truth]] = {
    "in": lambda value, values: value in values,
    "opaque": lambda _value, *_given: None,
    "least": _least,
    "greatest": _greatest,
    "multiple": lambda value, step: (exact(value) / step).denominator == 1,
    "shortest": lambda value, count: len(value) >= count,
    "longest": lambda value, count: len(value) <= count,
    "fewest": lambda value, count: len(value) >= count,
    "most": lambda value, count: len(value) <= count,
    "pattern": lambda value, pattern: matches(pattern, value),
    "format": _format,
    "unique": _unique,
    "has": lambda value, name: name in value,
}


def some(verdicts: Iterable[Truth]) -> Truth:
    """Whether one of them is true."""
    found = list(verdicts)
    return True if True in found else None if None in found else False


def _not(verdict: Truth) -> Truth:
    return None if verdict is None else not verdict


def _item(decider: Decides, value: Any, at: int, part: Any) -> Truth:
    return decider.takes(part, value[at]) if at < len(value) else True


def _at_least(decider: Decides, value: Any, start: int, part: Any, count: int) -> Truth:
    verdicts = [decider.takes(part, each) for each in value[start:]]
    if verdicts.count(True) >= count:
        return True
    return None if verdicts.count(True) + verdicts.count(None) >= count else False


def _at_most(decider: Decides, value: Any, start: int, part: Any, count: int) -> Truth:
    return _not(_at_least(decider, value, start, part, count + 1))


def _member(decider: Decides, value: Any, name: str, part: Any) -> Truth:
    return decider.takes(part, value[name]) if name in value else True


def _another(decider: Decides, value: Any, names: Any, patterns: Any, part: Any) -> Truth:
    verdicts = []
    for name, each in value.items():
        other = _not(some([name in names, *(matches(pattern, name) for pattern in patterns)]))
        verdicts.append(both(other, decider.takes(part, each)))
    return some(verdicts)


def both(one: Truth, other: Truth) -> Truth:
    """Whether the two are true."""
    return _not(some((_not(one), _not(other))))


def _match(decider: Decides, value: Any, pattern: str, part: Any) -> Truth:
    return some(
        both(matches(pattern, name), decider.takes(part, each)) for name, each in value.items()
    )


def _name(decider: Decides, value: Any, part: Any) -> Truth:
    return some(decider.takes(part, name) for name in value)


def _none_such(some_such: Callable[..., Truth]) -> Callable[..., Truth]:
    """`others` is no `another` of the opposite, and so on."""
    from mock_mindvideo.contract.drift.meaning.formulas import negation  # noqa: PLC0415

    def every_one(decider: Decides, value: Any, *given: Any) -> Truth:
        return _not(some_such(decider, value, *given[:-1], negation(given[-1])))

    return every_one


_OF_PARTS: Mapping[str, Callable[..., Truth]] = {
    "item": _item,
    "at_least": _at_least,
    "at_most": _at_most,
    "member": _member,
    "another": _another,
    "others": _none_such(_another),
    "match": _match,
    "matching": _none_such(_match),
    "name": _name,
    "names": _none_such(_name),
}
