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


def shipped_dialects() -> list[str]:
    """The names of the dialects that travel with the package."""
    folder = data_folder("schemas") / "dialects"
    return sorted(each.name for each in folder.iterdir() if each.is_dir())


def schemas_folder(folder: Path) -> Path:
    """A folder of schemas: `folder` itself, or the shipped dialect of that name if it is none."""
    if folder.is_dir() or folder.name != str(folder) or folder.name not in shipped_dialects():
        return folder
    return data_folder("schemas") / "dialects" / folder.name


def platform_file() -> Path:
    """The packaged description of the platform."""
    return data_folder("schemas") / "platform" / HTTP
