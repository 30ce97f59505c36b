"""The judge of these tests: jsonschema on the files themselves, nothing of the compiler.

It names what is broken as `Violation` promises to: the pointer as reported, the keyword,
and the place of the keyword in its file, with the index of the name if `required` has several.
"""

from typing import Any, NamedTuple

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from mock_mindvideo.catalog import Model, builtin_catalog
from mock_mindvideo.domain.pointer import pointer


class Report(NamedTuple):
    """One error as jsonschema reports it."""

    pointer: str
    keyword: str
    schema_pointer: str


def model() -> Model:
    """The model that the vendor documents."""
    return builtin_catalog().model("wan2-7-r2v")


def reports(value: Any, of: Model | None = None) -> set[Report]:
    """Everything that jsonschema has against an input, over all schema files that decide."""
    files = (of or model()).rules
    return {
        _report(rules.file.name, error)
        for rules in files
        for error in Draft202012Validator(rules.schema).iter_errors(value)
    }


def _report(file: str, error: ValidationError) -> Report:
    path = [str(step) for step in error.absolute_schema_path]
    if error.validator == "required":
        names: Any = error.validator_value
        # jsonschema says which name is missing in its message alone
        path.append(
            str(next(i for i, n in enumerate(names) if error.message.startswith(f"{n!r} ")))
        )
    return Report(pointer(error.absolute_path), str(error.validator), f"{file}#{pointer(path)}")


def labels(found: Any) -> set[Report]:
    """What an `InvalidInput` says of itself."""
    return {Report(v.pointer, v.keyword, v.schema_pointer) for v in found.violations}
