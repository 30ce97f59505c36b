"""The rates of a price list. A table is short for many of them: one for each of its prices."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson

from mock_mindvideo.catalog.files import CatalogError
from mock_mindvideo.domain.pointer import pointer
from mock_mindvideo.domain.pricing import Rate

Named = Mapping[str, Mapping[str, Any]]


def read_rates(file: Path, raw: Mapping[str, Any], list_: str, named: Named) -> Iterator[Rate]:
    """The rates under `list_`; `named` are the properties of the input.

    Raises CatalogError for a property or a value that no input has.
    """
    for index, rate in enumerate(raw.get(list_, ())):
        here = (list_, index)
        for name in rate["when"]:
            _check_known(file, (*here, "when", name), name, named)
        for place, name in enumerate(rate.get("by", ())):
            _check_known(file, (*here, "by", place), name, named)
        flat = rate.get("flat", False)
        for when, price in _priced(file, here, rate, named):
            yield Rate(when, Decimal(price), rate["fidelity"], flat)


def listed(schema: Mapping[str, Any]) -> list[Any]:
    """The only values that the property may have, where its schema lists them."""
    return [schema["const"]] if "const" in schema else list(schema.get("enum", ()))


def values(schema: Mapping[str, Any]) -> list[Any]:
    """The values a property may have, as far as rates can tell them apart; None for "other"."""
    absent = [] if "default" in schema else [None]
    if "const" in schema or "enum" in schema:
        return [*listed(schema), *absent]
    if schema.get("type") == "boolean":
        return [True, False, *absent]
    return [None]


def _priced(
    file: Path, here: tuple[str | int, ...], rate: Mapping[str, Any], named: Named
) -> Iterator[tuple[dict[str, Any], str]]:
    """What each price of a rate asks for, and the price."""
    if "price" in rate:
        yield rate["when"], rate["price"]
        return
    for keys, price in _rows(rate["table"]):
        where = (*here, "table", *keys)
        if len(keys) != len(rate["by"]):
            reason = f"the table is to have {len(rate['by'])} keys in a row, as `by` names them"
            raise CatalogError(file, pointer(where), reason)
        given = (
            (name, _value(file, where, key, named[name]))
            for name, key in zip(rate["by"], keys, strict=True)
        )
        yield {**rate["when"], **dict(given)}, price


def _rows(table: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(table, str):
        yield keys, table
        return
    for key, inner in table.items():
        yield from _rows(inner, (*keys, key))


def _value(file: Path, where: Sequence[str | int], key: str, schema: Mapping[str, Any]) -> Any:
    """The value of a property that a key of a table, which is a text, stands for."""
    known = [each for each in values(schema) if each is not None]
    for each in known:
        if _as_key(each) == key:
            return each
    if known:
        shown = ", ".join(map(_as_key, known))
        reason = f"{key!r} is no value of the property; there are: {shown}"
        raise CatalogError(file, pointer(where), reason)
    kinds = schema.get("type", "string")
    return key if "string" in kinds else _number(file, where, key)


def _number(file: Path, where: Sequence[str | int], key: str) -> Any:
    try:
        return orjson.loads(key)
    except orjson.JSONDecodeError:
        raise CatalogError(file, pointer(where), f"{key!r} is no value of the property") from None


def _as_key(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _check_known(file: Path, where: Sequence[str | int], name: str, named: Named) -> None:
    if name not in named:
        raise CatalogError(file, pointer(where), "is not a property of input.schema.json")
