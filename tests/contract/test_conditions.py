"""Simple conditions mean what Arazzo says, and nothing holds because something is missing."""

import pytest

from mock_mindvideo.contract.arazzo.conditions import Condition
from mock_mindvideo.contract.arazzo.expressions import Context, NoValueError, resolve
from mock_mindvideo.contract.exchange import HttpRequest, HttpResponse, Roundtrip

BODY = b'{"status": "Queued", "cost": 0.5, "n": 1, "flag": true, "none": null, "list": [1, 2]}'
CONTEXT = Context(
    {"name": "walk"},
    steps={"first": {"id": "task_1"}},
    exchange=Roundtrip(
        HttpRequest("POST", "http://x/y", {"accept": "a"}, parameters={"path.id": "7"}),
        HttpResponse(201, {"content-type": "application/json", "x-a": "b"}, BODY),
    ),
)


@pytest.mark.parametrize(
    "condition",
    [
        "$statusCode == 201",
        "$statusCode >= 200 && $statusCode < 300",
        "$statusCode == 1 || $statusCode == 201",
        "!($statusCode == 200)",
        "$statusCode == 200 || $statusCode == 201 && $method == 'POST'",
        "$response.body#/status == 'queued'",
        '$response.body#/status == "QUEUED"',
        "$response.body#/cost == 0.5",
        "$response.body#/n == 1.0",
        "$response.body#/flag == true",
        "$response.body#/none == null",
        "$response.body#/list/1 == 2",
        "$response.body#/list == $response.body#/list",
        "$response.header.X-A == 'b'",
        "$request.header.Accept == 'a'",
        "$request.path.id == '7'",
        "$inputs.name == 'walk'",
        "$steps.first.outputs.id != 'task_2'",
        "'it''s' == \"it's\"",
        "$response.body#/flag",
        "-1 < 1e3",
    ],
)
def test_holds(condition: str) -> None:
    assert Condition(condition).holds(CONTEXT)


@pytest.mark.parametrize(
    "condition",
    [
        "$statusCode == '201'",
        "$response.body#/flag == 1",
        "$response.body#/status < 1",
        "$response.body#/nothing == null",
        "$response.body#/nothing != 'a'",
        "$response.header.X-B != 'a'",
        "$steps.second.outputs.id == 'a'",
        "$response.body#/list/2 == 3",
        "$response.body#/nothing",
        "$response.body#/none",
        "false",
    ],
)
def test_does_not_hold(condition: str) -> None:
    assert not Condition(condition).holds(CONTEXT)


def test_expressions_inside_values_are_replaced_at_any_depth() -> None:
    value = {"a": ["{$inputs.name}-{$steps.first.outputs.id}", "$response.body#/n", 5, "plain"]}
    assert resolve(value, CONTEXT) == {"a": ["walk-task_1", 1, 5, "plain"]}


def test_an_expression_without_a_value_is_told() -> None:
    with pytest.raises(NoValueError, match=r"inputs\.other"):
        resolve("Bearer {$inputs.other}", CONTEXT)
