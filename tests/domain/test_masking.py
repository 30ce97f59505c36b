"""No key is ever kept in clear: not in headers, not in paths, not in bodies."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mock_mindvideo.domain.masking import mask, mask_bytes, mask_header, mask_text
from tests.effort import cpu_seconds

from .making import LETTERS

KEY_LETTERS = string.ascii_letters + string.digits + "_-"
VISIBLE = string.ascii_letters + string.digits + string.punctuation
KINDS = ("mv_live_", "mv_test_")

#: The part of a key that must stay secret.
tails = st.text(KEY_LETTERS, min_size=6, max_size=40)
keys = st.builds(str.__add__, st.sampled_from(KINDS), tails)
plain = st.text(" \n\t\"'{}[]:,./=&?图", max_size=20)


def survives(secret, shown):
    """Whether four characters of the secret in a row can be read in what is shown."""
    return any(secret[at : at + 4] in shown for at in range(len(secret) - 3))


@given(st.sampled_from(KINDS), tails)
def test_a_masked_key_shows_its_kind_and_two_characters(kind, tail):
    assert mask(kind + tail) == f"{kind}…{tail[-2:]}"


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("mv_live_xxx", "mv_live_…xx"),
        ("mv_test_ab", "mv_test_…"),
        ("mv_test_a", "mv_test_…"),
        ("hunter2", "…r2"),
        ("ab", "…"),
        ("", "…"),
    ],
)
def test_a_short_key_shows_less(key, shown):
    assert mask(key) == shown


@given(st.text(VISIBLE, min_size=8, max_size=60))
def test_of_a_foreign_secret_no_four_characters_survive(secret):
    assume(not secret.startswith(KINDS))

    assert not survives(secret, mask(secret))


@pytest.mark.parametrize("secret", ["supersecret_token_x", "correct_horse_battery_staple"])
def test_underscores_do_not_make_a_foreign_secret_a_kind_of_key(secret):
    assert mask(secret) == f"…{secret[-2:]}"


@given(st.lists(st.tuples(plain.filter(len), keys), min_size=1, max_size=4), plain)
def test_no_key_survives_in_a_text_and_the_rest_stays(parts, end):
    text = "".join(before + key for before, key in parts) + end
    masked = "".join(before + mask(key) for before, key in parts) + end

    assert mask_text(text) == masked
    assert not any(key in masked for _, key in parts)


@given(st.text(LETTERS) | plain)
def test_a_text_without_a_key_stays_as_it_is(text):
    assume("mv_" not in text)

    assert mask_text(text) == text


@given(plain, keys, plain)
def test_masking_twice_is_masking_once(before, key, after):
    once = mask_text(before + key + after)

    assert mask_text(once) == once


def percent(character):
    return f"%{ord(character):02X}"


def twice(character):
    return percent(character).replace("%", "%25")


def lower(character):
    return percent(character).lower()


def escape(character):
    return f"\\u{ord(character):04x}"


def escaped_twice(character):
    return f"\\\\u{ord(character):04x}"


def untouched(character):
    return character


HIDDEN = st.sampled_from([percent, twice, lower, escape, escaped_twice, untouched])


@given(plain, keys, plain, st.data())
def test_a_key_is_masked_behind_any_escapes(before, key, after, data):
    hides = data.draw(st.lists(HIDDEN, min_size=len(key), max_size=len(key)))
    hidden = "".join(hide(letter) for hide, letter in zip(hides, key, strict=True))
    before = before.rstrip("%\\")

    assert mask_text(f"{before} {hidden} {after}") == f"{before} {mask(key)} {after}"
    shown = mask_bytes(f"{before} {hidden} {after}".encode()).decode()
    assert shown == f"{before} {mask(key)} {after}"


@pytest.mark.parametrize("part", ["\\", "%25", "%", "\\u00", "mv_", "%6d", "mv_live_", "a%5f"])
def test_no_text_makes_masking_slow(part):
    text = part * (200_000 // len(part))
    assert cpu_seconds(lambda: mask_text(text), 0.5) < 0.5


@given(
    st.sampled_from(["authorization", "Authorization", "AUTHORIZATION", "Proxy-Authorization"]),
    st.sampled_from(["Bearer ", "bearer  ", "BEARER\t", " Bearer "]),
    keys,
)
def test_a_bearer_header_keeps_its_scheme_and_masks_its_key(name, scheme, key):
    assert mask_header(name, scheme + key) == scheme + mask(key)


@given(
    st.sampled_from(["authorization", "Cookie", "X-Mock-Admin-Token", "proxy-authorization"]),
    st.sampled_from(["", "Basic ", "Token ", "session=", "Bearer ", "Digest username="]),
    st.text(string.ascii_letters + string.digits + "+/=.", min_size=8, max_size=60),
)
def test_no_credential_survives_in_a_header_made_for_them(name, scheme, secret):
    assert not survives(secret, mask_header(name, scheme + secret).removeprefix(scheme))


@given(st.sampled_from(["X-Api-Key", "Referer", "User-Agent", "X-Mock-Script"]), plain, keys)
def test_a_key_does_not_survive_in_any_other_header(name, before, key):
    assert mask_header(name, before + key) == before + mask(key)
