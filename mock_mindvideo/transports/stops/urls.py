"""URLs that a library is about to connect to."""

from urllib.parse import urlsplit

from mock_mindvideo.transports.answering import PORTS, dialling


def dialling_url(url: str) -> None:
    """Ask the guard, which may raise; a URL without a scheme is read as curl reads it."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    dialling(parts.hostname or "", parts.port or PORTS.get(parts.scheme))
