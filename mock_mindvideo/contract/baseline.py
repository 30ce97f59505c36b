"""Warnings that are known: a file of them, so that only new ones are told."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mock_mindvideo.contract.problems import ContractError
from mock_mindvideo.contract.results import Finding, Outcome
from mock_mindvideo.system.files import read_file

FORMAT = "mock-mindvideo-baseline/1"

#: What a warning is known by; what was seen differs from run to run.
KnownFinding = tuple[str, str, str, str, str]

_MEMBERS = ("workflow", "step", "check", "expected", "facts")


class Baseline:
    """A set of known warnings. A documented fact that is broken is never among them."""

    def __init__(self, known: Iterable[KnownFinding] = ()) -> None:
        self._known = frozenset(known)

    def __contains__(self, warning: tuple[str, Finding]) -> bool:
        workflow, finding = warning
        return not finding.documented and _known(workflow, finding) in self._known

    def updated(self, outcomes: Iterable[Outcome]) -> "Baseline":
        """With the warnings of a run in place of those of the workflows that ran."""
        ran = {each.id: each for each in outcomes if each.status in ("kept", "warned", "broken")}
        kept = {each for each in self._known if each[0] not in ran}
        found = {
            _known(each.id, finding)
            for each in ran.values()
            for finding in (*each.findings, *each.known)
            if not finding.documented
        }
        return Baseline(kept | found)

    def text(self) -> str:
        """The file, in an order that diffs well."""
        known = [dict(zip(_MEMBERS, each, strict=True)) for each in sorted(self._known)]
        value = {"format": FORMAT, "warnings": known}
        return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def read_baseline(file: Path) -> Baseline:
    """The baseline in `file`; raises ContractError."""
    try:
        value = json.loads(read_file(file))
    except OSError as error:
        raise ContractError(file, f"cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as problem:
        raise ContractError(file, f"is not JSON: {problem}") from None
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ContractError(file, f"is no baseline of format {FORMAT}; --update-baseline makes one")
    warnings = value.get("warnings")
    if not isinstance(warnings, list):
        raise ContractError(file, "must be a list", pointer="/warnings")
    return Baseline(_read(file, number, each) for number, each in enumerate(warnings))


def _read(file: Path, number: int, value: Any) -> KnownFinding:
    if isinstance(value, Mapping):
        members = [value.get(name) for name in _MEMBERS]
        if all(isinstance(each, str) for each in members):
            workflow, step, check, expected, facts = map(str, members)
            return workflow, step, check, expected, facts
    words = f"must be an object of the texts {', '.join(_MEMBERS)}"
    raise ContractError(file, words, pointer=f"/warnings/{number}")


def _known(workflow: str, finding: Finding) -> KnownFinding:
    return workflow, finding.step, finding.check, finding.expected, " ".join(finding.proves)
