"""`python -m tests.packaging.llms` writes docs/llms.txt: the pages for whoever reads by program.

The form is that of https://llmstxt.org: a title, a sentence, and the pages by section, each with
what it says first. It follows the navigation of the site.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from tests.packaging.documents import DOCS, ROOT

FILE = DOCS / "llms.txt"

_NAV = re.compile(r"^nav:\n(?:[ #].*\n|\n)*", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def text() -> str:
    """The file as it has to be."""
    found = _NAV.search((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert found is not None, "mkdocs.yml has a nav"
    home, *sections = yaml.safe_load(found[0])["nav"]
    lines = ["# mock-mindvideo", "", f"> {_first(home['Home'])}", ""]
    for section in sections:
        ((title, pages),) = section.items()
        lines += [f"## {title}", "", *_pages(pages), ""]
    return "\n".join(lines)


def _pages(pages: list[Any]) -> Iterator[str]:
    for page in pages:
        ((name, path),) = page.items() if isinstance(page, dict) else ((_title(page), page),)
        if isinstance(path, list):
            yield from _pages(path)
        else:
            yield f"- [{name}]({path}): {_first(path)}"


def _title(path: str) -> str:
    return next(line for line in _lines(path) if line.startswith("# ")).removeprefix("# ")


def _first(path: str) -> str:
    """The first sentence of a page."""
    paragraph: list[str] = []
    for line in _lines(path):
        if line.strip() and not line.startswith(("#", "!", "<", "-", "|", "```", "--8<--")):
            paragraph.append(line.strip())
        elif paragraph:
            break
    told = _LINK.sub(r"\1", " ".join(paragraph)).replace(" :   ", ": ")
    sentence = re.split(r"(?<=\.)\s", told, maxsplit=1)[0].replace("**", "")
    return sentence.rstrip(":") or _title(path)


def _lines(path: str) -> list[str]:
    """The lines of a page without front matter and code, with what it takes from another file."""
    page = (DOCS / path).read_text(encoding="utf-8")
    page = re.sub(r"\A---\n.*?^---\n|^```.*?^```$", "", page, flags=re.DOTALL | re.MULTILINE)
    taken = re.search(r'^--8<-- "(.+)"$', page, re.MULTILINE)
    return ((ROOT / taken[1]).read_text(encoding="utf-8") if taken else page).splitlines()


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
