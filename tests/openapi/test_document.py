"""What the document says of itself, without any request."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.domain.dialect import own_dialect
from mock_mindvideo.domain.errors import InvalidIdempotencyKey, MockError
from mock_mindvideo.domain.payload import check_idempotency_key
from mock_mindvideo.domain.script import parse
from mock_mindvideo.web.cors import ALLOWED, expose
from mock_mindvideo.web.openapi import openapi
from mock_mindvideo.web.openapi.parameters import scripts
from tests.openapi.conftest import ORIGIN
from tests.openapi.contract import JSON, Contract

OPERATIONS = ("createTask", "getTask", "getTaskEvents")

#: Codes that no operation of the API answers: a move that the lifecycle lacks, refusals of files,
#: and of an extension that is off.
ELSEWHERE = {"illegal_move", "task_not_cancellable", "precondition_failed", "range_not_satisfiable"}


def error_codes(kind: type[MockError] = MockError) -> set[str]:
    """The codes of all error classes; a new class must be placed in the document, or above."""
    return {kind.code}.union(*(error_codes(each) for each in kind.__subclasses__()))


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every JSON object in the document."""
    if isinstance(value, dict):
        yield value
        for child in value.values():
            yield from nodes(child)
    elif isinstance(value, list):
        for child in value:
            yield from nodes(child)


def test_the_document_has_the_three_operations_and_no_other(contract: Contract) -> None:
    """The control plane and the media are no part of the emulated API."""
    assert tuple(each["operationId"] for _, _, each in contract.operations()) == OPERATIONS


def test_every_code_of_the_emulated_api_stands_in_it_and_no_other(contract: Contract) -> None:
    """Drawn from the error classes, without those of the control plane."""
    listed = set().union(*(contract.codes(name) for name in OPERATIONS))
    assert listed == error_codes() - ELSEWHERE


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_enum_of_a_response_is_what_its_examples_show(
    contract: Contract, operation: str
) -> None:
    """One named example for each code, and the code in its schema."""
    for status, response in contract.responses(operation).items():
        if status >= "400":
            content = response["content"][JSON]
            narrowed = content["schema"]["properties"]["error"]["properties"]["code"]
            assert narrowed["enum"] == list(content["examples"])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_example_agrees_with_its_schema(contract: Contract, operation: str) -> None:
    """Answers and bodies alike."""
    answers = contract.responses(operation).values()
    contents = [each["content"] for each in answers if "content" in each]
    contents += [contract.operation(operation).get("requestBody", {}).get("content", {})]
    for media in (media for content in contents for media in content.values()):
        for example in media["examples"].values():
            contract.validator(media["schema"]).validate(example["value"])


def test_every_model_can_be_submitted(contract: Contract) -> None:
    """Each is a branch of the body, and `model` leads to it."""
    body = contract.document["components"]["schemas"]["CreateTask"]
    assert body["discriminator"]["mapping"].keys() == builtin_catalog().models.keys()
    assert [each["$ref"] for each in body["oneOf"]] == [*body["discriminator"]["mapping"].values()]


def test_every_reference_leads_somewhere_in_it(contract: Contract) -> None:
    """The document needs no other file."""
    for node in nodes(contract.document):
        if "$ref" in node:
            assert node["$ref"].startswith("#/components/")
            assert contract.resolve(node) is not None


def test_every_behaviour_that_is_named_is_told(contract: Contract) -> None:
    """`x-fidelity` gives ids, `x-behaviours` what they mean."""
    told = contract.document["x-behaviours"]
    named = {each for node in nodes(contract.document) for each in node.get("x-fidelity", ())}
    assert named
    assert named == told.keys()


def test_tells_of_each_header_that_a_browser_may_read(contract: Contract) -> None:
    """What CORS exposes is worth documenting."""
    exposed = expose(own_dialect())[1].decode()
    assert set(exposed.split(", ")) <= contract.document["components"]["headers"].keys()


def test_tells_of_each_header_that_a_browser_may_send(contract: Contract) -> None:
    """Those that OpenAPI has other words for aside."""
    parameters = contract.document["components"]["parameters"].values()
    elsewhere = {"Authorization", "Content-Type"}
    assert set(ALLOWED) - elsewhere <= {each["name"] for each in parameters}


def test_links_lead_from_the_submit_to_the_task(contract: Contract) -> None:
    """So that tools can chain the calls."""
    links = contract.responses("createTask")["200"]["links"]
    assert {link["operationId"] for link in links.values()} == {"getTask", "getTaskEvents"}


def test_names_the_server_it_was_asked_for() -> None:
    """A slash at its end would double the one that paths begin with."""
    document = openapi(builtin_catalog(), "http://127.0.0.1:8080/")
    assert document["servers"] == [{"url": "http://127.0.0.1:8080"}]


def test_the_document_is_the_same_each_time(contract: Contract) -> None:
    """It is compared between versions; and it can be written as JSON."""
    again = openapi(builtin_catalog(), ORIGIN)
    assert orjson.dumps(again) == orjson.dumps(contract.document)


@given(st.text(st.characters(max_codepoint=0xFF, exclude_characters="\n"), max_size=260))
def test_takes_the_idempotency_keys_that_the_server_takes(contract: Contract, key: str) -> None:
    """The pattern is said twice, here and in the domain; they must not part."""
    schema = contract.document["components"]["parameters"]["IdempotencyKey"]["schema"]
    try:
        check_idempotency_key(key)
        taken = True
    except InvalidIdempotencyKey:
        taken = False
    assert contract.validator(schema).is_valid(key) == taken


@pytest.mark.parametrize("script", scripts(builtin_catalog().lifecycle))
def test_the_scripts_it_takes_can_be_read(script: str) -> None:
    """Every script of the document is one."""
    assert parse(script).text == script


def test_no_component_has_a_dot_which_generators_take_for_a_module() -> None:
    schemas = openapi(builtin_catalog(), ORIGIN)["components"]["schemas"]

    assert [name for name in schemas if "." in name] == []
