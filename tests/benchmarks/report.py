"""The table: ours beside its baseline, their ratio, and whether the budget is kept."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

HEADINGS = ("what", "ours", "baseline", "against", "ratio", "budget", "")
RIGHT = {"ours", "baseline", "ratio"}
SCALES = {"µs": 1e6, "ms": 1e3, "MB": 1e-6}  # from seconds and bytes
FEW = 100


@dataclass(frozen=True, slots=True)
class Budget:
    """A bound on the ratio, or on our own figure in the row's unit."""

    limit: float
    sense: Literal["≤", "≥"] = "≤"
    of: Literal["ratio", "ours"] = "ratio"


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison; figures in seconds, bytes or each second, shown in `unit`.

    A row without a budget is there for information.
    """

    what: str
    ours: float
    baseline: float
    unit: str
    against: str
    ratio: float
    budget: Budget | None = None

    @property
    def met(self) -> bool | None:
        """Whether the budget is kept; None without one."""
        if self.budget is None:
            return None
        scale = SCALES.get(self.unit, 1)
        value = self.ratio if self.budget.of == "ratio" else self.ours * scale
        return (
            value <= self.budget.limit if self.budget.sense == "≤" else value >= self.budget.limit
        )

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text, a cell for each heading."""
        verdict = {True: "met", False: "MISSED", None: "-"}[self.met]
        shown = (_figure(self.ours, self.unit), _figure(self.baseline, self.unit))
        return (self.what, *shown, self.against, f"{self.ratio:.2f}", self._bound, verdict)

    @property
    def _bound(self) -> str:
        if self.budget is None:
            return ""
        unit = f" {self.unit}" if self.budget.of == "ours" else " x"
        return f"{self.budget.sense} {self.budget.limit:g}{unit}"


def _figure(value: float, unit: str) -> str:
    scaled = value * SCALES.get(unit, 1)
    return f"{scaled:,.0f} {unit}" if scaled >= FEW else f"{scaled:.3g} {unit}"


def table(rows: Sequence[Row]) -> str:
    """All rows under their headings, in columns."""
    lines = [HEADINGS, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    ruler = tuple("-" * width for width in widths)
    return "\n".join(_line(line, widths) for line in (lines[0], ruler, *lines[1:]))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    columns = zip(HEADINGS, cells, widths, strict=True)
    padded = (
        cell.rjust(width) if heading in RIGHT else cell.ljust(width)
        for heading, cell, width in columns
    )
    return "  ".join(padded).rstrip()


def as_json(rows: Sequence[Row], notes: Sequence[str]) -> dict[str, Any]:
    """The same for machines: figures in seconds, bytes and each second."""
    return {"rows": [asdict(row) | {"met": row.met} for row in rows], "notes": list(notes)}
