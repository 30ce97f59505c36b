"""Words that leave others nothing to do: a script that has both is refused, and told why."""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import and_
from typing import Any

from mock_mindvideo.domain.script.kinds import Added, Kind, kind_of, named, names, within
from mock_mindvideo.domain.script.model import Script, ScriptError
from mock_mindvideo.domain.script.paths import matches
from mock_mindvideo.domain.script.words import WORDS

_HOOK = ("webhook-drop", "webhook-duplicate", "webhook-reorder")
_PLAN = ("outcome", "queued", "processing", "error", "message", *_HOOK)
_STREAM = ("cut", "duplicate", "heartbeats")
_BODY = ("truncate", "malformed", "drip")
_REFUSAL = ("status", "retry-after")

#: A word, the words that do nothing beside it, and why.
_UNDOES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "drop@before-commit": (
        (*_PLAN, *_REFUSAL, *_BODY, *_STREAM),
        "breaks the connection before anything else is done",
    ),
    "drop@after-commit": (
        (*_REFUSAL, "limit", *_BODY),
        "lets nothing of the answer through",
    ),
    "status": ((*_PLAN, *_STREAM), "refuses the request: no task is made, no stream begins"),
    "limit": ((*_PLAN, *_STREAM), "refuses the request: no task is made, no stream begins"),
}

_HOW = {Kind.LIST: " as JSON", Kind.STREAM: " as a stream"}

#: Outcomes beside which words do nothing, and why.
_ENDS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "succeeded": (("error", "message"), "has no error"),
    "cancelled": (("error", "message"), "has no error"),
    "stuck": (("error", "message", "processing", *_HOOK), "never ends"),
}


def acting(values: Mapping[str, Any], added: Added = ()) -> Kind:
    """The kinds of request on which every word of a script acts, modifiers heeded.

    `values` has what each word says by its name, `added` the requests that a dialect adds.
    Raises ScriptError for a word that does nothing beside the others, or on no request at all.
    """
    _check_beside(values)
    together = reduce(and_, (WORDS[name].on for name in values), Kind.ANY)
    if not together:
        raise ScriptError(_apart(values))
    met = within(values.get("method"), values.get("path"), added)
    if not together & met:
        raise ScriptError(_missed(values, together, met, added))
    return together & met


def check_request(
    script: Script, said: Iterable[str], method: str, path: str, *, streaming: bool
) -> None:
    """Raise ScriptError if a script that came with a request is not for it, or has a word that
    cannot act on it; `said` are its words.
    """
    kind = kind_of(method, path, streaming=streaming)
    this = f"{method} {path[:200]}{_HOW.get(kind, '')}"
    for name in said:
        if not WORDS[name].on & kind:
            raise ScriptError(
                f"the word '{name}' acts on {named(WORDS[name].on)}; this request is {this}"
            )
    for name, given, met in (
        ("method", script.method, script.method == method),
        ("path", script.path, matches(script.path or "", path)),
    ):
        if given is not None and not met:
            raise ScriptError(f"'{name}={given}' excludes this request, which is {this}")


def _check_beside(values: Mapping[str, Any]) -> None:
    for name, (undone, why) in _UNDOES.items():
        if name in values:
            _check_none(values, undone, f"'{name}', which {why}")
    undone, why = _ENDS.get(values.get("outcome", ""), ((), ""))
    _check_none(values, undone, f"'outcome={values.get('outcome')}': such a task {why}")
    if "retry-after" in values and not values.keys() & {"status", "limit"}:
        raise ScriptError(
            "the word 'retry-after' needs 'status=429' or another status, or a limit, beside it"
        )


def _check_none(values: Mapping[str, Any], undone: Iterable[str], beside: str) -> None:
    for name in undone:
        if name in values:
            raise ScriptError(f"the word '{name}' would do nothing beside {beside}")


def _apart(values: Mapping[str, Any]) -> str:
    """Why the words of a script never act on the same request: the first two that part."""
    seen: list[str] = []
    for name in values:
        other = next((each for each in seen if not WORDS[each].on & WORDS[name].on), None)
        if other is not None:
            return (
                f"the words '{other}' and '{name}' never act on the same request: '{other}' acts on"
                f" {named(WORDS[other].on)}, '{name}' on {named(WORDS[name].on)}; write two scripts"
            )
        seen.append(name)
    raise AssertionError(values)  # three words part only where two of them do


def _missed(values: Mapping[str, Any], together: Kind, met: Kind, added: Added) -> str:
    given = " and ".join(
        f"'{name}={values[name]}'" for name in ("method", "path") if name in values
    )
    if not met:
        return f"no request has {given}: the API's are {', '.join(names(Kind.ANY, added))}"
    narrow = min((name for name in values), key=lambda name: WORDS[name].on.bit_count())
    return (
        f"the word '{narrow}' acts on {named(together)};"
        f" with {given} the script is for {named(met)} only"
    )
