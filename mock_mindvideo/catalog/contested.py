"""Sides taken where public sources differ, as patches of the files that say what is usual."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from mock_mindvideo.catalog.files import CatalogError
from mock_mindvideo.catalog.forms import read_checked
from mock_mindvideo.catalog.platforms import merge_patch
from mock_mindvideo.domain.nearest import meant

#: JSON Merge Patches, by the file in a folder of schemas or, for a model, by its name.
FilePatches: TypeAlias = Mapping[str, Mapping[str, Any]]

FILE = "contested.json"


def sides(file: Path, taken: Sequence[str]) -> FilePatches:
    """What the sides taken change, such as `links=72h`; raises CatalogError for an unknown one."""
    if not taken:
        return {}
    questions = read_checked(file, "contested")["questions"]
    patches: dict[str, Any] = {}
    for each in taken:
        name, _, side = each.partition("=")
        for place, patch in _side(file, questions, name, side)["changes"].items():
            patches[place] = _both(patches.get(place, {}), patch)
    return patches


def of_model(patches: FilePatches, slug: str) -> FilePatches:
    """Those of a model's files, by their names."""
    start = f"models/{slug}/"
    return {
        name.removeprefix(start): patch for name, patch in patches.items() if name.startswith(start)
    }


def patched(value: dict[str, Any], name: str, patches: FilePatches) -> dict[str, Any]:
    """A file's content with what is changed of it."""
    return merge_patch(value, patches[name]) if name in patches else value


def _side(file: Path, questions: Mapping[str, Any], name: str, side: str) -> Mapping[str, Any]:
    if name not in questions:
        reason = f"no question '{name[:64]}' is contested{meant(name, sorted(questions))}"
        raise CatalogError(file, "/questions", reason)
    known = questions[name]["sides"]
    if side not in known:
        reason = f"'{side[:64]}' is no side{meant(side, sorted(known))}"
        raise CatalogError(file, f"/questions/{name}/sides", reason)
    found: Mapping[str, Any] = known[side]
    return found


def _both(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """One patch that does what two do; null still takes a member away."""
    both = dict(first)
    for name, value in second.items():
        inner = both.get(name)
        nested = isinstance(inner, Mapping) and isinstance(value, Mapping)
        both[name] = _both(inner, value) if nested else value  # type: ignore[arg-type]
    return both
