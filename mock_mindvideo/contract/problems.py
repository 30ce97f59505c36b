"""What can be wrong with a file or a target before anything was checked."""

from pathlib import Path


class ContractError(Exception):
    """A file that cannot be used: which, where in it, and what was expected."""

    def __init__(self, file: Path | str, reason: str, *, line: int = 0, pointer: str = "") -> None:
        place = f"{file}:{line}" if line else str(file)
        super().__init__(f"{place}: {pointer + ': ' if pointer else ''}{reason}")
        self.file = str(file)
        self.line = line
        self.pointer = pointer
        self.reason = reason


class Unreachable(Exception):
    """The target could not be asked: no connection, or one that broke."""


class TargetBusy(Unreachable):
    """The target answers, but with 429 or 5xx however often it is asked."""

    def __init__(self, what: str, status: int, tries: int) -> None:
        super().__init__(f"{what}: answered with {status} to each of {tries} tries")
        self.status = status


class TargetError(Exception):
    """The target as it was given cannot be checked: which argument, and what fits."""
