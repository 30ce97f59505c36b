"""How far each part of the document can be trusted, as `schemas/platform/fidelity.json` has it."""

from collections.abc import Iterator, Mapping
from typing import Any

from mock_mindvideo.catalog import Catalog

EXTENSION = "x-fidelity"


def grounds(catalog: Catalog, *names: str) -> dict[str, Any]:
    """The extension with the ids of the behaviours that cover any of `names` (`code:not_found`).

    Empty where none does.
    """
    asked = set(names)
    ids = [
        each["id"] for each in catalog.behaviours if not asked.isdisjoint(each.get("covers", ()))
    ]
    return {EXTENSION: ids} if ids else {}


def behaviours(catalog: Catalog, document: object) -> Mapping[str, Any]:
    """The behaviours that `document` names, by id, so that it can be read on its own."""
    known = {
        each["id"]: {part: each[part] for part in ("kind", "statement", "source")}
        for each in catalog.behaviours
    }
    return behaviours_named(document, known)


def behaviours_named(document: object, known: Mapping[str, Any]) -> Mapping[str, Any]:
    """Those of the `known` behaviours that `document` names."""
    named = {identifier for ids in _extensions(document) for identifier in ids}
    return {name: each for name, each in known.items() if name in named}


def _extensions(node: object) -> Iterator[list[str]]:
    if isinstance(node, dict):
        if EXTENSION in node:
            yield node[EXTENSION]
        for child in node.values():
            yield from _extensions(child)
    elif isinstance(node, list):
        for child in node:
            yield from _extensions(child)
