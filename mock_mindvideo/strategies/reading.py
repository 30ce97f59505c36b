"""The mock's own reading of schemas: its strategies and its validator cannot disagree."""

from __future__ import annotations

from typing import Any

from mock_mindvideo.catalog import patterns
from mock_mindvideo.catalog.dialect import is_multiple
from mock_mindvideo.catalog.keywords import exactly

from .json_schema.documents import Document
from .json_schema.reading import Reading
from .json_schema.values import Json

READING = Reading(patterns.compiled, patterns.found, is_multiple, exactly)


def document(schema: Json, name: str, registry: Any = None) -> Document:
    """Read a schema that the catalog has checked."""
    return Document(schema, name, registry, checked=True, reading=READING)
