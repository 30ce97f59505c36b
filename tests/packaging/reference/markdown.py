"""The few forms of Markdown that the pages need."""

import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table; its cells are Markdown of one line."""
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(map(cell, line)) + " |" for line in lines) + "\n"


def cell(text: str) -> str:
    """A text as one line of a table."""
    return escaped(" ".join(text.split())).replace("|", "\\|")


def escaped(text: str) -> str:
    """With `<slug>` as it stands: outside code, Markdown would take it for HTML."""
    parts = text.split("`")
    parts[::2] = [part.replace("<", "&lt;").replace("&lt;br>", "<br>") for part in parts[::2]]
    return "`".join(parts)


def code(text: object) -> str:
    """In a monospaced font; "" stays empty."""
    return f"`{text}`" if text not in ("", None) else ""


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    text = text.strip()
    return text and text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


def about(thing: object) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())


def doc(thing: object) -> str:
    """A docstring, its sections `Args:` and the like as lists."""
    lines: list[str] = []
    inside = False
    for line in escaped(inspect.getdoc(thing) or "").split("\n"):
        if re.fullmatch(r"[A-Z][a-z]+:", line):
            inside = True
            lines += [f"**{line.removesuffix(':')}**", ""]
            continue
        inside = inside and (line.startswith("    ") or not line)
        entry = re.match(r"    (\w+): (.*)", line)
        lines.append(f"- `{entry[1]}`: {entry[2]}" if inside and entry else line)
    return "\n".join(lines)


def untyped(function: Callable[..., Any]) -> str:
    """A signature as a person types it, without types and `self`."""
    found = inspect.signature(function).parameters.values()
    plain = [each.replace(annotation=inspect.Parameter.empty) for each in found]
    return str(inspect.Signature([each for each in plain if each.name != "self"]))
