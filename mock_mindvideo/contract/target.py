"""What is checked: the mock on this machine, or something that may send a bill."""

import json
import re
from urllib.parse import urlsplit

from mock_mindvideo.contract.exchange import HttpRequest, Transport
from mock_mindvideo.contract.problems import TargetError
from mock_mindvideo.domain.hosts import Host

#: Seconds that the mock has to say who it is.
PATIENCE = 5


def check_base_url(url: str) -> str:
    """`url` if it can be the base of `/api/v1/tasks`; raises TargetError."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or parts.query or parts.fragment or parts.username:
        raise TargetError(f"--base-url must be like http://127.0.0.1:8080; it is {url!r}")
    return url.rstrip("/")


def check_key(key: str) -> str:
    """`key` if it can stand in a header; raises TargetError, which does not repeat it."""
    if not re.fullmatch(r"[!-~]{1,512}", key):
        raise TargetError("--api-key must be 1 to 512 printable ASCII characters without spaces")
    return key


def is_loopback(url: str) -> bool:
    """Whether the host is this machine by its name alone; no name is looked up."""
    return Host((urlsplit(url).hostname or "").lower(), None).own


def is_mock(transport: Transport, url: str) -> bool:
    """Whether `url` is this mock: a loopback host whose health says so.

    Only a loopback host is asked, and without a key. Raises Unreachable.
    """
    if not is_loopback(url):
        return False
    asked = HttpRequest("GET", f"{url}/_mock/health", {"accept": "application/json"})
    response = transport.send(asked, PATIENCE)
    if response.status != 200 or not response.complete:
        return False
    try:
        health = json.loads(response.body)
    except ValueError:
        return False
    return isinstance(health, dict) and health.get("name") == "mock-mindvideo"
