"""Files are read and written without ever waiting for ever."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from mock_mindvideo.system.files import beginning, open_to_write, read_file, write_file


def folder(place: Path) -> None:
    place.mkdir()


def link_to_itself(place: Path) -> None:
    place.symlink_to(place)


def bound_socket(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(place))


def endless(place: Path) -> None:
    place.symlink_to("/dev/zero")


def huge(place: Path) -> None:
    with place.open("wb") as file:
        file.truncate(6 << 30)


STRANGE = [os.mkfifo, folder, link_to_itself, bound_socket, endless, huge]


@pytest.mark.parametrize("make", STRANGE)
def test_what_is_no_file_or_too_large_is_refused_at_once(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "strange")
    with pytest.raises(OSError) as refusal:  # noqa: PT011 - its words differ by what it is
        read_file(tmp_path / "strange", most=1000)
    assert refusal.value.strerror


def test_a_file_is_read_up_to_the_bound(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 1000)
    assert read_file(tmp_path / "file", most=1000) == b"x" * 1000
    assert beginning(tmp_path / "file", 10) == b"x" * 10
    assert read_file(Path("/dev/null")) == b""


def test_a_pipe_that_somebody_writes_to_is_read_to_its_end() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb"), os.fdopen(writing, "wb") as write:
        write.write(b"x" * 10)
        write.close()
        assert read_file(Path(f"/dev/fd/{reading}")) == b"x" * 10


@pytest.mark.parametrize("make", [os.mkfifo, folder, link_to_itself, bound_socket])
def test_what_nobody_reads_is_not_written_to(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "strange")
    with pytest.raises(OSError):  # noqa: PT011
        open_to_write(tmp_path / "strange")


def test_a_file_is_written_behind_what_it_holds_or_anew(tmp_path: Path) -> None:
    for truncate, expected in ((False, b"a"), (False, b"aa"), (True, b"a")):
        with os.fdopen(open_to_write(tmp_path / "file", truncate=truncate), "wb") as file:
            file.write(b"a")
        assert (tmp_path / "file").read_bytes() == expected


def test_what_takes_a_files_place_has_its_rights_and_is_the_only_new_thing(tmp_path: Path) -> None:
    for mode in (0o600, 0o644, 0o666):
        (tmp_path / "file").write_bytes(b"before")
        (tmp_path / "file").chmod(mode)
        write_file(tmp_path / "file", b"after")
        assert (tmp_path / "file").read_bytes() == b"after"
        assert (tmp_path / "file").stat().st_mode & 0o777 == mode
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("link", [Path.symlink_to, Path.hardlink_to])
def test_a_file_with_two_names_keeps_both(tmp_path: Path, link: Callable[..., None]) -> None:
    (tmp_path / "file").write_bytes(b"what was there before")
    link(tmp_path / "name", tmp_path / "file")
    write_file(tmp_path / "name", b"after")
    assert (tmp_path / "file").read_bytes() == (tmp_path / "name").read_bytes() == b"after"
    assert (tmp_path / "file").samefile(tmp_path / "name")


def test_a_pipe_takes_what_is_written_as_it_comes(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with os.fdopen(os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK), "rb") as reading:
        write_file(tmp_path / "pipe", b"x" * 10)
        assert reading.read() == b"x" * 10
