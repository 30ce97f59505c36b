"""What is proposed: a place in the schema files, what stands there, what should, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mock_mindvideo.learning.sightings import Evidence, SeenExchange

#: Where a proposal about how the API speaks belongs.
PLATFORM_FILE = "platform/http.json"

#: Places that are told of one proposal; the others are counted.
MOST_EVIDENCE = 5


class _Removed:
    """The value of a member that is to go."""

    def __repr__(self) -> str:
        return "nothing"


REMOVED = _Removed()


@dataclass(frozen=True, slots=True)
class Proposal:
    """One difference, and the change that ends it.

    `pointer` leads through `file`, which lies in a folder for `--schemas`; `value` is what should
    stand there, `REMOVED` for nothing, `was` what the mock has. `settles` are the rows of
    fidelity.json that it answers. `count` is how many exchanges show it, of which `evidence` are
    the first.
    """

    file: str
    pointer: str
    was: Any
    value: Any
    statement: str
    settles: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    count: int

    @property
    def place(self) -> str:
        return f"{self.file}#{self.pointer}"


@dataclass(frozen=True, slots=True)
class Remark:
    """A difference, or a finding, that no file can say; with where it was seen."""

    about: str
    statement: str
    evidence: tuple[Evidence, ...]
    count: int


@dataclass(slots=True)
class Lessons:
    """Collects what is found; `behaviours` are the rows of fidelity.json."""

    behaviours: Sequence[Mapping[str, Any]]
    proposals: list[Proposal] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def propose(
        self,
        place: str,
        value: Any,
        was: Any,
        statement: str,
        seen: Iterable[Evidence],
    ) -> None:
        """That `place`, a file and a pointer in it, should hold `value`; nothing if it does."""
        if value == was and type(value) is type(was):
            return
        file, _, pointer = place.partition("#")
        shown, count = _few(seen)
        rows = tuple(each["id"] for each in self.behaviours if _is_changed(each, file, pointer))
        self.proposals.append(Proposal(file, pointer, was, value, statement, rows, shown, count))

    def remark(self, about: str, statement: str, seen: Iterable[Evidence]) -> None:
        """Something that is only told."""
        shown, count = _few(seen)
        self.remarks.append(Remark(about, statement, shown, count))


def _is_changed(behaviour: Mapping[str, Any], file: str, pointer: str) -> bool:
    """Whether a place is one that changes a behaviour, or lies in one."""
    places = (each.partition("#") for each in behaviour.get("changed_by", ()))
    return any(
        known == file and (f"{pointer}/".startswith(f"{at}/") or at.startswith(f"{pointer}/"))
        for known, _, at in places
    )


def _few(seen: Iterable[Evidence]) -> tuple[tuple[Evidence, ...], int]:
    every = tuple(dict.fromkeys(seen))
    return every[:MOST_EVIDENCE], len(every)


def answers(
    seen: Iterable[SeenExchange], part: str = "answer", at: str = ""
) -> tuple[Evidence, ...]:
    """That each of them shows it."""
    return tuple(each.evidence(part, at) for each in seen)
