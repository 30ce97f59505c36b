"""Where a finding stands, for readers who have other files than this machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from mock_mindvideo.contract.results import Report
from mock_mindvideo.platform.data import data_folder


class Placed(NamedTuple):
    """One result. `rule` is its id, `line` from 1, or 0 for the whole file."""

    rule: str
    level: Literal["error", "warning", "note"]
    message: str
    file: str
    line: int


def places(report: Report) -> Iterator[Placed]:
    """A run's findings, each under the first fact that it goes against."""
    for outcome in report.outcomes:
        for finding in outcome.findings:
            yield Placed(
                rule=next(iter(finding.proves), outcome.id),
                level="error" if report.is_error(finding) else "warning",
                message=f"{outcome.id} / {finding.step}: {finding.expected}; {finding.saw}"
                f" (against {', '.join(finding.proves)})",
                file=relative(finding.file),
                line=finding.line,
            )


def relative(file: Path) -> str:
    """The file as a reader of CI's results finds it: from the working directory, if it is in it."""
    try:
        return file.resolve().relative_to(Path.cwd()).as_posix()
    except (OSError, ValueError):
        return file.resolve().as_posix()


def from_package(file: str) -> bool:
    """Whether `file`, as `relative` gave it, came with the package: the reader has it elsewhere."""
    return Path(file).is_absolute() and Path(file).is_relative_to(packages())


def packages() -> Path:
    """The folder that the package's data stands in: site-packages, or the root of a checkout."""
    folder = data_folder("contracts").resolve()
    return folder.parents[2] if folder.parent.name == "_data" else folder.parent
