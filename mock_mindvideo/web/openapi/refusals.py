"""The refusals: one response for each status, with every code that can stand in it."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.domain import errors
from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.web.openapi import headers
from mock_mindvideo.web.openapi.examples import Examples
from mock_mindvideo.web.openapi.fidelity import grounds
from mock_mindvideo.web.openapi.generators import OPEN
from mock_mindvideo.web.openapi.relocation import component
from mock_mindvideo.web.openapi.schemas import ERROR
from mock_mindvideo.web.openapi.words import words

Kinds = Sequence[type[MockError]]

#: What any request can meet. InvalidRequest is an X-Mock-Script that cannot be read, Forbidden one
#: from a page that may not steer.
_ANY: Kinds = (
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
    *_ANY,
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
LOOK: Kinds = (*_ANY, errors.NotFound, errors.TaskNotFound)


def of(kinds: Kinds) -> dict[str, Any]:
    """References to the responses for `kinds`, by status."""
    return {
        str(same[0].status): {"$ref": f"#/components/responses/{_name(same)}"}
        for same in _by_status(kinds)
    }


def components(
    catalog: Catalog,
    examples: Examples,
    groups: Sequence[Kinds],
    always: Sequence[str] = headers.ALWAYS,
) -> dict[str, Any]:
    """Every refusal's response by name, with the headers that `always` come."""
    return {
        _name(same): _response(catalog, examples, same, always)
        for kinds in groups
        for same in _by_status(kinds)
    }


def _by_status(kinds: Kinds) -> list[Kinds]:
    status = attrgetter("status")
    return [
        tuple(same) for _, same in groupby(sorted(dict.fromkeys(kinds), key=status), key=status)
    ]


def _name(same: Kinds) -> str:
    return "Or".join(kind.__name__ for kind in same)


def _response(
    catalog: Catalog, examples: Examples, same: Kinds, always: Sequence[str]
) -> dict[str, Any]:
    return {
        "description": "\n".join(f"- `{kind.code}`: {words(kind)}" for kind in same),
        "headers": headers.of_refusal(same, always),
        "content": {
            "application/json": {
                "schema": _schema([kind.code for kind in same]),
                "examples": {kind.code: examples.refusal(kind) for kind in same},
            }
        },
        **grounds(catalog, *(f"code:{kind.code}" for kind in same)),
    }


def _schema(codes: list[str]) -> dict[str, Any]:
    """The envelope, with one of `codes` in it."""
    code = {"properties": {"code": {"enum": codes}}, **OPEN}
    return {**component(ERROR), "properties": {"error": code}, **OPEN}
