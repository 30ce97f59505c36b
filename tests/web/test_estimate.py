"""What a submit would cost, and why it would be refused, without making it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from mock_mindvideo.strategies import invalid_inputs, valid_inputs
from mock_mindvideo.web.app import create_app
from tests.conftest import TASKS, MakeClient, client_of, example

URL = "/_mock/estimate"
MODEL = "wan2-7-r2v"


def test_a_valid_body_is_told_its_cost_and_advice_and_makes_nothing(client: TestClient) -> None:
    asked = example(prompt="图3 walks", duration=10)
    told = client.post(URL, json=asked).json()
    assert (told["valid"], told["cost_estimate"], told["currency"]) == (True, "1.233", "USD")
    assert told["advice"] == ["the prompt names 图3, but image_with_roles holds 1"]
    assert client.get("/_mock/tasks").json()["tasks"] == []
    assert client.get("/_mock/ledger").json()["entries"] == []


@given(st.one_of(valid_inputs(MODEL), invalid_inputs(MODEL).map(lambda each: each.value)))
def test_an_estimate_and_a_submit_say_the_same(asked: Any) -> None:
    client = client_of(create_app())
    body = {"model": MODEL, "input": asked}
    told, answer = client.post(URL, json=body).json(), client.post(TASKS, json=body)
    if told["valid"]:
        assert float(told["cost_estimate"]) == answer.json()["cost_estimate"]
    else:
        assert (told["status"], told["error"]) == (answer.status_code, answer.json()["error"])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"model": "none", "input": {}}', b"\xff"])
def test_a_body_that_is_no_submit_is_told_as_the_api_tells_it(
    client: TestClient, body: bytes
) -> None:
    told = client.post(URL, content=body).json()
    headers = {"Content-Type": "application/json"}
    assert told["error"] == client.post(TASKS, content=body, headers=headers).json()["error"]


def test_a_body_that_is_too_long_is_refused(client: TestClient) -> None:
    answer = client.post(URL, content=b" " * (10 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "payload_too_large")


def test_a_model_with_numbers_of_any_length_is_shown(
    make_client: MakeClient, tmp_path: Path
) -> None:
    folder = tmp_path / "models" / "big"
    folder.mkdir(parents=True)
    number = {"type": "integer", "maximum": 10**30}
    schema = {"type": "object", "properties": {"z": number, "a": number}}
    about = {"slug": "big", "title": "Big", "output": "videos", "example": {"z": 10**25}}
    rate = {"when": {}, "price": "1", "fidelity": "invented"}
    prices = {"currency": "USD", "quantity": None, "rates": [rate], "charge_on": []}
    for name, content in (("model", about), ("input.schema", schema), ("pricing", prices)):
        (folder / f"{name}.json").write_text(json.dumps(content))
    models = make_client(schemas=(tmp_path,)).get("/_mock/models").json()["models"]
    shown = next(each for each in models if each["slug"] == "big")
    assert shown["input_schema"] == schema
    assert list(shown["input_schema"]["properties"]) == ["z", "a"]
