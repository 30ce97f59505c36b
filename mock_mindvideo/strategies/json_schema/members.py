"""Members of objects: what a schema says of them, and which ones must be there."""

from __future__ import annotations

from dataclasses import dataclass

from .goals import ANYTHING, Goal
from .reading import Pattern
from .strings import String


@dataclass(frozen=True, eq=False)
class Layer:
    """What one schema says about members: by name, by pattern, and of all others."""

    named: dict[str, Goal]
    patterns: tuple[tuple[Pattern, Goal], ...]
    rest: Goal

    def of(self, name: str) -> Goal:
        """Give the goal of a member with this name."""
        found = [goal for pattern, goal in self.patterns if pattern.found(name)]
        if name in self.named:
            found.append(self.named[name])
        return ANYTHING.union(*found) if found else self.rest


@dataclass(frozen=True, slots=True)
class Extra:
    """One member whose name no schema lists, with its own goal; `spared` is let off."""

    names: String
    name_goal: Goal
    goal: Goal
    spared: Goal = ANYTHING
    name_spared: Goal = ANYTHING
