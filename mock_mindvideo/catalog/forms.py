"""Files that must have the form of their kind: those in `schemas/` that are no schemas."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from mock_mindvideo.catalog.files import read_object
from mock_mindvideo.catalog.quick import quick_validator
from mock_mindvideo.platform.data import data_folder


def read_checked(file: Path, form: str) -> dict[str, Any]:
    """The JSON object in `file`, which must agree with `schemas/formats/{form}.schema.json`.

    Raises CatalogError.
    """
    value = read_object(file)
    check_read(file, value, form)
    return value


def check_read(file: Path, value: Mapping[str, Any], form: str) -> None:
    """The same check of what was read already; raises CatalogError, which names `file`."""
    schema, quick = _form(form)
    if not quick.is_valid(value):
        from mock_mindvideo.catalog.authority import check_form  # noqa: PLC0415 - see there

        check_form(file, value, schema)


@cache
def _form(name: str) -> tuple[dict[str, Any], Any]:
    """The schema of a form and its quick validator; a test holds the two validators to agree."""
    schema = read_object(data_folder("schemas") / "formats" / f"{name}.schema.json")
    return schema, quick_validator(schema)
