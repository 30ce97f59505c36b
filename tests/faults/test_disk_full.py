"""A full disk: answers are refusals until there is room again, and nothing answered is lost."""

import os
import random
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.client import TASKS, Answer, Client, order
from tests.faults.scale import dice, rounds
from tests.faults.serving import Server
from tests.faults.workers import client_of_each

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]

KIB = 1024


def limited(server: Server, size: int) -> None:
    """Let no file of the server grow beyond `size` bytes from now on, as on a full disk."""
    for pid in server.processes():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def submit_until_refused(client: Client, name: str, most: int = 20_000) -> dict[str, Answer]:
    """Submits under keys of their own until one is refused; the answers by key."""
    answers = {}
    for number in range(most):
        key = f"{name}-{number}"
        answers[key] = client.submit(order(f"{key} " + "x" * 3000), key)
        if answers[key].status != 200:
            return answers
    raise AssertionError(f"{most} submits, and the disk is not full")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_refuses_with_503_and_loses_nothing_that_was_answered(
    tmp_path: Path, workers: int
) -> None:
    chance = dice(f"disk full, {workers} workers")
    for number in range(rounds(check=1, soak=34)):
        folder = tmp_path / str(number)  # each file that was full makes the next round longer
        folder.mkdir()
        fill_three_times(folder, workers, chance)


def fill_three_times(folder: Path, workers: int, chance: random.Random) -> None:
    db = folder / "mock.db"
    server = Server(folder, "--db", str(db), "--progress", "manual", "--workers", str(workers))
    answered: dict[str, Answer] = {}
    try:
        with client_of_each(server, workers):
            """All of them run."""
        for round_ in range(3):
            with Client(server.port, "mv_test_full") as client:
                limited(server, size_of(db) + chance.randrange(8 * KIB, 512 * KIB))
                answers = submit_until_refused(client, f"round{round_}")
                key, refused = answers.popitem()
                assert (refused.status, refused.code) == (503, "unavailable")
                assert "mock.db" in refused.body["error"]["message"]
                assert_still_there(client, answers)  # also while the disk is full
                limited(server, resource.RLIM_INFINITY)
                again = client.submit(order(f"{key} " + "x" * 3000), key)
                assert (again.status, again.replayed) == (200, False)
                answered |= answers | {key: again}
        assert "Traceback" not in server.log.read_text()
        with Client(server.port, "mv_test_full") as client:
            assert_charged_once(client, answered)
    finally:
        server.kill()


def size_of(db: Path) -> int:
    """The larger of the database and its log, which both may grow no further."""
    return max(file.stat().st_size for file in db.parent.glob("mock.db*"))


def assert_still_there(client: Client, answers: dict[str, Answer]) -> None:
    for key, answer in list(answers.items())[-20:]:
        found = client.get(f"{TASKS}/{answer.body['task_id']}")
        assert found == answer.body, key


def assert_charged_once(client: Client, answered: dict[str, Answer]) -> None:
    ids = {answer.body["task_id"] for answer in answered.values()}
    assert len(ids) == len(answered)
    held = client.get("/_mock/ledger?limit=1")["held"]
    assert float(held) == pytest.approx(0.6165 * len(answered))


@pytest.fixture
def tmpfs(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    done = subprocess.run(mounting, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_is_really_full_is_the_same_and_room_on_it_mends_it(
    tmp_path: Path, tmpfs: Path
) -> None:
    server = Server(tmp_path, "--db", str(tmpfs / "mock.db"), "--progress", "manual")
    ballast = tmpfs / "ballast"
    ballast.write_bytes(b"x" * 512 * KIB)
    try:
        with Client(server.port, "mv_test_full") as client:
            answers = submit_until_refused(client, "tmpfs")
            key, refused = answers.popitem()
            assert refused.status == 503
            assert_still_there(client, answers)
            ballast.unlink()
            again = client.submit(order(f"{key} " + "x" * 3000), key)
            assert (again.status, again.replayed) == (200, False)
            assert_charged_once(client, answers | {key: again})
        server.kill()
        server = Server(tmp_path, "--db", str(tmpfs / "mock.db"), "--progress", "manual")
        with Client(server.port, "mv_test_full") as client:
            assert_charged_once(client, answers | {key: again})
    finally:
        server.kill()


def test_a_server_that_cannot_begin_its_file_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mock_mindvideo", "serve", "--port", "0", "--db"]
    done = subprocess.run(
        [*command, str(tmp_path / "mock.db")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=no_room,
    )
    assert done.returncode == 2
    assert "mock.db" in done.stderr
    assert "Traceback" not in done.stderr


def no_room() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    os.umask(0o077)
