"""Where worlds are kept, as a URL says it: read strictly, and never shown with its password."""

from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.hosts import Host
from mock_mindvideo.domain.place import (
    MEMORY,
    REDIS,
    SQLITE,
    PlaceError,
    RedisAddress,
    StorePlace,
    read_place,
)

SECRET = "hunter2"


def redis(text: str) -> RedisAddress:
    address = read_place(text).address
    assert address is not None
    return address


@pytest.mark.parametrize("text", ["memory:", "memory://", "MEMORY:", " memory: "])
def test_memory_is_a_place(text: str) -> None:
    assert read_place(text) == StorePlace(MEMORY)


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("sqlite:///mock.db", "mock.db"),
        ("sqlite:////data/mock.db", "/data/mock.db"),
        ("sqlite:///a/../b%20c%3F.db", "a/../b c?.db"),
        ("SQLite:///mock.db", "mock.db"),
    ],
)
def test_three_slashes_lead_to_a_file_and_four_to_an_absolute_one(text: str, file: str) -> None:
    assert read_place(text) == StorePlace(SQLITE, file=Path(file))


@pytest.mark.parametrize(
    ("text", "shown", "hosts"),
    [
        ("redis://h", "redis://h:6379/0", [("h", 6379)]),
        ("redis://h:7000/3", "redis://h:7000/3", [("h", 7000)]),
        ("valkey://h", "redis://h:6379/0", [("h", 6379)]),
        ("rediss://u:p@h/1", "rediss://h:6379/1", [("h", 6379)]),
        ("redis://[::1]:7000/1", "redis://[::1]:7000/1", [("::1", 7000)]),
        (
            "redis+sentinel://:p@a,b:7000/main/2",
            "redis+sentinel://a:26379,b:7000/main/2",
            [("a", 26379), ("b", 7000)],
        ),
        ("rediss+cluster://a,b", "rediss+cluster://a:6379,b:6379", [("a", 6379), ("b", 6379)]),
    ],
)
def test_each_form_of_redis_is_shown_as_it_is_reached(
    text: str, shown: str, hosts: list[tuple[str, int]]
) -> None:
    address = redis(text)
    assert str(address) == shown
    assert address.hosts == tuple(Host(*each) for each in hosts)
    assert str(redis(shown)) == shown


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_any_user_and_password_can_be_written(user: str, password: str) -> None:
    with suppress(UnicodeEncodeError):
        written = f"redis://{quote(user, safe='')}:{quote(password, safe='')}@h/1"
        address = redis(written)
        assert (address.username, address.password) == (user, password)


def test_options_of_tls_have_the_names_that_the_library_has_for_them() -> None:
    address = redis("rediss://h?ssl_ca_certs=/etc/ca.pem&ssl_check_hostname=false")
    assert address.options == (("ssl_ca_certs", "/etc/ca.pem"), ("ssl_check_hostname", "false"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "must be a URL"),
        ("mock.db", "must be a URL"),
        ("postgres://h", "has the unknown scheme 'postgres'; it must be memory:, sqlite:///FILE"),
        ("memory:x", "has the unknown scheme 'memory'"),
        ("sqlite:mock.db", "needs three slashes"),
        ("sqlite://mock.db", "needs three slashes"),
        ("sqlite:///", "needs the name of a file"),
        ("sqlite:///a.db?mode=ro", "takes no options"),
        ("redis:h", "needs two slashes"),
        ("redis://", "names no valid host"),
        ("redis://h:0x1", "names no valid host"),
        ("redis://h:99999", "names no valid host"),
        ("redis://a,,b", "names no valid host"),
        ("redis://h/x", "must name its database by a number"),
        ("redis://h/0?db=1", "has the unknown option 'db'; there are ssl_ca_certs"),
        ("redis://h/0?ssl_ca_certs=x", "needs TLS"),
        ("redis://h/0?sentinel_password=x", "needs sentinels"),
        ("redis://:a#b@h", "write it as %23"),
        ("redis+sentinel://h", "names no service"),
        ("redis+sentinel://h/main/x", "must name its database by a number"),
        ("redis+cluster://h/3", "names a database; a cluster has only one"),
    ],
)
def test_what_is_no_place_is_told_with_what_would_be_one(text: str, problem: str) -> None:
    with pytest.raises(PlaceError) as refused:
        read_place(text)
    assert problem in str(refused.value)


ENDS = ["h", "a,b", "[::1", "h:x", "", "h/0/1", "h?x=1", "h#x", "[v1.a]"]
ENDS += [f"{host}?sentinel_password={SECRET}" for host in ("h", "h/m", "h:x")]

URLS = st.tuples(
    st.sampled_from(["redis", "rediss", "redis+sentinel", "redis+cluster", "rediz", "sqlite", ""]),
    st.sampled_from(["://", ":", ":///"]),
    st.sampled_from([f"u:{SECRET}@", f":{SECRET}@", f"{SECRET}:{SECRET}@", f":{SECRET}#@"]),
    st.sampled_from(ENDS),
).map("".join)


@given(URLS)
def test_no_message_and_no_name_has_the_password_in_it(url: str) -> None:
    assert SECRET not in shown(url)


def shown(url: str) -> str:
    """All that is ever printed of it."""
    try:
        place = read_place(url)
    except PlaceError as problem:
        return str(problem)
    return f"{place.address} {place!r}" if place.kind == REDIS else place.kind
