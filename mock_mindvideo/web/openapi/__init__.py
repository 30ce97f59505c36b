"""The OpenAPI 3.1 document of the emulated API, drawn from the schema files and error classes."""

from collections.abc import Mapping
from copy import deepcopy
from importlib.metadata import metadata
from typing import Any

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.domain.keys import DOCUMENTED_KEY
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.openapi import extensions, headers, parameters, refusals, schemas
from mock_mindvideo.web.openapi.examples import Examples
from mock_mindvideo.web.openapi.fidelity import behaviours, grounds
from mock_mindvideo.web.openapi.operations import TAG, paths
from mock_mindvideo.web.openapi.vendor import vendor_only

__all__ = ["about", "api_key", "openapi"]

_ABOUT = """\
What an application may rely on when it speaks to MindVideo's task API, and what this mock of it
promises. `x-fidelity` names the behaviours that a part rests on; `x-behaviours` says of each
whether the vendor documents it, another public source implies it, or the mock had to invent it.
Much is invented: the error envelope and its codes, the form of the events, the limits.

Left out are the mock's control plane under `/_mock/` and the result files it serves, which need
no key. Any origin may read every answer (CORS). A request that a script of `X-Mock-Script` or a
reference under `mock.invalid` disturbs on purpose may be answered in ways not listed here."""


def openapi(
    catalog: Catalog, server: str, *, strict: bool = False, vendor: bool = False
) -> dict[str, Any]:
    """The document of the API and its extensions, for a client that reaches it at `server`.

    `strict` is for a mock with the strict profile, which refuses inputs that break inferred rules.
    With `vendor` the document holds what the vendor says, without what is the mock's own.
    """
    base = server.rstrip("/")
    examples = Examples(catalog, base)
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": about("MindVideo task API, as mock-mindvideo emulates it", _ABOUT),
        "servers": [{"url": base}],
        "security": [{"ApiKey": []}],
        "tags": [TAG, *([extensions.TAG] if any_extension(catalog) else [])],
        "paths": paths(catalog, examples),
        "components": {
            "schemas": schemas.components(catalog, strict=strict),
            "parameters": parameters.components(catalog),
            "headers": headers.components(catalog),
            "responses": _refusals(catalog, examples),
            "securitySchemes": {"ApiKey": api_key(catalog)},
        },
    }
    if sent := extensions.webhooks(catalog, examples):
        document["webhooks"] = sent
    document |= {"x-behaviours": behaviours(catalog, document)}
    return vendor_only(deepcopy(document)) if vendor else document


def any_extension(catalog: Catalog) -> bool:
    """Whether the dialect adds anything to what is documented."""
    return bool(catalog.dialect.extensions) or catalog.dialect.webhooks is not None


def _refusals(catalog: Catalog, examples: Examples) -> dict[str, Any]:
    groups = (refusals.SUBMIT, refusals.LOOK, *extensions.groups(catalog))
    return refusals.components(catalog, examples, groups, headers.always(catalog))


def about(title: str, words: str) -> Mapping[str, Any]:
    """What a document says of itself."""
    package = metadata("mock-mindvideo")
    licence = package["License-Expression"]
    return {
        "title": title,
        "summary": package["Summary"],
        "description": words,
        "version": package["Version"],
        "license": {"name": licence, "identifier": licence},
    }


def api_key(catalog: Catalog) -> Mapping[str, Any]:
    """How a request says whose it is."""
    return {
        "type": "http",
        "scheme": PLATFORM.keys.scheme.lower(),
        "description": f"An API key. The mock takes `{DOCUMENTED_KEY}`, the key of the vendor's"
        f" examples, and any `{PLATFORM.keys.test}<name>`, each a world of its own.",
        **grounds(catalog, f"key:{DOCUMENTED_KEY}", f"key:{PLATFORM.keys.test}<name>"),
    }
