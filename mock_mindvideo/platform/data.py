"""Where the files are that travel with the package: `schemas/` and `contracts/`."""

from functools import cache
from pathlib import Path

#: The file that says what the vendor calls things, in `schemas/platform/`.
HTTP = "http.json"


@cache
def data_folder(name: str) -> Path:
    """The folder `name` inside an installed wheel, or at the root of a checkout."""
    package = Path(__file__).resolve().parents[1]
    packed = package / "_data" / name
    return packed if packed.is_dir() else package.parent / name


def platform_file() -> Path:
    """The packaged description of the platform."""
    return data_folder("schemas") / "platform" / HTTP
