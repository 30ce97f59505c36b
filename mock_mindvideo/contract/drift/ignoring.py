"""A file of known changes: each line names a rule, or a fact, and where it may happen.

    request-property-max-decreased  /properties/duration/*   # agreed on in May
    D16

A pointer is compared as shells compare names; without one, the rule is ignored everywhere.
"""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from mock_mindvideo.contract.drift.change import Drift
from mock_mindvideo.contract.drift.decoding import decoded, read_bytes
from mock_mindvideo.contract.problems import ContractError


@dataclass(slots=True)
class Ignored:
    """The lines of an ignore file, and which of them were of use."""

    lines: list[tuple[str, str]]
    used: set[tuple[str, str]] = field(default_factory=set)

    def takes(self, change: Drift, rule: str) -> bool:
        """Whether a change is known."""
        found = [
            line for line in self.lines if line[0] in (rule, *change.facts) and _at(change, line[1])
        ]
        self.used.update(found)
        return bool(found)

    @property
    def unused(self) -> list[str]:
        """Lines that no change was ignored by, which may be old, or misspelt."""
        return [" ".join(line).strip() for line in self.lines if line not in self.used]


def _at(change: Drift, pattern: str) -> bool:
    names = (change.pointer, f"{change.part} {change.pointer}".strip(), change.part)
    return not pattern or any(fnmatchcase(name, pattern) for name in names)


def read_ignored(file: Path) -> Ignored:
    """The ignore file; raises ContractError for one that cannot be read."""
    lines = []
    for number, text in enumerate(decoded(file, read_bytes(file)).split("\n"), 1):
        words = text.partition("#")[0].split(None, 1)
        if not words:
            continue
        if not words[0].replace("-", "").isalnum():
            reason = f"'{words[0][:60]}' is no rule's id; one looks like request-property-removed"
            raise ContractError(file, reason, line=number)
        lines.append((words[0], words[1].strip() if len(words) > 1 else ""))
    return Ignored(lines)
