"""The few shapes of SVG that the pictures need; the system's fonts, nothing from elsewhere."""

from collections.abc import Iterable
from html import escape

SANS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"

_STYLE = f"""
text {{ font-family: {SANS}; font-size: 14px; fill: #1f2430; }}
.small {{ font-size: 12px; fill: #5b6275; }}
.strong {{ font-weight: 600; }}
.mono {{ font-family: {MONO}; font-size: 12.5px; }}
.box {{ fill: #ffffff; stroke: #8f96a8; }}
.main {{ fill: #ede7f6; stroke: #673ab7; stroke-width: 2; }}
.good {{ fill: #e8f5e9; stroke: #2e7d32; }}
.bad {{ fill: #ffebee; stroke: #c62828; }}
.line {{ stroke: #5b6275; stroke-width: 1.5; fill: none; marker-end: url(#tip); }}
.card {{ fill: #fafafc; }}
"""
_TIP = (
    '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
    'orient="auto"><path d="M0 0 8 4 0 8z" fill="#5b6275"/></marker>'
)


def picture(width: int, height: int, title: str, shapes: Iterable[str]) -> str:
    """A whole file, on a light card, so that it can be read on a dark page too."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" aria-labelledby="title">',
            f'<title id="title">{escape(title)}</title>',
            f"<style>{_STYLE}</style><defs>{_TIP}</defs>",
            f'<rect class="card" width="{width}" height="{height}" rx="10"/>',
            *shapes,
            "</svg>\n",
        ]
    )


def box(x: int, y: int, width: int, height: int, *lines: str, kind: str = "box") -> str:
    """A box with lines of text in its middle; the first one is strong."""
    first = y + height / 2 + 5 - 9 * (len(lines) - 1)
    words = (
        text(x + width // 2, first + 18 * index, line, kind="strong" if index == 0 else "small")
        for index, line in enumerate(lines)
    )
    shape = f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="8"/>'
    return shape + "".join(words)


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "middle") -> str:
    """One line of text."""
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>'


def arrow(*points: tuple[int, int]) -> str:
    """A line through points, with a tip at its end."""
    return f'<path class="line" d="M{" L".join(f"{x} {y}" for x, y in points)}"/>'
