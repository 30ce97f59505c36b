"""Keys that are made through the control plane."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.errors import DisabledApiKey, InvalidApiKey, NotFound

from .making import Mock


def status(mock: Mock, secret: str) -> str:
    """The world that the key opens, or why it opens none."""
    try:
        return mock.worlds.access(f"Bearer {secret}").name
    except DisabledApiKey:
        return "disabled"
    except InvalidApiKey:
        return "deleted"


def test_a_created_key_opens_the_world_that_made_it(mock: Mock) -> None:
    _, secret = mock.world("mine").create_key()
    assert status(mock, secret) == "mine"


def test_every_created_key_is_another(mock: Mock) -> None:
    made = [mock.world().create_key() for _ in range(20)]
    assert len({key.id for key, _ in made}) == len({secret for _, secret in made}) == 20


def test_the_secret_is_nowhere_in_what_is_kept(mock: Mock) -> None:
    key, secret = mock.world().create_key()
    assert secret.startswith("mv_live_")
    assert secret not in repr((mock.world().all_keys(), mock.store.key(key.digest)))
    assert key.masked == f"mv_live_…{secret[-2:]}"


@given(st.lists(st.sampled_from(["disable", "enable", "delete"]), max_size=6))
def test_a_key_opens_its_world_while_it_is_neither_disabled_nor_deleted(changes: list[str]) -> None:
    mock, expected = Mock(), "default"
    key, secret = mock.world().create_key()
    for change in changes:
        if expected == "deleted":
            with pytest.raises(NotFound):
                mock.world().change_key(key.id, disabled=False)
            continue
        disabled = None if change == "delete" else change == "disable"
        mock.world().change_key(key.id, disabled=disabled, deleted=change == "delete")
        expected = {"enable": "default"}.get(change, f"{change}d")
        assert status(mock, secret) == expected


def test_the_key_that_names_a_world_can_be_disabled_and_deleted_too(mock: Mock) -> None:
    mock.world("mine").change_key("key_mine", disabled=True)
    assert status(mock, "mv_test_mine") == "disabled"
    mock.world("mine").change_key("key_mine", deleted=True)
    assert status(mock, "mv_test_mine") == "deleted"


def test_a_disabled_key_still_drives_the_control_plane(mock: Mock) -> None:
    key, secret = mock.world("mine").create_key()
    mock.world("mine").change_key(key.id, disabled=True)
    assert mock.worlds.controlled(f"Bearer {secret}").name == "mine"


def test_the_reserved_disabled_key_is_shown_as_disabled(mock: Mock) -> None:
    assert [key.disabled for key in mock.world("disabled").all_keys()] == [True]


def test_another_worlds_key_cannot_be_changed(mock: Mock) -> None:
    key, secret = mock.world("mine").create_key()
    with pytest.raises(NotFound, match=key.id):
        mock.world("other").change_key(key.id, disabled=True)
    assert status(mock, secret) == "mine"


@given(st.sampled_from([None, True, False]), st.integers(0, 3), st.booleans())
def test_the_naming_key_comes_first_then_the_others_as_they_were_made(
    disabled: bool | None, number: int, before: bool
) -> None:
    mock = Mock()
    if before and disabled is not None:
        mock.world().change_key("key_default", disabled=disabled)
    made = [mock.world().create_key()[0].id for _ in range(number)]
    if not before and disabled is not None:
        mock.world().change_key("key_default", disabled=disabled)
    shown = [key.id for key in mock.world().all_keys()]
    assert shown == ["key_default", *made]


def test_a_reset_forgets_the_keys_that_were_made(mock: Mock) -> None:
    _, secret = mock.world("mine").create_key()
    mock.world("mine").change_key("key_mine", disabled=True)
    mock.worlds.reset("mine")
    assert (status(mock, secret), status(mock, "mv_test_mine")) == ("deleted", "mine")
