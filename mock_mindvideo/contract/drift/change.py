"""One change, and whom it breaks."""

from dataclasses import dataclass
from typing import Literal

from mock_mindvideo.contract.drift.rules import rule

Level = Literal["error", "warning", "info"]

#: Whom a part is for: those who send requests, those who read answers, or both.
SIDES = ("requests", "readers")


@dataclass(frozen=True, slots=True)
class Drift:
    """One change. `pointer` leads into the part that is named; `message` says it in words.

    `requests`: what was accepted may be refused now, or means something else. `readers`: what
    is received may be something that could not be received before, or is gone. `concerns` says
    for which of the two the part is: a schema of inputs is for requests, one of answers for
    readers. `kind` is what happened and `place` what it happened to, from which the rule's name
    is made; `risky` is what may break somebody, though no schema says so. `facts` are the ids of
    what the vendor documents there.
    """

    part: str
    pointer: str
    message: str
    requests: bool
    readers: bool
    concerns: str = "requests"
    line: int = 0
    kind: str = "changed"
    place: str = "body"
    risky: bool = False
    facts: tuple[str, ...] = ()

    @property
    def breaking(self) -> bool:
        """Whether it breaks those whom the part is for."""
        return self.breaks(self.concerns)

    def breaks(self, concerns: str) -> bool:
        """Whether it breaks requests, readers, or any of `both`."""
        sides = SIDES if concerns == "both" else (concerns,)
        return any(getattr(self, side) for side in sides)

    def level(self, concerns: str) -> Level:
        """How bad the change is for whom the schema concerns."""
        return "error" if self.breaks(concerns) else "warning" if self.risky else "info"

    def rule(self, concerns: str) -> str:
        """The rule's name, as oasdiff has it where it knows the rule."""
        if concerns == "both":
            concerns = (
                self.concerns if self.breaking or not self.breaks("both") else _other(self.concerns)
            )
        return rule(concerns, self.place, self.kind, self.pointer)


def _other(side: str) -> str:
    return next(each for each in SIDES if each != side)
