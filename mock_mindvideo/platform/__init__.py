"""What the vendor calls things: paths, headers, keys, ids, members of bodies.

All of it is one frozen value, PLATFORM, read from `schemas/platform/http.json` when it is first
imported. Whoever needs a literal of the vendor's takes it from there, once at the start and not
for each request.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_mindvideo.platform.value import Platform

__all__ = ["PLATFORM"]

PLATFORM: "Platform"


def __getattr__(name: str) -> "Platform":
    """Read the file when PLATFORM is first asked for; raises PlatformError."""
    if name != "PLATFORM":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mock_mindvideo.platform.data import platform_file  # noqa: PLC0415 - read when asked for
    from mock_mindvideo.platform.reading import read_platform  # noqa: PLC0415

    found = globals()[name] = read_platform(platform_file())
    return found
