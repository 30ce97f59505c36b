"""What cannot be the store is refused at the start by its name, without its password."""

import sys
from pathlib import Path

import pytest

from mock_mindvideo.settings import Settings
from mock_mindvideo.stores import StoreError, open_store
from mock_mindvideo.stores.redis import beginning
from mock_mindvideo.stores.redis.engine import Engine
from mock_mindvideo.stores.redis.names import FORMAT
from tests.ports import free_port
from tests.redis_server import RedisServer, address

from ..making import LIFECYCLE, create, start
from .conftest import opened


def refusal(url: str) -> str:
    with pytest.raises(StoreError) as refused:
        open_store(Settings(store=url), LIFECYCLE)
    return str(refused.value)


def test_a_server_that_is_away_is_named(tmp_path: Path) -> None:
    port = free_port()
    said = refusal(f"redis://me:hidden@127.0.0.1:{port}/3")
    assert said.startswith(f"redis://127.0.0.1:{port}/3: ")
    assert "refused" in said
    assert "hidden" not in said


def test_a_wrong_password_is_told_and_not_shown(tmp_path: Path) -> None:
    with RedisServer(tmp_path, password="right") as server:
        for password in ("", ":hidden@"):
            said = refusal(f"redis://{password}127.0.0.1:{server.port}/0")
            assert f"127.0.0.1:{server.port}/0" in said
            assert "hidden" not in said
        open_store(Settings(store=f"redis://:right@127.0.0.1:{server.port}"), LIFECYCLE).close()


def test_data_of_another_program_are_refused_and_left_alone(empty: RedisServer) -> None:
    with empty.client() as client:
        client.set("theirs", "1")
        said = refusal(empty.url)
        assert said.startswith(str(empty.address))
        assert "another program (1 keys); name another database" in said
        assert client.keys("*") == [b"theirs"]


@pytest.mark.parametrize("value", ["", "something", "mock-mindvideo worlds", "1"])
def test_a_format_that_is_not_this_projects_is_refused(empty: RedisServer, value: str) -> None:
    with empty.client() as client:
        client.set(FORMAT, value)
    assert "is not this project's" in refusal(empty.url)


def test_data_of_a_newer_version_are_refused(empty: RedisServer) -> None:
    with empty.client() as client:
        client.set(FORMAT, "mock-mindvideo worlds 2")
    assert "written by a newer mock-mindvideo (its data have version 2" in refusal(empty.url)


def test_an_old_server_is_refused(empty: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beginning, "OLDEST", (99, 0))
    said = refusal(empty.url)
    assert "it is Redis " in said
    assert "99.0 or newer is needed" in said


def test_a_server_that_drops_keys_when_it_is_full_is_refused(tmp_path: Path) -> None:
    options = ("--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru")
    with RedisServer(tmp_path, *options) as server:
        assert "drops keys when it is full (maxmemory-policy allkeys-lru)" in refusal(server.url)


def test_its_own_data_and_an_empty_database_are_taken(empty: RedisServer) -> None:
    for number in (1, 2):
        with opened(empty) as store:
            assert create(store, start()).number == number


def test_a_missing_library_is_told_with_the_extra_that_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [each for each in sys.modules if each.startswith("mock_mindvideo.stores.redis.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "redis", None)
    monkeypatch.setitem(sys.modules, "redis.exceptions", None)
    said = refusal("redis://:hidden@127.0.0.1:1")
    assert "pip install 'mock-mindvideo[redis]'" in said
    assert "hidden" not in said


def test_an_address_never_shows_its_password() -> None:
    for url in ("redis://u:hidden@h/1", "rediss+sentinel://:hidden@a,b:1/main/2"):
        shown = [str(address(url)), repr(address(url)), repr(Settings(store=url))]
        assert "hidden" not in "".join(shown)


def test_what_a_library_says_is_one_line_without_the_password() -> None:
    engine = Engine(address("redis+sentinel://:hidden@h/main?sentinel_password=secret"))
    said = engine.unavailable("AUTH hidden\n failed for secret").message
    assert said.endswith("just now: AUTH *** failed for ***")
