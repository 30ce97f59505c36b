"""The OpenAPI 3.1 document of the control plane, drawn from the tables that the code runs on.

Paths and what they are for come from `ABOUT`, bodies from the forms that read them, refusals from
the error classes, tasks from the platform's schema.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.domain.dialect import in_own_words
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.control.document import shapes
from mock_mindvideo.web.control.document.operation import Endpoint
from mock_mindvideo.web.control.document.operations import GROUPS, OPERATIONS
from mock_mindvideo.web.control.document.shapes import Reply
from mock_mindvideo.web.cors import CONTROL
from mock_mindvideo.web.index import ABOUT
from mock_mindvideo.web.openapi import about, api_key, headers, refusals
from mock_mindvideo.web.openapi.examples import Examples
from mock_mindvideo.web.openapi.fidelity import behaviours, grounds
from mock_mindvideo.web.openapi.generators import hoisted

_ABOUT = """\
How tests and people look at the mock and steer it: worlds, time, tasks, scripts, keys, money, and
the journal. Only the mock has it, none of it is the vendor's. Every request acts on the world of
its key, on `default` without one.

It is closed to other machines, unless the server was started with `--admin-token` and the request
has `X-Mock-Admin-Token`; to pages of other origins, unless `--allow-origin` names them; and under
host names that are not this machine's. The page's own files under `/_mock/ui/` are left out."""

#: What every answer carries.
_ALWAYS = (PLATFORM.headers.request_id,)


def control_document(catalog: Catalog, server: str) -> dict[str, Any]:
    """The document, for a client that reaches the control plane at `server`."""
    base = server.rstrip("/")
    catalog = replace(catalog, dialect=in_own_words(catalog.dialect))
    groups = tuple(operation.refused for operation in OPERATIONS)
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": about("The control plane of mock-mindvideo", _ABOUT),
        "servers": [{"url": base}],
        "security": [{"ApiKey": []}, {}],
        "tags": [{"name": name, "description": words} for name, words in GROUPS.items()],
        "paths": _paths(catalog),
        "components": {
            "schemas": hoisted(shapes.components(catalog)),
            "headers": headers.components(catalog),
            "responses": refusals.components(catalog, Examples(catalog, base), groups, _ALWAYS),
            "securitySchemes": {"ApiKey": api_key(catalog)},
        },
    }
    known = document["components"]["headers"]
    for name in (*headers.OWN, catalog.dialect.replayed):
        del known[name]  # the emulated API's
    return document | {"x-behaviours": behaviours(catalog, document)}


def _paths(catalog: Catalog) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        described = _operation(catalog, operation)
        path = (CONTROL + operation.path).rstrip("/")
        paths.setdefault(path, {})[operation.method.lower()] = described
    return paths


def _operation(catalog: Catalog, operation: Endpoint) -> dict[str, Any]:
    words = operation.about or ABOUT[operation.row]
    described: dict[str, Any] = {
        "operationId": operation.id,
        "summary": words[0].upper() + words[1:],
        "tags": [operation.group],
        "parameters": [*operation.parameters],
        "requestBody": operation.body(),
        "responses": {
            str(operation.status): _answer(operation.answer, operation.links),
            **refusals.of(catalog, operation.refused),
            **_unready(operation),
        },
        **grounds(catalog, f"endpoint:{operation.row[0]} {CONTROL}{operation.row[1]}"),
    }
    return {name: value for name, value in described.items() if value}


def _answer(body: Reply | None, links: Mapping[str, Any], *more: str) -> Mapping[str, Any]:
    """An answer with that body; `more` are headers that only it has."""
    answer: dict[str, Any] = {"description": "Done.", "headers": headers.of(*more, always=_ALWAYS)}
    if body is not None:
        content = {body.media_type: {"schema": body.schema}}
        answer |= {"description": body.words, "content": content}
    return answer | ({"links": dict(links)} if links else {})


def _unready(operation: Endpoint) -> Mapping[str, Any]:
    if operation.unready is None:
        return {}
    return {"503": _answer(operation.unready, {}, "Retry-After")}
