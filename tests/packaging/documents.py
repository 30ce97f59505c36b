"""The documents: README and every page of docs/, and the code that stands in them.

A page that says `slow: true` in its front matter is run by `make check`, not by `make test`.
A block with a title, such as ```` ```python title="conftest.py" ````, is a file of that name.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
DOCS = ROOT / "docs"

_FENCE = re.compile(
    r'^(?P<indent> *)```(?P<language>[a-z0-9]+)(?: title="(?P<title>[^"]+)")?[^\n]*\n'
    r"(?P<code>.*?)^(?P=indent)```$",
    re.DOTALL | re.MULTILINE,
)
_FRONT_MATTER = re.compile(r"\A---\n(.*?)^---\n", re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """Fenced code, without its indent; `title` is the name of the file that it is, or None."""

    language: str
    title: str | None
    code: str


class Document(NamedTuple):
    """One Markdown file."""

    path: Path
    text: str

    @property
    def name(self) -> str:
        """Its path from the root of the checkout."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def slow(self) -> bool:
        """Whether its code takes too long for `make test`."""
        found = _FRONT_MATTER.match(self.text)
        return found is not None and "slow: true" in found[1].splitlines()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Its fenced blocks, in their order."""
        return blocks(self.text)


def blocks(text: str) -> tuple[Block, ...]:
    """The fenced blocks of a Markdown text that name their language."""
    return tuple(
        Block(
            found["language"],
            found["title"],
            re.sub(rf"^{found['indent']}", "", found["code"], flags=re.MULTILINE),
        )
        for found in _FENCE.finditer(text)
    )


def write_files(text: str, folder: Path) -> None:
    """Write the blocks that are files into `folder`."""
    for block in blocks(text):
        if block.title:
            file = folder / block.title
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.code, encoding="utf-8")


def documents() -> Iterator[Document]:
    """The README first, then the pages by name."""
    for path in (README, *sorted(DOCS.rglob("*.md"))):
        yield Document(path, path.read_text(encoding="utf-8"))


def everything() -> str:
    """The text of all of them."""
    return "\n".join(each.text for each in documents())
