"""What a proxy says of the URL under which its client reached it (RFC 7239, and X-Forwarded-*).

It shapes links, and never decides who may do what: anybody can write these headers.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from mock_mindvideo.domain.hosts import read_host
from mock_mindvideo.web.answers import Scope

#: Where a chain of proxies has left several values, the first is the one nearest to the client.
_BY_PROXIES = frozenset(
    (
        b"forwarded",
        b"x-forwarded-proto",
        b"x-forwarded-host",
        b"x-forwarded-port",
        b"x-forwarded-prefix",
    )
)
_NAMES = _BY_PROXIES | {b"host"}
_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
# What may be missing is the whole pair: `;host=a` and `host=a;` are elements as well.
_PAIR = re.compile(
    rf'[ \t]*+(?:({_NAME})=(?:"((?:[^"\\]|\\.)*+)"|([^\s;,"]*+)))?[ \t]*+(?=[;,]|\Z)'
)
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+=:@%-]+)+")
_DEFAULT_PORTS = {"http": "80", "https": "443"}


class Reached(NamedTuple):
    """The parts of a URL, as far as they are known; `prefix` begins with `/` or is empty."""

    scheme: str | None = None
    host: str | None = None
    prefix: str = ""


#: The headers of a request that count here. They hardly differ between requests.
ProxyHeaders = tuple[tuple[bytes, bytes], ...]

#: The mock's own address, and its port, as the server has it; empty where it does not tell.
ServerAddress = tuple[Any, ...]


def told(scope: Scope) -> ProxyHeaders:
    """The headers of proxies that a request has."""
    return tuple([each for each in scope["headers"] if each[0] in _NAMES])


def told_directly(fields: Mapping[bytes, bytes]) -> ProxyHeaders | None:
    """The same for a request of which no proxy says anything; None for any other one."""
    if not _BY_PROXIES.isdisjoint(fields):
        return None
    host = fields.get(b"host")
    return () if host is None else ((b"host", host),)


@lru_cache(maxsize=64)
def base(headers: ProxyHeaders, by_proxy: bool, scheme: str, server: ServerAddress) -> str:
    """The URL without a path; `scheme` and `server`, the mock's own, stand for what is not told."""
    found = reached(headers, by_proxy)
    return f"{found.scheme or scheme}://{found.host or _address(server)}{found.prefix}"


def _address(server: ServerAddress) -> str:
    name, port = server or ("127.0.0.1", None)
    name = f"[{name}]" if ":" in name else name
    return f"{name}:{port}" if port else name


@lru_cache(maxsize=64)
def reached(headers: ProxyHeaders, by_proxy: bool) -> Reached:
    """How a client reached the mock: by its `Host`, and by what proxies say if they are believed.

    What is no host, no scheme and no path is passed over.
    """
    sent: dict[bytes, str] = {}
    for name, value in headers:
        text = value.decode("latin-1")
        sent[name] = f"{sent[name]},{text}" if name in sent else text
    host = _valid_host(sent.get(b"host"))
    return _told(sent, host) if by_proxy and len(sent) > 1 else Reached(None, host)


def _told(sent: dict[bytes, str], host: str | None) -> Reached:
    standard = _first_pairs(sent.get(b"forwarded", ""))
    scheme = (standard.get("proto") or _first(sent, b"x-forwarded-proto")).lower()
    named = _valid_host(standard.get("host") or _first(sent, b"x-forwarded-host"))
    known = scheme if scheme in _DEFAULT_PORTS else None
    if named is None or not _port(named):
        port = _first(sent, b"x-forwarded-port")
        named = _with_port(named or host, port, known)
    prefix = "".join(_prefixes(sent.get(b"x-forwarded-prefix", "").split(",")))
    return Reached(known, named, prefix)


def _first(sent: dict[bytes, str], name: bytes) -> str:
    return sent.get(name, "").partition(",")[0].strip()


def _first_pairs(text: str) -> dict[str, str]:
    """The pairs of the first element of a Forwarded header; none where it is malformed."""
    pairs: dict[str, str] = {}
    at = 0
    while found := _PAIR.match(text, at):
        name, quoted, token = found.groups()
        if name:
            said = token if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
            pairs.setdefault(name.lower(), said)
        at = found.end() + 1
        if at > len(text) or (pairs and text[at - 1] == ","):
            return pairs
    return {}


def _valid_host(text: str | None) -> str | None:
    return text if text and read_host(text) else None


def _port(host: str) -> str:
    return re.sub(r".*\]|[^:]*", "", host, count=1)


def _with_port(host: str | None, port: str, scheme: str | None) -> str | None:
    """`host` with another port, which is not written where it is the scheme's own."""
    if host is None or not re.fullmatch("[0-9]{1,5}", port) or int(port) > 65535:
        return host
    name = host.removesuffix(_port(host))
    return name if port == _DEFAULT_PORTS.get(scheme or "") else f"{name}:{port}"


def _prefixes(parts: Iterable[str]) -> Iterable[str]:
    """The paths that proxies, one behind the other, have taken off."""
    for part in parts:
        path = part.strip().rstrip("/")
        dots = {".", ".."} & set(path.split("/"))
        if _PREFIX.fullmatch(path) and len(path) <= 1000 and not dots:
            yield path
