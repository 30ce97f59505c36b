"""The scripts that Redis runs for the store, each in one atomic step."""

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

_FOLDER = Path(__file__).parent / "lua"

#: Begin with `world.lua`, and are given all keys of a world.
_OF_WORLD = frozenset(("read", "change", "create", "look", "move", "refunds", "page", "bounds")) | {
    "free",
    "unfinished",
    "reset",
    "let_go",
}


class EngineScript(NamedTuple):
    """A script and the digest by which Redis knows it."""

    text: str
    sha: str


@cache
def script(name: str) -> EngineScript:
    """The script in the file `name`.lua."""
    files = ["world", name] if name in _OF_WORLD else [name]
    text = "\n".join((_FOLDER / f"{each}.lua").read_text(encoding="utf-8") for each in files)
    return EngineScript(text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())
