"""The key chooses the world."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mock_mindvideo.domain.errors import (
    DisabledApiKey,
    InsufficientCredit,
    InvalidApiKey,
    MissingApiKey,
    MockError,
)

from .making import Mock

NAMES = st.from_regex(r"[a-z0-9_-]{1,40}", fullmatch=True)
RESERVED = ("disabled", "deleted")


def bearer(key: str) -> str:
    return f"Bearer {key}"


@pytest.mark.parametrize("key", ["mv_live_xxx", "mv_test_default"])
def test_the_documented_key_and_its_twin_open_the_default_world(mock: Mock, key: str) -> None:
    assert mock.worlds.access(bearer(key)).name == "default"


@given(NAMES.filter(lambda name: name not in RESERVED))
def test_any_test_key_opens_the_world_that_it_names(name: str) -> None:
    assert Mock().worlds.access(bearer(f"mv_test_{name}")).name == name


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer  "])
def test_the_scheme_is_read_as_rfc_6750_has_it(mock: Mock, scheme: str) -> None:
    assert mock.worlds.access(f"{scheme} mv_live_xxx").name == "default"


@given(st.text(max_size=60))
def test_a_key_that_names_no_world_is_unknown(name: str) -> None:
    assume(not name.isascii() or name.lower() != name or len(name) > 40 or " " in name or not name)
    with pytest.raises(InvalidApiKey):
        Mock().worlds.access(bearer(f"mv_test_{name}"))


@pytest.mark.parametrize("key", ["mv_live_other", "mv_prod_a", "sk-123", "mv_test_deleted", "x"])
def test_an_unknown_and_the_deleted_key_are_refused_with_401(mock: Mock, key: str) -> None:
    with pytest.raises(InvalidApiKey) as refusal:
        mock.worlds.access(bearer(key))
    assert refusal.value.status == 401


def test_the_disabled_key_is_refused_with_403(mock: Mock) -> None:
    with pytest.raises(DisabledApiKey) as refusal:
        mock.worlds.access(bearer("mv_test_disabled"))
    assert refusal.value.status == 403


def test_the_key_without_credit_can_look_but_not_create(mock: Mock) -> None:
    world = mock.worlds.access(bearer("mv_test_no_credit"))
    with pytest.raises(InsufficientCredit):
        mock.submit(world=world.name)
    assert mock.service.tasks(world, 10) == ()


@pytest.mark.parametrize("header", [None, "", "Basic mv_live_xxx", "mv_live_xxx", "Bearermv"])
def test_without_a_bearer_key_it_is_missing(mock: Mock, header: str | None) -> None:
    with pytest.raises(MissingApiKey):
        mock.worlds.access(header)


@given(st.none() | st.text(max_size=30) | st.text(max_size=30).map(bearer))
def test_every_401_carries_the_challenge_of_rfc_6750(header: str | None) -> None:
    try:
        Mock().worlds.access(header)
    except MockError as refusal:
        ((name, value),) = refusal.headers
        missing = isinstance(refusal, MissingApiKey)
        assert name == "WWW-Authenticate"
        assert value == 'Bearer realm="mindvideo"' + ("" if missing else ', error="invalid_token"')


@given(st.from_regex(r"(mv_live_|mv_prod_|)[A-Za-z0-9]{12,40}", fullmatch=True))
def test_a_refusal_shows_of_a_key_no_more_than_two_characters(key: str) -> None:
    with pytest.raises(InvalidApiKey) as refusal:
        Mock().worlds.access(bearer(key))
    assert f"…{key[-2:]} " in refusal.value.message
    assert key[-3:] not in refusal.value.message


def test_the_control_plane_acts_on_default_without_a_key(mock: Mock) -> None:
    assert mock.worlds.controlled(None).name == "default"


@pytest.mark.parametrize("name", ["default", "other", "disabled", "no_credit"])
def test_the_control_plane_acts_on_the_world_of_the_key_a_disabled_one_too(
    mock: Mock, name: str
) -> None:
    assert mock.worlds.controlled(bearer(f"mv_test_{name}")).name == name


@pytest.mark.parametrize("key", ["mv_test_deleted", "mv_live_other"])
def test_the_control_plane_is_closed_to_keys_that_are_not(mock: Mock, key: str) -> None:
    with pytest.raises(InvalidApiKey):
        mock.worlds.controlled(bearer(key))


@given(NAMES, NAMES)
def test_worlds_do_not_see_each_others_tasks(one: str, other: str) -> None:
    assume(one != other and "no_credit" not in (one, other))
    mock = Mock()
    made = mock.submit(idempotency_key="k", world=one).view.task
    assert mock.submit(idempotency_key="k", world=other).replayed is False
    with pytest.raises(MockError, match="no task") as refusal:
        mock.service.task(mock.world(other), made.id)
    assert refusal.value.status == 404
