"""What a request line names (RFC 9112, 3.2): a path of this server, or all of it."""

import re

from mock_mindvideo.domain.errors import InvalidHttp
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.fields import is_authority
from mock_mindvideo.web.headers import Headers

#: The common case, where nothing has to be split or decoded.
PLAIN = re.compile(PLATFORM.paths.root.encode() + rb"[A-Za-z0-9/_-]*")

_ORIGIN = re.compile(rb"(/[!-\"$->@-~]*)(?:\?([!-\"$-~]*))?")
_ABSOLUTE = re.compile(
    rb"https?://([!-\"$-.0-9:->A-~]+)(/[!-\"$->@-~]*)?(?:\?([!-\"$-~]*))?", re.IGNORECASE
)


#: The path as it was sent, the query, and the host where the target names one.
Target = tuple[bytes, bytes, bytes | None]


def read_target(method: str, url: bytes) -> Target:
    """Any of the forms that a server is sent; raises InvalidHttp."""
    if found := _ORIGIN.fullmatch(url):
        return found[1], found[2] or b"", None
    if method == "CONNECT":
        raise InvalidHttp("CONNECT asks for a proxy, which this server is not")
    if url == b"*" and method == "OPTIONS":
        return url, b"", None
    found = _ABSOLUTE.fullmatch(url)
    if found is None or not is_authority(found[1]):
        raise InvalidHttp(
            "the request's target is neither a path nor an http URL in printable ASCII,"
            " without a fragment"
        )
    path = found[2] or (b"*" if method == "OPTIONS" and found[3] is None else b"/")
    return path, found[3] or b"", found[1]


def with_host(headers: Headers, authority: bytes) -> Headers:
    """The headers of a request whose target names its own host, which the header gives way to."""
    return [(name, authority if name == b"host" else value) for name, value in headers]
