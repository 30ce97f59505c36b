"""Who called, where a proxy on this machine passes others on: its word against itself is believed.

A caller is remote as soon as any line of any of these fields says so. None of them can make a
caller local.
"""

from collections.abc import Iterable

from starlette.datastructures import Headers

from mock_mindvideo.domain.hosts import is_own_address, read_host

#: Fields that list addresses of callers, as proxies, tunnels and hosts of applications send them.
_ADDRESSES = """
    x-forwarded-for x-original-forwarded-for x-vercel-forwarded-for x-forwarded forwarded-for
    x-real-ip x-client-ip client-ip true-client-ip cf-connecting-ip cf-connecting-ipv6
    cf-pseudo-ipv4 fly-client-ip fastly-client-ip x-cluster-client-ip x-originating-ip x-remote-ip
    x-remote-addr x-envoy-external-address x-azure-clientip x-azure-socketip x-appengine-user-ip
    x-appengine-remote-addr x-nf-client-connection-ip do-connecting-ip x-proxyuser-ip
    proxy-client-ip wl-proxy-client-ip ali-cdn-real-ip cdn-src-ip
""".split()  # noqa: SIM905

#: Fields that name the host that a caller meant.
_HOSTS = ("x-forwarded-host", "x-forwarded-server", "x-original-host", "x-host")

#: Fields that a proxy adds for callers of any kind, or in too many forms to tell one from another.
_PROXIES = ("forwarded", "via", "cdn-loop")


def remote_caller(headers: Headers) -> str | None:
    """The field that names a caller on another machine, and what it says; None if none does."""
    for name in (*_ADDRESSES, *_HOSTS, *_PROXIES):
        for said in _elements(headers.getlist(name)):
            if name in _PROXIES or not _is_own(said):
                return f"{name.title()}: {said[:50]}"
    return None


def _elements(lines: Iterable[str]) -> Iterable[str]:
    parts = (part.strip().strip('"').strip() for line in lines for part in line.split(","))
    return filter(None, parts)


def _is_own(text: str) -> bool:
    """Whether an address, or a host, with or without a port, is this machine's."""
    if is_own_address(text):
        return True
    host = read_host(text)
    return host is not None and host.own
