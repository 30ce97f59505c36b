"""What was found, for people and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from mock_mindvideo.contract.drift.change import Drift, Level
from mock_mindvideo.contract.drift.ignoring import Ignored
from mock_mindvideo.contract.report.sarif import Placed, relative, sarif
from mock_mindvideo.domain.counting import counted

FORMAT = "mock-mindvideo-drift/1"

#: The weight of each level as people read it.
_WEIGHTS = {"error": "BREAKING", "warning": "warning", "info": "harmless"}
_SARIF: dict[str, Any] = {"error": "error", "warning": "warning", "info": "note"}


class Judged(NamedTuple):
    """A change as it weighs for those that the comparison is for."""

    change: Drift
    level: Level
    rule: str


@dataclass(frozen=True, slots=True)
class DriftResult:
    """A whole comparison. `files` are the old one, the new one, and the one that lines are of."""

    changes: Sequence[Judged]
    ignored: int
    unused: Sequence[str]
    failing: bool
    files: tuple[Path, Path, Path]

    def places(self) -> list[Placed]:
        """The changes as places in the new file."""
        file = relative(self.files[2])
        return [
            Placed(
                each.rule,
                _SARIF[each.level],
                f"{_where(each)}: {_words(each)}",
                file,
                each.change.line,
            )
            for each in self.changes
        ]


def judged(
    changes: Sequence[Drift],
    concerns: str | None,
    fail_on: str,
    ignored: Ignored | None,
    files: tuple[Path, Path, Path],
) -> DriftResult:
    """The changes, weighed and without those that are known."""
    found = []
    for each in changes:
        side = concerns or each.concerns
        found.append(Judged(each, each.level(side), each.rule(side)))
    kept = [each for each in found if not ignored or not ignored.takes(each.change, each.rule)]
    levels = ("error",) if fail_on == "error" else ("error", "warning")
    return DriftResult(
        kept,
        len(found) - len(kept),
        ignored.unused if ignored else (),
        any(each.level in levels for each in kept),
        files,
    )


def as_text(verdict: DriftResult) -> str:
    """Two lines for each change, and one for all."""
    lines = []
    for each in verdict.changes:
        place = f"{verdict.files[2]}:{each.change.line}"
        facts = "".join(f" {fact}" for fact in each.change.facts)
        lines.append(f"{place}: {_WEIGHTS[each.level]}{facts}: {_where(each)}")
        lines.append(f"    {_words(each)} [{each.rule}]")
    errors = sum(each.level == "error" for each in verdict.changes)
    summary = f"{counted(len(verdict.changes), 'change')}, {errors} of them breaking"
    return "\n".join([*lines, summary + f", {verdict.ignored} ignored" * bool(verdict.ignored)])


def _where(each: Judged) -> str:
    return f"{each.change.part} {each.change.pointer or '/'}"


def _words(each: Judged) -> str:
    broken = [who for who in ("requests", "readers") if getattr(each.change, who)]
    whom = f"breaks {' and '.join(broken)}" if broken else "harmless"
    return f"{each.change.message} ({whom})"


def as_json(verdict: DriftResult) -> dict[str, Any]:
    """Everything, for scripts."""
    return {
        "format": FORMAT,
        "old": str(verdict.files[0]),
        "new": str(verdict.files[1]),
        "breaking": any(each.level == "error" for each in verdict.changes),
        "ignored": verdict.ignored,
        "changes": [_row(each) for each in verdict.changes],
    }


def _row(each: Judged) -> dict[str, Any]:
    change = each.change
    return {
        "rule": each.rule,
        "level": each.level,
        "facts": list(change.facts),
        "part": change.part,
        "pointer": change.pointer,
        "line": change.line,
        "message": change.message,
        "breaking": each.level == "error",
        "breaks_requests": change.requests,
        "breaks_readers": change.readers,
    }


def as_sarif(verdict: DriftResult) -> dict[str, Any]:
    """The changes as code scanning shows them."""
    rules = {each.rule: each.rule.replace("-", " ") for each in verdict.changes}
    return sarif(verdict.places(), rules, "drift")
