"""What a body says is worked out once for the same bytes, under the same schema files."""

import json
from dataclasses import replace
from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.catalog import Catalog, builtin_catalog
from mock_mindvideo.domain.errors import InvalidJson, InvalidModelInput, UnknownModel
from mock_mindvideo.domain.payload import read_json
from mock_mindvideo.strategies import valid_inputs
from mock_mindvideo.worlds.orders import LONGEST, Orders
from mock_mindvideo.worlds.tasks import Service
from tests.conftest import example

from .making import Mock


@pytest.fixture
def orders() -> Orders:
    return Orders(builtin_catalog())


@given(valid_inputs())
def test_bytes_and_the_value_they_stand_for_are_one_order(sent: object) -> None:
    raw = json.dumps({"model": "wan2-7-r2v", "input": sent}).encode()
    orders = Orders(builtin_catalog())
    assert orders.read(raw) == orders.order(read_json(raw))


def test_the_same_bytes_are_read_once(orders: Orders) -> None:
    raw = orjson.dumps(example())
    assert orders.read(raw) is orders.read(bytes(bytearray(raw)))


def test_a_body_too_long_to_be_kept_is_read_each_time(orders: Orders) -> None:
    raw = orjson.dumps(example()) + b" " * LONGEST
    assert orders.read(raw) is not orders.read(raw)
    assert orders.read(raw) == orders.read(raw)


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        (b"{", InvalidJson),
        (orjson.dumps({**example(), "model": "none"}), UnknownModel),
        (orjson.dumps(example(duration=99)), InvalidModelInput),
    ],
)
def test_a_refusal_is_the_same_again(orders: Orders, raw: bytes, refusal: type[Exception]) -> None:
    for _ in range(2):
        with pytest.raises(refusal):
            orders.read(raw)


@given(st.integers(1, 9))
def test_changed_schema_files_are_asked_anew(factor: int) -> None:
    mock, raw = Mock(), orjson.dumps(example())
    service: Service = mock.service
    assert service.orders.read(raw).estimate == Decimal("0.6165")
    service.use(_dearer(service, factor))
    assert service.orders.read(raw).estimate == Decimal("0.6165") * factor


def _dearer(service: Service, factor: int) -> Catalog:
    model = service.catalog.model("wan2-7-r2v")
    rates = tuple(replace(rate, price=rate.price * factor) for rate in model.pricing.rates)
    dearer = replace(model, pricing=replace(model.pricing, rates=rates))
    return replace(service.catalog, models={model.slug: dearer})
