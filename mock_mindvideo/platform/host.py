"""The vendor's host, for the guard: a suite that asks for nothing else pays for nothing else."""

import json

from mock_mindvideo.platform.data import platform_file


def vendor_host() -> str:
    """The host of the real API."""
    origin: str = json.loads(platform_file().read_bytes())["origin"]
    return origin.partition("://")[2]
