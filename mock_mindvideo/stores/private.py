"""Files that hold what clients sent: for their owner's eyes only, whatever the umask is."""

from contextlib import suppress
from pathlib import Path

from mock_mindvideo.system.files import write_file

_OWNER_ONLY = 0o600


def keep_private(file: Path) -> None:
    """Take a file away from everybody else; one that is not there, or not ours, stays as it is."""
    with suppress(OSError):
        file.chmod(_OWNER_ONLY)


def write_private(file: Path, text: str) -> None:
    """Write ASCII text to a file that was never open to anybody else; raises OSError."""
    keep_private(file)  # before, so that what takes its place has its rights
    write_file(file, text.encode("ascii"), mode=_OWNER_ONLY)
