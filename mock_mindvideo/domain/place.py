"""Where worlds are kept, as a URL says it. Pure values; nothing is opened here.

`memory:`, `sqlite:///FILE` (a fourth slash begins an absolute path), and for Redis and Valkey

    redis://[USER:PASSWORD@]HOST[:PORT][/DB]
    redis+sentinel://[USER:PASSWORD@]HOST[:PORT],HOST[:PORT]…/SERVICE[/DB]
    redis+cluster://[USER:PASSWORD@]HOST[:PORT],HOST[:PORT]…

each with `rediss` for TLS. No text that this module makes has a password in it.
"""

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from mock_mindvideo.domain.hosts import Host, read_host

MEMORY = "memory"
SQLITE = "sqlite"
REDIS = "redis"

SENTINEL = "sentinel"
CLUSTER = "cluster"

#: What follows the question mark of a Redis URL, with the names that redis-py has for it.
TLS = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_cert_reqs", "ssl_check_hostname")

#: The same for sentinels that want to know who asks.
OF_SENTINEL = ("sentinel_username", "sentinel_password")

_REDIS = re.compile(rf"(?:redis|valkey)(s?)(?:\+({SENTINEL}|{CLUSTER}))?")
_PORTS = {None: 6379, CLUSTER: 6379, SENTINEL: 26379}
_FORMS = "memory:, sqlite:///FILE, redis://HOST:PORT/DB, redis+sentinel://… or redis+cluster://…"


class PlaceError(ValueError):
    """A URL that names no place; the message continues "store", and shows no password."""


class RedisAddress(NamedTuple):
    """How a Redis or Valkey is reached.

    `kind` is None for one server, or SENTINEL or CLUSTER; `service` is what sentinels call it.
    """

    kind: str | None
    tls: bool
    hosts: tuple[Host, ...]
    username: str | None
    password: str | None
    db: int
    service: str | None
    options: tuple[tuple[str, str], ...]

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        given = (self.password, dict(self.options).get("sentinel_password"))
        return tuple(each for each in given if each)

    def __repr__(self) -> str:
        return f"RedisAddress({self})"

    def __str__(self) -> str:
        """The URL, without who asks, his password, and options."""
        scheme = f"redis{'s' if self.tls else ''}{f'+{self.kind}' if self.kind else ''}"
        hosts = ",".join(_shown(host, _PORTS[self.kind]) for host in self.hosts)
        service = f"/{self.service}" if self.service else ""
        return f"{scheme}://{hosts}{service}{'' if self.kind == CLUSTER else f'/{self.db}'}"


class StorePlace(NamedTuple):
    """MEMORY, or the `file` of SQLITE, or the `address` of REDIS."""

    kind: str = MEMORY
    file: Path | None = None
    address: RedisAddress | None = None


def read_place(text: str) -> StorePlace:
    """The place that a URL names. Raises PlaceError."""
    scheme, colon, rest = text.strip().partition(":")
    scheme = scheme.lower()
    if colon and scheme == MEMORY and rest in ("", "//"):
        return StorePlace()
    if colon and scheme == SQLITE:
        return StorePlace(SQLITE, file=_file(rest))
    if found := _REDIS.fullmatch(scheme):
        if not rest.startswith("//"):
            raise PlaceError(f"needs two slashes after {scheme}:")
        return StorePlace(REDIS, address=_address(found[2], bool(found[1]), f"{scheme}:{rest}"))
    if re.fullmatch(r"[a-z][a-z0-9+.-]{0,30}", scheme) and colon:
        raise PlaceError(f"has the unknown scheme '{scheme}'; it must be {_FORMS}")
    raise PlaceError(f"must be a URL: {_FORMS}")


def _file(rest: str) -> Path:
    """The path behind `sqlite:`."""
    if not rest.startswith("///"):
        raise PlaceError(
            "needs three slashes before a file, four before an absolute path: sqlite:///mock.db"
        )
    path = unquote(rest[3:])
    if not path or path.endswith("/"):
        raise PlaceError("needs the name of a file, like sqlite:///mock.db")
    if "?" in rest or "#" in rest:
        raise PlaceError("takes no options for SQLite; write ? and # in a name as %3F and %23")
    return Path(path)


def _address(kind: str | None, tls: bool, text: str) -> RedisAddress:
    try:
        parts = urlsplit(text)
    except ValueError:
        raise PlaceError("names no valid host: redis://HOST:PORT/DB") from None
    if parts.fragment:
        raise PlaceError("has a # in it; in a password, write it as %23")
    names, _, hosts = parts.netloc.rpartition("@")
    user, _, password = names.partition(":")
    service, db = _service_and_db(kind, parts.path.strip("/"))
    return RedisAddress(
        kind,
        tls,
        tuple(_host(each, kind) for each in hosts.split(",")),
        unquote(user) or None,
        unquote(password) or None,
        db,
        service,
        _options(parts.query, kind, tls),
    )


def _host(text: str, kind: str | None) -> Host:
    host = read_host(text)
    if host is None:
        raise PlaceError(
            "names no valid host: redis://HOST:PORT/DB, with : / ? # @ in a password written as"
            " %3A %2F %3F %23 %40"
        )
    return host._replace(port=_PORTS[kind] if host.port is None else host.port)


def _service_and_db(kind: str | None, path: str) -> tuple[str | None, int]:
    if kind == CLUSTER:
        if path not in ("", "0"):
            raise PlaceError("names a database; a cluster has only one")
        return None, 0
    service = None
    if kind == SENTINEL:
        service, _, path = path.partition("/")
        if not service:
            raise PlaceError("names no service: redis+sentinel://HOST:PORT/SERVICE/DB")
    if not re.fullmatch(r"[0-9]{0,6}", path):
        raise PlaceError("must name its database by a number: redis://HOST:PORT/0")
    return service and unquote(service), int(path or 0)


def _options(query: str, kind: str | None, tls: bool) -> tuple[tuple[str, str], ...]:
    given = tuple(parse_qsl(query, keep_blank_values=True))
    for name, _ in given:
        if name not in (*TLS, *OF_SENTINEL):
            known = ", ".join((*TLS, *OF_SENTINEL))
            raise PlaceError(f"has the unknown option '{name[:40]}'; there are {known}")
        if name in TLS and not tls:
            raise PlaceError(f"has the option '{name}', which needs TLS: rediss://…")
        if name in OF_SENTINEL and kind != SENTINEL:
            raise PlaceError(f"has the option '{name}', which needs sentinels: redis+sentinel://…")
    return given


def _shown(host: Host, usual: int) -> str:
    name = f"[{host.name}]" if ":" in host.name else host.name
    return f"{name}:{usual if host.port is None else host.port}"
