"""The header of a request as a whole, whatever door it came through.

Space around a value is not part of it (RFC 9110, 5.5). A field with one value has one line (5.3),
and every request of HTTP/1.1 has one Host (RFC 9112, 3.2): where these do not hold, two readers
would understand two requests, so it is refused.
"""

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address

from mock_mindvideo.domain.errors import InvalidHttp
from mock_mindvideo.web.answers import Scope
from mock_mindvideo.web.cors import is_control
from mock_mindvideo.web.headers import IDEMPOTENCY_KEY, Headers

#: Fields that are no lists; two lines of one contradict or at least repeat each other.
SINGLE = frozenset(
    b"""
    access-control-request-method access-control-request-private-network authorization
    content-disposition content-encoding content-length content-location content-range content-type
    date from host if-modified-since if-range if-unmodified-since
    last-event-id max-forwards origin proxy-authorization range referer user-agent
    x-mock-admin-token x-mock-script
    """.split()
) | {IDEMPOTENCY_KEY}

_AUTHORITY = re.compile(
    rb"(?:\[([^\[\]]*)\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2}){1,255})(?::([0-9]{0,5}))?"
)
_FUTURE = re.compile(rb"v[0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+")


def clean(scope: Scope) -> None:
    """Take the space around values away, and raise InvalidHttp where a header contradicts itself.

    Names in the scope are in lower case, as ASGI has them.
    """
    headers: Headers = scope["headers"]
    if any(value != value.strip(b" \t") for _, value in headers):
        headers = scope["headers"] = [(name, value.strip(b" \t")) for name, value in headers]
    check(headers, dict(headers), scope.get("http_version", "1.1"), guarded=is_control(scope))


def check(
    headers: Headers, fields: dict[bytes, bytes], version: str = "1.1", *, guarded: bool = False
) -> None:
    """Raise InvalidHttp where a header contradicts itself, or HTTP/1.1 has no valid Host.

    `fields` are the `headers`, a value for each name.

    What is `guarded` has its own refusal for a Host that cannot be read: for it that is a stranger.
    """
    if len(fields) < len(headers):
        _check_doubles(headers)
    host = fields.get(b"host")
    if host is None:
        if version == "1.1":
            raise InvalidHttp("a request of HTTP/1.1 needs a Host header")
    elif not guarded and not is_authority(host):
        raise InvalidHttp("Host must be a name or an address, and a port where it is not 80")


def _check_doubles(headers: Headers) -> None:
    seen = set()
    for name, _ in headers:
        if name in SINGLE and name in seen:
            shown = name.decode("ascii", "replace").title()
            raise InvalidHttp(f"{shown} was sent in two lines; send it once")
        seen.add(name)


@lru_cache(maxsize=1024)
def is_authority(text: bytes) -> bool:
    """Whether it is a host and perhaps a port (RFC 3986, 3.2.2 and 3.2.3), without user and all."""
    found = _AUTHORITY.fullmatch(text)
    if found is None or int(found[2] or 0) > 65535:
        return False
    return found[1] is None or _is_literal(found[1])


def _is_literal(text: bytes) -> bool:
    if _FUTURE.fullmatch(text):
        return True
    try:
        IPv6Address(text.decode("ascii"))
    except (AddressValueError, UnicodeDecodeError):
        return False
    return True
