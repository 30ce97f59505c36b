"""A hook of MkDocs: pages that are files of the project's root, whose links begin there.

A link into docs/ leads to the page. Any other file of the project is no part of the site, so
that the words of a link to it are shown alone.
"""

import os
import re
from pathlib import Path
from typing import Any

_TAKEN = re.compile(r'\s*--8<-- "([\w.]+)"\s*')
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!\w+:|#)([^)\s]+)\)")


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """The page's text; MkDocs calls this for each."""
    taken = _TAKEN.fullmatch(markdown)
    if taken is None:
        return markdown
    root = Path(config["config_file_path"]).parent
    docs, here = Path(config["docs_dir"]).name, Path(page.file.src_uri).parent.as_posix()

    def leading(found: re.Match[str]) -> str:
        words, target = found.groups()
        if not target.startswith(f"{docs}/"):
            return words
        return f"[{words}]({os.path.relpath(target.removeprefix(f'{docs}/'), here)})"

    return _LINK.sub(leading, (root / taken[1]).read_text(encoding="utf-8"))
