"""The JSON Schema Test Suite, required parts of 2020-12 and 7: what is accepted is done right."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7, DRAFT202012

from mock_mindvideo.strategies import Unsupported
from mock_mindvideo.strategies.json_schema.documents import DRAFT_7, DRAFT_2020, Document
from mock_mindvideo.strategies.json_schema.oracle import names, reported
from mock_mindvideo.strategies.json_schema.rule_space import Space
from tests.strategies.drawing import check
from tests.strategies.json_schema.fetch_suite import suite
from tests.strategies.json_schema.suite_refusals import REFUSED, UNBREAKABLE

DIALECTS = {"draft2020-12": (DRAFT_2020, DRAFT202012), "draft7": (DRAFT_7, DRAFT7)}


@dataclass(frozen=True)
class Case:
    """One schema of the suite with its instances."""

    file: str
    name: str
    schema: Any
    instances: list[dict[str, Any]]

    def document(self) -> Document:
        draft = self.file.split("/")[0]
        return Document(self.schema, "suite", remotes(draft), DIALECTS[draft][0])

    def __str__(self) -> str:
        return f"{self.file}: {self.name}"


@cache
def cases(draft: str) -> tuple[Case, ...]:
    """Every schema of the required parts."""
    files = sorted((suite() / "tests" / draft).glob("*.json"))
    return tuple(
        Case(f"{draft}/{file.stem}", each["description"], each["schema"], each["tests"])
        for file in files
        for each in json.loads(file.read_text(encoding="utf-8"))
    )


@cache
def remotes(draft: str) -> Registry[Any]:
    """The documents that the suite expects at its own address."""
    found: list[tuple[str, Resource[Any]]] = []
    for file in sorted((suite() / "remotes").rglob("*.json")):
        path = file.relative_to(suite() / "remotes").as_posix()
        if path.startswith("draft") and path.split("/")[0] not in DIALECTS:
            continue
        specification = DIALECTS.get(path.split("/")[0], DIALECTS[draft])[1]
        contents = json.loads(file.read_text(encoding="utf-8"))
        found.append((f"http://localhost:1234/{path}", specification.create_resource(contents)))
    return Registry().with_resources(found)


@cache
def compiled(case: int, draft: str) -> Space | Unsupported:
    """The case compiled once for all tests, or why it is not."""
    try:
        return Space(cases(draft)[case].document())
    except Unsupported as error:
        return error


def spaces(draft: str, step: int = 1) -> Iterator[tuple[Case, Space]]:
    """The cases that the compiler accepts, of every so many."""
    for number, case in list(enumerate(cases(draft)))[::step]:
        if isinstance(space := compiled(number, draft), Space):
            yield case, space


@pytest.mark.parametrize("draft", DIALECTS)
def test_the_suite_is_there_in_full(draft):
    assert len(cases(draft)) > 200


@pytest.mark.parametrize("draft", DIALECTS)
def test_what_is_refused_stands_in_the_list_and_nothing_else_does(draft):
    found = [(case, compiled(number, draft)) for number, case in enumerate(cases(draft))]
    refused = {(case.file, no.keyword) for case, no in found if isinstance(no, Unsupported)}
    listed = {(each.file, each.keyword) for each in REFUSED if each.file.startswith(f"{draft}/")}
    assert refused == listed


@pytest.mark.parametrize("draft", DIALECTS)
def test_shapes_and_jsonschema_agree_on_every_instance_of_the_suite(draft):
    wrong = [
        f"{case}: {each['description']}"
        for case, space in spaces(draft)
        for each in case.instances
        if space.compiler.admits(space.goal(), each["data"]) != each["valid"]
    ]
    assert wrong == []


@pytest.mark.parametrize("draft", DIALECTS)
def test_a_schema_with_a_valid_instance_is_never_taken_for_a_contradiction(draft):
    wrong = [
        str(case)
        for case, space in spaces(draft)
        if not space.possible() and any(each["valid"] for each in case.instances)
    ]
    assert wrong == []


@pytest.mark.parametrize("draft", DIALECTS)
@pytest.mark.parametrize(("count", "step"), [(10, 4), pytest.param(100, 1, marks=pytest.mark.slow)])
def test_what_is_drawn_as_valid_is_valid(draft, count, step):
    for case, space in spaces(draft, step):
        if space.possible() and not _rounds(case):
            judge = case.document().validator()
            check(space.valid(), count, _holds(case, judge))


@pytest.mark.parametrize("draft", DIALECTS)
@pytest.mark.parametrize(("count", "step"), [(3, 4), pytest.param(30, 1, marks=pytest.mark.slow)])
def test_what_is_drawn_as_invalid_breaks_the_labelled_rule_and_no_other(draft, count, step):
    for case, space in spaces(draft, step):
        for rule in () if _rounds(case) else space.breakable:
            check(space.invalid([rule]), count, _breaks_just_that(case, space))


def test_what_no_value_can_break_stands_in_the_list_and_nothing_else_does():
    found = {
        (case.file.split("/")[1], implied.violation.keyword)
        for draft in DIALECTS
        for case, space in spaces(draft)
        for implied in space.implied
        if implied.by is None
    }
    assert found == {(each.file, each.keyword) for each in UNBREAKABLE}


def _rounds(case: Case) -> bool:
    """Whether jsonschema divides doubles in the case: to it 0.0812 is no multiple of 0.0001."""
    return any(str(case).endswith(each) for each in ("by small number", "float division = inf"))


def _holds(case: Case, judge: Any) -> Any:
    def each(value: Any) -> None:
        assert judge.is_valid(value), f"{case}: {value!r}"

    return each


def _breaks_just_that(case: Case, space: Space) -> Any:
    (document,) = space.documents

    def each(found: Any) -> None:
        said = list(reported(document, found.value))
        assert len(said) == 1, f"{case}: {found!r}: {said}"
        assert names(said[0], found.violation), f"{case}: {found!r}: {said}"
        assert said[0].pointer == found.violation.pointer, f"{case}: {found!r}: {said}"

    return each
