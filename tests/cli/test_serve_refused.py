"""`serve` that cannot start: one line on stderr, an exit code, no traceback."""

import socket
import subprocess

import pytest

from mock_mindvideo import Settings
from mock_mindvideo.domain.script import ScriptError
from mock_mindvideo.web.app import create_app
from tests.ports import free_port

from .test_serve import COMMAND


def refused(*arguments):
    """A server that does not start: exit code, stdout, stderr."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=300, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_a_port_in_use_is_one_line_and_exit_code_1():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = refused("--port", port)

    assert (code, out) == (1, "")
    assert err == (
        f"mock-mindvideo: cannot listen on 127.0.0.1:{port}: Address already in use; try --port 0\n"
    )


def test_a_db_that_is_no_database_is_one_line_and_exit_code_2(tmp_path):
    file = tmp_path / "notes.db"
    file.write_bytes(b"not a database at all" * 100)
    code, out, err = refused("--port", 0, "--db", file)

    assert (code, out) == (2, "")
    assert err == (
        f"mock-mindvideo: {file}: cannot be used as a database: file is not a database\n"
    )
    assert file.read_bytes() == b"not a database at all" * 100


def test_a_bad_script_file_is_one_line_and_exit_code_2(tmp_path):
    file = tmp_path / "scripts.toml"
    code, out, err = refused("--port", 0, "--script", file)

    assert (code, out) == (2, "")
    assert err == f"mock-mindvideo: {file}: cannot be read: No such file or directory\n"


def test_a_redis_that_is_away_is_one_line_and_exit_code_2():
    port = free_port()
    code, out, err = refused("--port", 0, "--store", f"redis://me:hidden@127.0.0.1:{port}/1")

    assert (code, out) == (2, "")
    assert err == (
        f"mock-mindvideo: redis://127.0.0.1:{port}/1: the store cannot be used just now:"
        f" Error 111 connecting to 127.0.0.1:{port}. Connection refused.\n"
    )


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--store", "redis://:hidden@h/x"), "store must name its database by a number"),
        (("--store", "ftp://hidden@h"), "store has the unknown scheme 'ftp'"),
        (("--store", "memory:", "--db", "a.db"), "store says where worlds are kept, and db does"),
        (("--store", "redis://h", "--durability", "power"), "durability is for a file"),
        (("--store", "memory:", "--workers", "2"), "several workers need a --db or a --store"),
    ],
)
def test_a_place_that_does_not_fit_is_told_without_its_password(run, options, reason):
    done = run("serve", "--port", 0, *options)

    assert (done.exit_code, done.stdout) == (2, "")
    assert reason in " ".join(done.stderr.split())
    assert "hidden" not in done.stderr


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("scripts = [", "is not TOML: "),
        ("script = []", "only 'scripts' and '[worlds.NAME]' can stand here"),
        ("scripts = 'outcome=failed'", "'scripts' must be a list of strings"),
        (
            "scripts = ['outcome=stuck', 'outcom=failed']",
            "scripts[1]: unknown word 'outcom' (did you mean 'outcome'?) in the script ",
        ),
        (
            "[worlds.a]\nscripts = ['times=2']",
            "worlds.a.scripts[0]: the script 'times=2' says nothing to do",
        ),
        ("[worlds.a]\nseed = 5", "[worlds.a] holds only 'scripts'"),
    ],
)
def test_a_bad_script_file_is_told_by_entry_and_reason(tmp_path, content, reason):
    file = tmp_path / "scripts.toml"
    file.write_text(content)

    with pytest.raises(ScriptError) as told:
        create_app(Settings(script=file))
    assert str(told.value).startswith(f"{file}: {reason}")
    assert "\n" not in str(told.value)
