"""A terminal in which the session of a page runs, as an animated SVG."""

import re
from collections.abc import Iterator
from html import escape

from tests.packaging.documents import DOCS, blocks
from tests.packaging.pictures.svg import MONO
from tests.packaging.readme import commands

_PAGE = DOCS / "start" / "server.md"
_COLUMNS = 112
_LINE = 18
_PAUSE = 0.9  # seconds between two commands
_STYLE = f"""
text {{ font-family: {MONO}; font-size: 11.5px; fill: #d7dae0; white-space: pre; }}
.command {{ fill: #ffffff; font-weight: 600; }}
@keyframes appear {{ from {{ opacity: 0; }} to {{ opacity: 1; }} }}
g {{ animation: appear 0.2s both; }}
@media (prefers-reduced-motion: reduce) {{ g {{ animation: none; }} }}
"""


def session() -> str:
    """The commands of the page, one after the other, each with its output."""
    steps = list(_steps())
    height = 60 + _LINE * sum(len(lines) for lines in steps)
    width = 820
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" aria-labelledby="title">',
            '<title id="title">mock-mindvideo in a terminal</title>',
            f"<style>{_STYLE}</style>",
            f'<rect width="{width}" height="{height}" rx="10" fill="#1e2130"/>',
            *(f'<circle cx="{24 + 20 * i}" cy="20" r="6" fill="#5b6275"/>' for i in range(3)),
            *_groups(steps),
            "</svg>\n",
        ]
    )


def _steps() -> Iterator[list[tuple[str, str]]]:
    """For each command its lines, as (class, text)."""
    for block in blocks(_PAGE.read_text(encoding="utf-8")):
        for command in commands(block.code) if block.language == "console" else ():
            shown = [("command", f"$ {_short(command.text)}")]
            shown += [("", line) for line in command.output.strip().splitlines()]
            yield [(kind, _clipped(line)) for kind, line in [*shown, ("", "")]]


def _short(command: str) -> str:
    """Without the server's address and what is the same in each request."""
    command = re.sub(r"\s*\\\n\s*", " ", command)
    command = re.sub(r" -H \"(?:Authorization|Content-Type|Idempotency-Key)[^\"]*\"", "", command)
    command = re.sub(r" \| python3 .*", " | …", command, flags=re.DOTALL)
    command = re.sub(r"-d '\{\n.*?\n  \}'", "-d @request.json", command, flags=re.DOTALL)
    return command.replace("http://127.0.0.1:8080", "localhost:8080")


def _clipped(line: str) -> str:
    return line if len(line) <= _COLUMNS else f"{line[: _COLUMNS - 1]}…"


def _groups(steps: list[list[tuple[str, str]]]) -> Iterator[str]:
    row = 0
    for number, lines in enumerate(steps):
        yield f'<g style="animation-delay: {number * _PAUSE:.1f}s">'
        for kind, line in lines:
            row += 1
            if line:
                yield f'<text class="{kind}" x="20" y="{36 + _LINE * row}">{escape(line)}</text>'
        yield "</g>"
