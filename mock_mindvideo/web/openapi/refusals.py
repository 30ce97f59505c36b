"""The refusals: one response for each status, with every code that can stand in it."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.domain import errors
from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.web.openapi import headers
from mock_mindvideo.web.openapi.examples import Examples
from mock_mindvideo.web.openapi.fidelity import grounds
from mock_mindvideo.web.openapi.relocation import bare, component
from mock_mindvideo.web.openapi.schemas import ERROR
from mock_mindvideo.web.openapi.worded import code_place
from mock_mindvideo.web.openapi.words import words

Kinds = Sequence[type[MockError]]

#: Statuses of answers that go well, which a dialect may give refusals too.
SUCCESSES = range(200, 300)

#: What any request can meet. InvalidRequest is an X-Mock-Script that cannot be read, Forbidden one
#: from a page that may not steer.
ANY: Kinds = (
    errors.InvalidHttp,
    errors.MissingApiKey,
    errors.InvalidApiKey,
    errors.DisabledApiKey,
    errors.Forbidden,
    errors.MethodNotAllowed,
    errors.RequestTimeout,
    errors.InvalidRequest,
    errors.RateLimited,
    errors.InternalError,
    errors.Unavailable,
)

SUBMIT: Kinds = (
    *ANY,
    errors.InvalidJson,
    errors.InvalidIdempotencyKey,
    errors.InsufficientCredit,
    errors.UnknownModel,
    errors.IdempotencyKeyReused,
    errors.IdempotencyInProgress,
    errors.PayloadTooLarge,
    errors.UnsupportedMediaType,
    errors.InvalidModelInput,
)

#: NotFound is a task id with a slash in it, which makes the path another one.
LOOK: Kinds = (*ANY, errors.NotFound, errors.TaskNotFound)


def of(catalog: Catalog, kinds: Kinds) -> dict[str, Any]:
    """References to the responses for `kinds`, by status."""
    return {
        str(status): {"$ref": f"#/components/responses/{_name(same)}"}
        for status, same in _by_status(catalog, kinds)
        if status not in SUCCESSES
    }


def beside(
    catalog: Catalog, examples: Examples, kinds: Kinds, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """`answers` by status, and the refusals beside them, or among them in a dialect whose
    refusals are answered with 200.
    """
    always = headers.always(catalog)
    told = dict(answers)
    for status, same in _by_status(catalog, kinds):
        if status in SUCCESSES:
            refused = _response(catalog, examples, same, always)
            told[str(status)] = _either(told.get(str(status)), refused)
    return {**told, **of(catalog, kinds)}


def _either(answer: Mapping[str, Any] | None, refused: dict[str, Any]) -> dict[str, Any]:
    """One response that is either of two."""
    if answer is None:
        return refused
    content = dict(answer["content"])
    for media_type, said in refused["content"].items():
        known = content.get(media_type)
        content[media_type] = said if known is None else _any_of(known, said)
    return {
        **answer,
        "description": f"{answer['description']} Or a refusal:\n{refused['description']}",
        "content": content,
    }


def _any_of(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "schema": {"anyOf": [one["schema"], other["schema"]]},
        "examples": {**one["examples"], **other["examples"]},
    }


def components(
    catalog: Catalog,
    examples: Examples,
    groups: Sequence[Kinds],
    always: Sequence[str],
) -> dict[str, Any]:
    """Every refusal's response by name, with the headers that `always` come."""
    return {
        _name(same): _response(catalog, examples, same, always)
        for kinds in groups
        for status, same in _by_status(catalog, kinds)
        if status not in SUCCESSES
    }


def _by_status(catalog: Catalog, kinds: Kinds) -> list[tuple[int, Kinds]]:
    said = catalog.dialect.refusals

    def status(kind: type[MockError]) -> int:
        return said.status(kind(""))

    ordered = sorted(dict.fromkeys(kinds), key=status)
    return [(number, tuple(same)) for number, same in groupby(ordered, key=status)]


def _name(same: Kinds) -> str:
    return "Or".join(kind.__name__ for kind in same)


def _response(
    catalog: Catalog, examples: Examples, same: Kinds, always: Sequence[str]
) -> dict[str, Any]:
    said = catalog.dialect.refusals
    codes = {kind: said.code(kind("")) for kind in same}
    return {
        "description": "\n".join(f"- `{code}`: {words(kind)}" for kind, code in codes.items()),
        "headers": headers.of_refusal(catalog, same, always),
        **({"content": _content(catalog, examples, codes)} if said.media_type else {}),
        **grounds(catalog, *(f"code:{kind.code}" for kind in same)),
    }


def _content(
    catalog: Catalog, examples: Examples, codes: Mapping[type[MockError], str | int]
) -> dict[str, Any]:
    said = catalog.dialect.refusals
    return {
        bare(said.media_type): {
            "schema": _schema(catalog, list(dict.fromkeys(codes.values()))),
            "examples": {kind.code: examples.refusal(kind) for kind in codes},
        }
    }


def _schema(catalog: Catalog, codes: list[str | int]) -> dict[str, Any]:
    """The envelope, with one of `codes` in it where it shows them."""
    narrower = code_place(catalog.dialect.refusals.envelope, {"enum": codes})
    return {**component(ERROR), **(narrower or {})}
