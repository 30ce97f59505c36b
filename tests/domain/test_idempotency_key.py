"""What can be an Idempotency-Key; the limits are invented, and so said exactly."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.errors import InvalidIdempotencyKey
from mock_mindvideo.domain.payload import MAX_IDEMPOTENCY_KEY, check_idempotency_key

VISIBLE = string.ascii_letters + string.digits + string.punctuation
NOT_ASCII = (
    "Idempotency-Key must be printable ASCII, must not be empty, "
    "and must not begin or end with a space"
)


@given(st.text(VISIBLE, min_size=1, max_size=MAX_IDEMPOTENCY_KEY))
def test_255_visible_characters_or_fewer_are_a_key(key):
    assert check_idempotency_key(key) == key


@given(
    st.text(VISIBLE, min_size=1, max_size=100),
    st.integers(1, 20),
    st.text(VISIBLE, min_size=1, max_size=100),
)
def test_a_key_may_have_spaces_inside(before, spaces, after):
    key = before + " " * spaces + after

    assert check_idempotency_key(key) == key


@given(st.integers(1, 600))
def test_the_length_is_bounded_at_255_and_the_message_counts(length):
    key = "k" * length
    if length <= 255:
        assert check_idempotency_key(key) == key
        return

    with pytest.raises(InvalidIdempotencyKey) as refused:
        check_idempotency_key(key)
    assert str(refused.value) == (
        f"Idempotency-Key has {length} characters; at most 255 are allowed"
    )


@given(
    st.text(VISIBLE, max_size=20),
    st.sampled_from("\x00\t\n\r\x1f\x7f\x80\xa0é图😀"),
    st.text(VISIBLE, max_size=20),
)
def test_one_character_that_is_not_printable_ascii_spoils_a_key(before, odd, after):
    with pytest.raises(InvalidIdempotencyKey) as refused:
        check_idempotency_key(before + odd + after)

    assert str(refused.value) == NOT_ASCII
    assert (refused.value.status, refused.value.code) == (400, "invalid_idempotency_key")


@pytest.mark.parametrize("key", ["", " ", "  ", " key", "key ", "key\n"])
def test_an_empty_key_or_one_with_spaces_around_is_refused(key):
    with pytest.raises(InvalidIdempotencyKey) as refused:
        check_idempotency_key(key)

    assert str(refused.value) == NOT_ASCII
