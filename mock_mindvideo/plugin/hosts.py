"""The hosts of a world as a suite writes them: `host`, `host:port`, `*.domain`, `[::1]:80`."""

from collections.abc import Sequence

from mock_mindvideo.domain.hosts import read_host
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.system.frames import hidden

__tracebackhide__ = hidden
__unittest = True

#: Before a domain: any name under it.
ANY = "*."


class HostError(ValueError):
    """What is no host; the message says what would be one."""


def read_pattern(text: str) -> str:
    """A pattern in lower case, without a final dot; raises HostError.

    Letters beyond ASCII are read as a browser reads them.
    """
    if not text.strip():
        raise HostError(f"it is empty; name a host, like {PLATFORM.host}")
    if "://" in text or "/" in text:
        address = text.partition("://")[2] or text
        raise HostError(f"it is a URL; name the host alone: {_bare(address)!r}")
    if "@" in text:
        raise HostError(f"it names a user; name the host alone: {_bare(text)!r}")
    wild = text.startswith(ANY)
    host = read_host(_in_ascii(text.removeprefix(ANY) if wild else text))
    if host is None or (wild and text.removeprefix(ANY).startswith("[")):
        raise HostError(_what_fits(text))
    name = f"[{host.name}]" if ":" in host.name else host.name
    port = "" if host.port is None else f":{host.port}"
    return f"{ANY if wild else ''}{name}{port}"


def base_url(patterns: Sequence[str]) -> str:
    """Where the first host is; under a `*.` it is `api`."""
    return f"https://{patterns[0].replace(ANY, 'api.', 1)}"


def _bare(text: str) -> str:
    return text.partition("/")[0].rpartition("@")[2]


def _in_ascii(text: str) -> str:
    if text.isascii():
        return text
    name, colon, port = text.partition(":")
    try:
        return name.encode("idna").decode() + colon + port
    except UnicodeError:
        return text


def _what_fits(text: str) -> str:
    if text.count(":") > 1 and not text.startswith("["):
        return f"an IPv6 address stands in brackets: '[{text}]'"
    if "*" in text:
        return "a * stands for names before a domain only: '*.mindvideo.ai'"
    return "it is no host; fitting are host, host:port, *.domain or [IPv6]:port"
