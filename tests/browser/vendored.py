"""Code of others that the page carries: `python -m tests.browser.vendored` fetches it from npm.

What it fetches stands in `VENDORED`, with versions and licences; it writes the files and the tables
that tell of them. A test holds both to what is published.
"""

import lzma
from pathlib import Path
from typing import NamedTuple

import mock_mindvideo.web.page
from tests.npm import npm_folder

STATIC = Path(mock_mindvideo.web.page.__file__).parent / "static"

_ABOUT = (
    "Code of others, as it was published; no build step changes it. What ends in `.xz` is packed.\n"
)


class Package(NamedTuple):
    """A package as npm has it: its files by the names that they have here."""

    name: str
    version: str
    licence: str
    folder: str
    files: dict[str, str]

    @property
    def pinned(self) -> str:
        return f"{self.name}@{self.version}"


VENDORED = (
    Package("preact", "10.27.2", "MIT", "vendor",
            {"preact.js": "dist/preact.module.js", "preact.LICENSE": "LICENSE"}),
    Package("htm", "3.1.1", "Apache-2.0", "vendor",
            {"htm.js": "dist/htm.module.js", "htm.LICENSE": "LICENSE"}),
    Package("swagger-ui-dist", "5.35.0", "Apache-2.0", "docs/vendor", {
        "swagger-ui-bundle.js.xz": "swagger-ui-bundle.js",
        "swagger-ui-bundle.js.LICENSE.txt": "swagger-ui-bundle.js.LICENSE.txt",
        "swagger-ui.css": "swagger-ui.css",
        "swagger-ui.LICENSE": "LICENSE",
        "swagger-ui.NOTICE": "NOTICE",
    }),
)  # fmt: skip


def published(package: Package, original: str) -> Path:
    """A file of a package, freshly from npm."""
    return npm_folder(package.pinned) / "node_modules" / package.name / original


def content(file: Path) -> bytes:
    """What a file here holds, unpacked where it is packed."""
    data = file.read_bytes()
    return lzma.decompress(data) if file.suffix == ".xz" else data


def _pack(data: bytes) -> bytes:
    return lzma.compress(data, preset=9 | lzma.PRESET_EXTREME)


def table(folder: str) -> str:
    """What is told of a folder's files."""
    rows = [
        f"| `{file}` | {package.name} {package.version} | `{original}` | {package.licence} |"
        for package in VENDORED
        if package.folder == folder
        for file, original in package.files.items()
    ]
    head = ["| file | package | file there | licence |", "| --- | --- | --- | --- |"]
    return "\n".join([_ABOUT, *head, *rows]) + "\n"


def main() -> None:
    """Write the files and their tables."""
    for package in VENDORED:
        folder = STATIC / package.folder
        folder.mkdir(parents=True, exist_ok=True)
        for file, original in package.files.items():
            data = published(package, original).read_bytes()
            (folder / file).write_bytes(_pack(data) if file.endswith(".xz") else data)
    for folder_name in {package.folder for package in VENDORED}:
        (STATIC / folder_name / "README.md").write_text(table(folder_name))


if __name__ == "__main__":
    main()
