"""Hosts and origins as requests name them, read strictly: who is this machine, and who is not.

What cannot be read is nobody. Whether an address is this machine's own is decided by `ipaddress`,
never by how a text begins.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_PORT = re.compile(r"[0-9]{1,5}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}")
_PORTS = {"http": 80, "https": 443}

#: What a browser sends for a page that has no origin of its own, such as a file.
NULL_ORIGIN = "null"


class Host(NamedTuple):
    """A name or an address, in lower case and without brackets or a final dot, and its port."""

    name: str
    port: int | None

    @property
    def own(self) -> bool:
        """Whether it is this machine: a loopback address, `localhost`, or a name under it."""
        if self.name == "localhost" or self.name.endswith(".localhost"):
            return True
        return is_own_address(self.name)


class Origin(NamedTuple):
    """Where a page comes from. A port that goes without saying is said."""

    scheme: str
    host: str
    port: int | None

    @property
    def own(self) -> bool:
        """Whether the page was served by this machine."""
        return self.scheme in _PORTS and Host(self.host, self.port).own


@lru_cache(maxsize=1024)
def read_host(text: str) -> Host | None:
    """The host in a `Host` header: a name or an address, and a port if there is one."""
    if text.startswith("["):
        bare, bracket, rest = text[1:].partition("]")
        known = bool(bracket) and _is_v6(bare)
        name = bare.lower()
    else:
        bare, colon, port = text.partition(":")
        rest = colon + port
        name = bare.lower().removesuffix(".")
        known = _is_name(name) and not (bare.endswith(".") and _is_v4(name))
    if not known or (rest and not rest.startswith(":")):
        return None
    if len(rest) > 1 and not (_PORT.fullmatch(rest[1:]) and int(rest[1:]) < 1 << 16):
        return None
    return Host(name, int(rest[1:]) if len(rest) > 1 else None)


@lru_cache(maxsize=256)
def read_origin(text: str) -> Origin | None:
    """The origin in an `Origin` header: a scheme and a host, nothing else; None for `null`."""
    scheme, separator, rest = text.partition("://")
    host = read_host(rest) if separator and _SCHEME.fullmatch(scheme) else None
    if host is None:
        return None
    scheme = scheme.lower()
    return Origin(scheme, host.name, _PORTS.get(scheme) if host.port is None else host.port)


@lru_cache(maxsize=1024)
def is_own_address(text: str) -> bool:
    """Whether `text` is an IP address of this machine alone; one written in any odd way is not."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


class Origins:
    """The pages that may steer the mock: this machine's own, and those that were allowed."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._null = NULL_ORIGIN in (allowed := tuple(allowed))
        self._allowed = frozenset(filter(None, map(read_origin, allowed)))

    def trusts(self, origin: str) -> bool:
        """Whether a page of that origin may steer; what cannot be read may not."""
        if origin == NULL_ORIGIN:
            return self._null
        found = read_origin(origin)
        return found is not None and (found.own or found in self._allowed)


def _is_name(name: str) -> bool:
    if not name or len(name) > 253 or not all(map(_LABEL.fullmatch, name.split("."))):
        return False
    return not name.rpartition(".")[2].isdigit() or _is_v4(name)


def _is_v4(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True


def _is_v6(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return "%" not in text
