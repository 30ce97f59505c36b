"""The refusals: which status and which code, in one table that clients rely on."""

import pytest

from mock_mindvideo.domain import errors
from mock_mindvideo.domain.errors import Detail, MockError

TABLE = {
    "invalid_http": 400,
    "invalid_json": 400,
    "invalid_idempotency_key": 400,
    "missing_api_key": 401,
    "invalid_api_key": 401,
    "insufficient_credit": 402,
    "disabled_api_key": 403,
    "forbidden": 403,
    "not_found": 404,
    "task_not_found": 404,
    "unknown_model": 404,
    "method_not_allowed": 405,
    "request_timeout": 408,
    "idempotency_key_reused": 409,
    "idempotency_in_progress": 409,
    "task_not_cancellable": 409,
    "illegal_move": 409,
    "precondition_failed": 412,
    "payload_too_large": 413,
    "unsupported_media_type": 415,
    "range_not_satisfiable": 416,
    "invalid_request": 422,
    "invalid_input": 422,
    "rate_limited": 429,
    "internal_error": 500,
    "unavailable": 503,
}


def tree():
    """The errors of the API."""
    return [kind for kind in MockError.__subclasses__() if kind.__module__ == errors.__name__]


@pytest.mark.parametrize(("code", "status"), TABLE.items())
def test_a_code_belongs_to_one_error_with_one_status(code, status):
    owners = [kind for kind in tree() if kind.code == code]

    assert len(owners) == 1
    assert owners[0].status == status


def test_every_error_of_the_tree_is_in_the_table():
    assert {kind.code for kind in tree()} == set(TABLE)


def test_every_error_says_what_it_is():
    kinds = [each for each in vars(errors).values() if isinstance(each, type)]

    assert [kind.__name__ for kind in kinds if not kind.__doc__] == []


def test_an_error_carries_its_message_details_and_headers():
    detail = Detail("/input/duration", "maximum", "must be at most 15; it is 16")
    error = errors.InvalidModelInput("no", details=(detail,), headers=(("Allow", "GET"),))

    assert (str(error), error.message) == ("no", "no")
    assert error.details == (detail,)
    assert error.headers == (("Allow", "GET"),)
