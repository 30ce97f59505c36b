"""Requests: accepted as they are; the same payload rewritten, and payloads that differ."""

import json
import re

import pytest
from hypothesis import given

from mock_mindvideo.domain.script import WORDS, parse
from mock_mindvideo.strategies import (
    idempotency_keys,
    idempotency_pairs,
    scripts,
    valid_requests,
)
from mock_mindvideo.strategies.json_schema.values import key
from tests.strategies.drawing import PATIENT, draw_many, kinds, some
from tests.strategies.oracle import reports

TAKEN = re.compile(r"[!-~]([ -~]*[!-~])?", re.ASCII)  # what the API takes for an Idempotency-Key


@PATIENT
@given(valid_requests())
def test_requests_carry_a_valid_input_and_the_documented_headers(request):
    assert reports(request.body["input"]) == set()
    assert json.loads(request.content) == request.body
    assert request.headers["Authorization"] == "Bearer mv_live_xxx"
    assert (request.method, request.path) == ("POST", "/api/v1/tasks")


@pytest.mark.parametrize("keyed", [True, False])
def test_requests_come_with_and_without_an_idempotency_key(keyed):
    some(valid_requests(), lambda request: ("Idempotency-Key" in request.headers) is keyed)


@PATIENT
@given(valid_requests(api_key="mv_test_a", realistic=True, duration=5))
def test_requests_take_a_key_and_overrides(request):
    assert request.headers["Authorization"] == "Bearer mv_test_a"
    assert request.body["input"]["duration"] == 5


@PATIENT
@given(idempotency_keys())
def test_idempotency_keys_are_ones_that_the_api_takes(drawn):
    assert TAKEN.fullmatch(drawn)
    assert len(drawn) <= 255


@pytest.mark.parametrize("size", [1, 255])
def test_idempotency_keys_reach_both_ends(size):
    assert any(len(drawn) == size for drawn in draw_many(idempotency_keys(), 200))


@PATIENT
@given(idempotency_pairs())
def test_pairs_share_a_key_and_are_valid_both(pair):
    assert pair.first.headers == pair.second.headers
    for request in (pair.first, pair.second):
        assert reports(request.body["input"]) == set()


@PATIENT
@given(idempotency_pairs())
def test_pairs_say_whether_they_mean_the_same(pair):
    first, second = json.loads(pair.first.content), json.loads(pair.second.content)
    assert (key(first) == key(second)) is pair.same


@PATIENT
@given(idempotency_pairs())
def test_pairs_that_differ_do_so_in_one_place(pair):
    first, second = pair.first.body["input"], pair.second.body["input"]
    names = {n for n in first.keys() | second.keys() if key(first.get(n)) != key(second.get(n))}
    assert len(names) == (0 if pair.same else 1)


@pytest.mark.parametrize(
    ("count", "least"), [(60, 10), pytest.param(200, 50, marks=pytest.mark.slow)]
)
def test_pairs_that_mean_the_same_are_written_differently(count, least):
    same = [pair for pair in draw_many(idempotency_pairs(), count) if pair.same]
    assert len(same) > least
    assert all(pair.first.content != pair.second.content for pair in same)


def test_pairs_write_whole_numbers_as_floats_too():
    some(idempotency_pairs(), lambda pair: pair.same and b".0" in pair.second.content)


@PATIENT
@given(scripts())
def test_scripts_can_be_read(text):
    assert parse(text).text == text


@pytest.mark.slow
def test_scripts_use_every_word_of_the_grammar():
    def words(text):
        return {part.split("=")[0] for part in text.split("; ")}

    assert kinds(scripts(), words, set(WORDS)) == set(WORDS)
