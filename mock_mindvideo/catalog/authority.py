"""jsonschema, which writes every violation. It is imported when there is something to describe.

What is valid is known without it, by `quick.py`, so a client that makes no mistakes, and every test
of one, does not wait for it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError, best_match
from jsonschema.validators import extend, validator_for
from referencing import Registry

from mock_mindvideo.catalog.files import CatalogError
from mock_mindvideo.catalog.keywords import exactly, telling
from mock_mindvideo.catalog.unevaluated import unevaluated_properties
from mock_mindvideo.domain.pointer import pointer

#: Never retrieves anything: a reference leads to the same file or nowhere.
NO_NETWORK: Registry[Any] = Registry()

#: To check schemas against their metaschema: no format. Patterns are read by their own engine.
FORMATS = FormatChecker(())


def authority(schema: Mapping[str, Any]) -> Any:
    """The validator for a schema that is one, of a dialect that `check_schema` knows."""
    return _complete(_dialect(schema), schema)(schema, registry=NO_NETWORK)


def check_schema(file: Path, schema: Mapping[str, Any]) -> None:
    """Raise CatalogError for a dialect that nobody knows, or for what is no schema in it."""
    kind = _dialect(schema)
    if kind is None:
        raise CatalogError(file, "/$schema", f"unknown dialect {schema['$schema']!r}")
    try:
        kind.check_schema(schema, format_checker=FORMATS)
    except SchemaError as error:
        raise CatalogError(file, pointer(error.absolute_path), error.message) from None


def check_form(file: Path, value: object, schema: Mapping[str, Any]) -> None:
    """Raise CatalogError for the worst violation of a file's form, if there is any."""
    validator = exactly(Draft202012Validator)(schema, registry=NO_NETWORK)
    error = best_match(validator.iter_errors(value))
    if error is not None:
        raise CatalogError(file, pointer(error.absolute_path), error.message)


def _complete(kind: Any, schema: Mapping[str, Any]) -> Any:
    """The dialect's validator class, with the keywords that are different here."""
    if "unevaluatedProperties" not in kind.VALIDATORS:
        return telling(kind)
    own = {"unevaluatedProperties": unevaluated_properties(schema)}
    return extend(telling(kind), own)  # type: ignore[no-untyped-call]


def _dialect(schema: Mapping[str, Any]) -> Any:
    """The validator class for the dialect that the schema names; None for an unknown one."""
    named = schema.get("$schema", Draft202012Validator.META_SCHEMA["$schema"])
    if not isinstance(named, str) or "draft-03" in named:
        return None
    return validator_for({"$schema": named}, default=None)  # type: ignore[arg-type]
