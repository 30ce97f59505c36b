"""Templates of JSON: in a string, `{name}` stands for a value.

A string that is one name and nothing else becomes the value itself, whatever its type; inside a
longer text the value is written out. A member whose value is absent is left out, or shown as null
where `nulls` are; `{null}` is null in any case.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

#: The value of a name that has none just now.
ABSENT: Final = object()

#: The name that stands for JSON's null, since null in a file that is merged removes a member.
NULL = "null"

_NAME = re.compile(r"\{([a-z_]+)\}")


def filled(template: Any, values: Mapping[str, Any], *, nulls: bool = False) -> Any:
    """The template with its names replaced by `values`; ABSENT if it is nothing but an absent one.

    Raises KeyError for a name that has no value; `names` finds them beforehand.
    """
    if isinstance(template, str):
        return _text(template, values)
    if isinstance(template, Mapping):
        shown = ((name, filled(each, values, nulls=nulls)) for name, each in template.items())
        return {
            name: None if each is ABSENT else each
            for name, each in shown
            if nulls or each is not ABSENT
        }
    if isinstance(template, list):
        items = (filled(each, values, nulls=nulls) for each in template)
        return [each for each in items if each is not ABSENT]
    return template


def names(
    template: Any, at: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Each name in a template, with the path to where it stands."""
    if isinstance(template, str):
        yield from ((at, found) for found in _NAME.findall(template) if found != NULL)
    elif isinstance(template, Mapping):
        for name, each in template.items():
            yield from names(each, (*at, name))
    elif isinstance(template, list):
        for index, each in enumerate(template):
            yield from names(each, (*at, index))


def alone(template: Any) -> str | None:
    """The name that a template is, if it is one and nothing else."""
    found = _NAME.fullmatch(template) if isinstance(template, str) else None
    return found[1] if found else None


def _text(template: str, values: Mapping[str, Any]) -> Any:
    name = alone(template)
    if name is not None:
        return None if name == NULL else values[name]
    found = [each for each in _NAME.findall(template) if each != NULL]
    if any(values[each] is ABSENT for each in found):
        return ABSENT
    return _NAME.sub(lambda each: _written(each[1], values), template)


def _written(name: str, values: Mapping[str, Any]) -> str:
    """A value within a text; one that is null is nothing there."""
    if name == NULL:
        return "null"
    return "" if values[name] is None else str(values[name])


def read_back(template: Any, value: Any) -> dict[str, Any] | None:
    """The values of the names with which `template` becomes `value`; None if it cannot."""
    if isinstance(template, str):
        return _read_text(template, value)
    if not isinstance(template, Mapping):
        return {} if template == value else None
    if not isinstance(value, Mapping) or value.keys() - template.keys():
        return None
    found: dict[str, Any] = {}
    for name in template.keys() & value.keys():
        inner = read_back(template[name], value[name])
        if inner is None:
            return None
        found |= inner
    return found


def _read_text(template: str, value: Any) -> dict[str, Any] | None:
    name = alone(template)
    if name is not None and name != NULL:
        return {name: value}
    if name == NULL or not isinstance(value, str):
        return {} if value is None else None
    parts = _NAME.split(template)
    groups = [each if at % 2 else re.escape(each) for at, each in enumerate(parts)]
    pattern = "".join(f"(?P<{each}>.*)" if at % 2 else each for at, each in enumerate(groups))
    match = re.fullmatch(pattern, value, re.DOTALL)
    return None if match is None else match.groupdict()
