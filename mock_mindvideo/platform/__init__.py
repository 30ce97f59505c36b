"""What the vendor calls things: paths, headers, keys, ids, members of bodies.

All of it is one frozen value, PLATFORM, read from `schemas/platform/http.json` when it is first
imported. Whoever needs a literal of the vendor's takes it from there, once at the start and not
for each request.
"""

from mock_mindvideo.platform.data import data_folder
from mock_mindvideo.platform.reading import read_platform
from mock_mindvideo.platform.value import Platform

__all__ = ["FILE", "PLATFORM", "Platform"]

#: The file's name in `schemas/platform/`.
FILE = "http.json"

PLATFORM: Platform


def __getattr__(name: str) -> Platform:
    """Read the file when PLATFORM is first asked for; raises PlatformError."""
    if name != "PLATFORM":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = read_platform(data_folder("schemas") / "platform" / FILE)
    return found
