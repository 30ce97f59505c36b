"""Requests: submits ready to send, pairs of them under one idempotency key, and scripts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from mock_mindvideo.domain.script import MODIFIERS, WORDS, ScriptError, parse, written
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.platform.value import TASK_ID

from .inputs import space_of, valid_inputs
from .json_schema.objects import Object
from .json_schema.overrides import Override
from .json_schema.rule_space import Space
from .json_schema.values import Json, key
from .models import DEFAULT_MODEL, ModelLike, Schemas, model_of

_PATHS = PLATFORM.paths
_ONE = (_PATHS.show, _PATHS.events)
DEFAULT_KEY = PLATFORM.keys.documented  # the documentation's own (D02)
_EXACT = 2**53  # whole numbers up to here are the same number as a float
_SOME = {  # of the methods and paths that a script can name, those that any request has
    "method": st.sampled_from(["POST", "GET"]),
    "path": st.sampled_from([_PATHS.submit, *(each.replace(TASK_ID, "*") for each in _ONE)]),
}
_VISIBLE = "".join(map(chr, range(0x21, 0x7F)))
_LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class Request:
    """A submit, ready for any HTTP client: `client.request(r.method, r.path, …)`.

    Attributes:
        body: the JSON value that `content` holds.
        content: the body as it is sent, UTF-8.
    """

    body: dict[str, Json]
    content: bytes = field(repr=False)
    headers: Mapping[str, str]
    method: str = "POST"
    path: str = _PATHS.submit


@dataclass(frozen=True, slots=True)
class IdempotencyPair:
    """Two submits under one idempotency key.

    `same` payload written in two ways, or payloads that differ.
    """

    first: Request
    second: Request
    same: bool


def idempotency_keys() -> st.SearchStrategy[str]:
    """Draw keys that the API takes: 1 to 255 printable ASCII characters, no space at the ends."""
    inner = st.text(_VISIBLE + " ", max_size=20)
    short = st.builds("{}{}{}".format, st.sampled_from(_VISIBLE), inner, st.sampled_from(_VISIBLE))
    longest = st.sampled_from(_VISIBLE).map(lambda letter: letter * _LONGEST_KEY)
    return st.one_of(st.sampled_from(_VISIBLE), short, st.uuids().map(str), longest)


def valid_requests(
    model: ModelLike = DEFAULT_MODEL,
    *,
    schemas: Schemas = None,
    api_key: str = DEFAULT_KEY,
    realistic: bool = False,
    **overrides: Override,
) -> st.SearchStrategy[Request]:
    """Draw submits that the API accepts, with and without an `Idempotency-Key`.

    Args:
        model: as for `valid_inputs`, and so are `schemas`, `realistic` and the overrides.
        api_key: goes into `Authorization`.

    Raises:
        Unsupported: the model's schema has a keyword that is out of reach.
        ValueError: an override does not fit.
    """
    found = model_of(model, schemas)
    inputs = valid_inputs(found, realistic=realistic, **overrides)
    return _requests(found.slug, inputs, api_key)


def idempotency_pairs(
    model: ModelLike = DEFAULT_MODEL, *, schemas: Schemas = None, api_key: str = DEFAULT_KEY
) -> st.SearchStrategy[IdempotencyPair]:
    """Draw pairs of valid submits under one idempotency key.

    Half are the same payload written differently: other white space, key order and escapes, `5`
    and `5.0`. The others differ in one place of the input, and only there.
    """
    found = model_of(model, schemas)
    return _pairs(found.slug, space_of(found), api_key)


def scripts() -> st.SearchStrategy[str]:
    """Draw scripts as the header `X-Mock-Script` takes them, such as `outcome=failed; times=2`."""
    doing = st.sampled_from(sorted(WORDS.keys() - MODIFIERS)).flatmap(_word)
    more = st.lists(st.sampled_from(sorted(WORDS)).flatmap(_word), max_size=4)
    return st.builds(_together, doing, more)


def _together(script: str, more: list[str]) -> str:
    """The first word, and those of the others that have something to do beside it."""
    script = script if _is_script(script) else f"status=429; {script}"  # a retry-after alone
    for word in more:
        longer = f"{script}; {word}"
        script = longer if _is_script(longer) else script
    return script


def _is_script(text: str) -> bool:
    return _is_taken(parse, text)


def _is_taken(read: Callable[..., object], *given: str) -> bool:
    try:
        read(*given)
    except ScriptError:
        return False
    return True


def _word(name: str) -> st.SearchStrategy[str]:
    if WORDS[name].alone:
        return st.just(name)
    values = _SOME.get(name)
    if values is None:
        alphabet = _VISIBLE + " "
        values = st.from_regex(WORDS[name].pattern, fullmatch=True, alphabet=alphabet)
        # What is written as it should be may mean nothing: percentiles have to rise.
        values = values.filter(lambda value: _is_taken(WORDS[name].read, name, value))
    return values.map(lambda value: written({name: value}))


@st.composite
def _requests(
    draw: st.DrawFn, slug: str, inputs: st.SearchStrategy[dict[str, Json]], api_key: str
) -> Request:
    body = {"model": slug, "input": draw(inputs)}
    chosen = draw(st.one_of(st.none(), idempotency_keys()))
    return _request(body, json.dumps(body, ensure_ascii=False).encode(), api_key, chosen)


@st.composite
def _pairs(draw: st.DrawFn, slug: str, space: Space, api_key: str) -> IdempotencyPair:
    given = draw(space.valid())
    same = draw(st.booleans())
    other = given if same else draw(_changed(space, given))
    chosen = draw(idempotency_keys())
    first = {"model": slug, "input": given}
    second = {"model": slug, "input": other}
    plain = _request(first, json.dumps(first).encode(), api_key, chosen)
    rewritten = _request(second, draw(_written(second)), api_key, chosen)
    return IdempotencyPair(plain, rewritten, same)


def _request(body: dict[str, Json], content: bytes, api_key: str, chosen: str | None) -> Request:
    authorization = PLATFORM.keys.authorization(api_key)
    headers = {"Authorization": authorization, "Content-Type": "application/json"}
    request = Request(body, content, headers)
    if chosen is None:
        return request
    return replace(request, headers={**headers, PLATFORM.headers.idempotency_key: chosen})


@st.composite
def _changed(draw: st.DrawFn, space: Space, given: dict[str, Json]) -> dict[str, Json]:
    """Change, drop or add one member, so that the input stays valid."""
    goal = space.goal()
    shapes = [s for s in space.compiler.living(goal) if isinstance(s, Object)]
    shape = next(s for s in shapes if s.admits(given, space.compiler))
    name = draw(st.sampled_from([n for n in shape.members if shape.allows(n, space.compiler)]))
    changed = dict(given)
    if name in given and name not in shape.required and draw(st.booleans()):
        del changed[name]
    else:
        changed[name] = draw(space.compiler.strategy(shape.of(name)))
    # Filtering: the same value drawn again.
    assume(key(changed) != key(given) and shape.admits(changed, space.compiler))
    return changed


@st.composite
def _written(draw: st.DrawFn, value: Json) -> bytes:
    """Write a value as JSON in one of the many ways that mean the same."""
    indent = draw(st.sampled_from([None, 0, 2]))
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t: ")]))
    text = json.dumps(
        _rewritten(draw, value),
        indent=indent,
        separators=separators,
        ensure_ascii=draw(st.booleans()),
    )
    return f" {text}\n".encode()


def _rewritten(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, dict):
        names = draw(st.permutations(list(value)))
        return {name: _rewritten(draw, value[name]) for name in names}
    if isinstance(value, list):
        return [_rewritten(draw, item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _EXACT:
        return float(value) if draw(st.booleans()) else value
    return value
