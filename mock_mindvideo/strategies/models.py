"""Models by their slug: the packaged ones, and those of one's own folders."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from mock_mindvideo.catalog import ALL, Catalog, Model, builtin_catalog, every_model, load

DEFAULT_MODEL = "wan2-7-r2v"

#: A slug, or a model that `mock_mindvideo.catalog.load` gave.
ModelLike: TypeAlias = str | Model

#: A folder laid out like `schemas/`, or several, of which later ones win; None for the packaged.
Schemas: TypeAlias = str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None

# A file by its path, with what changes when it is written.
_Stamp: TypeAlias = tuple[str, int, int]


def model_of(model: ModelLike, schemas: Schemas = None) -> Model:
    """Give the model itself.

    Raises:
        UnknownModel: neither the folders nor the package have that slug.
        CatalogError: a folder is missing, or a file in it is wrong.
    """
    if not isinstance(model, str):
        return model
    if schemas is None and model not in builtin_catalog().models:
        return every_model().model(model)
    return catalog_of(schemas).model(model)


def catalog_of(schemas: Schemas) -> Catalog:
    """Give the packaged catalog with these folders on top, read again when a file changed.

    Raises:
        CatalogError: a folder is missing, or a file in it is wrong.
    """
    if schemas is None:
        return builtin_catalog()
    several = [schemas] if isinstance(schemas, str | os.PathLike) else schemas
    folders = tuple(Path(folder).resolve() for folder in several)
    return _loaded(folders, tuple(stamp for folder in folders for stamp in _stamps(folder)))


@lru_cache(maxsize=32)
def _loaded(folders: tuple[Path, ...], stamps: tuple[_Stamp, ...]) -> Catalog:
    return load(folders, models=(ALL,))


def _stamps(folder: Path) -> list[_Stamp]:
    files = sorted(folder.rglob("*.json"))
    return [(str(f), stat.st_mtime_ns, stat.st_size) for f in files for stat in [f.stat()]]
