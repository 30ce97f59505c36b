"""The list of rules is complete: each keyword of the schema files stands in it, or is explained."""

import copy
from collections.abc import Iterator
from operator import ne
from typing import Any

import pytest

from mock_mindvideo.strategies import implied_rules, violations
from mock_mindvideo.strategies.json_schema.documents import Document
from mock_mindvideo.strategies.json_schema.rule_space import Space
from tests.strategies.oracle import model

# Keywords that only hold schemas: dropping one drops the rules inside it.
HOLDERS = {"properties", "items", "allOf"}
NOTES = {"title", "description", "default", "x-playground", "$schema", "$comment"}

SCHEMAS = {rules.file.name: rules.schema for rules in model().rules}


def keywords(schema: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every keyword of a schema that is more than a note, by its path."""
    found: list[tuple[Any, ...]] = []
    for word, value in schema.items():
        if word in NOTES:
            continue
        found.append((*path, word))
        if word == "properties":
            for name, inner in value.items():
                found += keywords(inner, (*path, word, name))
        elif word in ("allOf", "anyOf", "oneOf"):
            for index, inner in enumerate(value):
                found += keywords(inner, (*path, word, index))
        elif word in ("items", "not") and isinstance(value, dict):
            found += keywords(value, (*path, word))
    return found


ALL = [(file, path) for file, schema in SCHEMAS.items() for path in keywords(schema)]


def lists(schemas: dict[str, Any]) -> Iterator[list[Any]]:
    """For changed schema files, what both lists hold together, then each of them, which is work."""
    space = Space(*(Document(schema, file) for file, schema in schemas.items()))
    yield [rule.violation for rule in space.rules]
    yield [rule.violation for rule in space.breakable]
    yield [rule.violation for rule in space.implied]


def test_the_independent_walk_finds_the_keywords_of_the_vendors_schema():
    assert len(ALL) > 60
    assert ("input.schema.json", ("properties", "prompt", "minLength")) in ALL


@pytest.fixture(scope="module")
def as_they_are() -> list[list[Any]]:
    return list(lists(SCHEMAS))


@pytest.mark.parametrize(("file", "path"), ALL, ids=str)
def test_dropping_any_one_keyword_changes_one_of_the_two_lists(file, path, as_they_are):
    changed = copy.deepcopy(SCHEMAS)
    inner: Any = changed[file]
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    assert any(map(ne, lists(changed), as_they_are))


@pytest.mark.parametrize(
    ("file", "path"),
    [each for each in ALL if each[1][-1] not in HOLDERS],
    ids=str,
)
def test_each_keyword_has_an_entry(file, path):
    place = f"{file}#/{'/'.join(map(str, path))}"
    known = [*violations(), *(implied.violation for implied in implied_rules())]
    assert any(v.schema_pointer in (place, f"{place}/0", f"{place}/1") for v in known)
