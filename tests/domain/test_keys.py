"""The Authorization header: which credential it holds, or what is wrong with it."""

import hashlib
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.errors import InvalidApiKey, MissingApiKey
from mock_mindvideo.domain.keys import (
    challenge,
    credential,
    read_authorization,
    world_of,
)

VISIBLE = string.ascii_letters + string.digits + string.punctuation
NAMES = st.text(string.ascii_lowercase + string.digits + "_-", min_size=1, max_size=40)
BARE = (("WWW-Authenticate", 'Bearer realm="mindvideo"'),)
REFUSED = (("WWW-Authenticate", 'Bearer realm="mindvideo", error="invalid_token"'),)


@given(
    st.sampled_from(["Bearer", "bearer", "BEARER", "bEaReR"]),
    st.integers(1, 3),
    st.text(VISIBLE, min_size=1, max_size=512),
)
def test_a_bearer_key_is_read_in_any_case_of_the_scheme(scheme, spaces, secret):
    found = read_authorization(scheme + " " * spaces + secret)

    assert found == credential(secret)
    assert found.digest == hashlib.sha256(secret.encode()).hexdigest()


@pytest.mark.parametrize("header", [None, ""])
def test_without_a_header_the_refusal_says_what_to_send(header):
    with pytest.raises(MissingApiKey) as refused:
        read_authorization(header)

    assert str(refused.value) == "no API key: send the header 'Authorization: Bearer <key>'"
    assert refused.value.headers == BARE


@pytest.mark.parametrize(
    "header", ["Basic dXNlcjpwYXNz", "mv_live_xxx", "Bearermv_live_xxx", "Token x", " Bearer x"]
)
def test_another_scheme_is_a_missing_key_and_the_challenge_names_no_error(header):
    with pytest.raises(MissingApiKey) as refused:
        read_authorization(header)

    assert str(refused.value) == (
        "the Authorization header is not Bearer: send 'Authorization: Bearer <key>'"
    )
    assert refused.value.headers == BARE


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "bearer  ", "Bearer a b", "Bearer é", "Bearer x ", "Bearer x\n"]
)
def test_a_bearer_header_without_a_proper_key_is_an_invalid_one(header):
    with pytest.raises(InvalidApiKey) as refused:
        read_authorization(header)

    assert str(refused.value) == "the Bearer token is empty or malformed"
    assert refused.value.headers == REFUSED


def test_a_key_is_at_most_512_characters():
    assert read_authorization("Bearer " + "k" * 512).masked == "…kk"
    with pytest.raises(InvalidApiKey):
        read_authorization("Bearer " + "k" * 513)


@given(st.text(VISIBLE + " \té\n\x00") | st.text(VISIBLE + " ").map("Bearer {}".format))
def test_any_header_is_a_credential_or_a_refusal(header):
    try:
        found = read_authorization(header)
    except (MissingApiKey, InvalidApiKey):
        return

    assert found == credential(header.split(" ")[-1])


@given(NAMES)
def test_a_test_key_names_its_world(name):
    assert world_of(f"mv_test_{name}") == name


def test_the_documented_key_is_that_of_the_default_world():
    assert world_of("mv_live_xxx") == world_of("mv_test_default") == "default"


@pytest.mark.parametrize(
    "secret",
    [
        *("mv_live_xxy", "mv_test_", "mv_test_A", "mv_test_a b", "mv_test_é", "xmv_test_a"),
        *("mv_test_" + "a" * 41, "mv_test_a\n", "sk_test_a", ""),
    ],
)
def test_any_other_key_names_no_world(secret):
    assert world_of(secret) is None


@given(st.text(VISIBLE, min_size=1, max_size=60), st.text(VISIBLE, min_size=1, max_size=60))
def test_two_keys_have_one_digest_only_if_they_are_one(one, other):
    assert (credential(one).digest == credential(other).digest) is (one == other)


def test_a_challenge_names_an_error_only_if_there_is_one():
    assert challenge() == BARE
    assert challenge("invalid_token") == REFUSED
