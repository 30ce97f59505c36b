"""Whatever stands where a file is expected: one line that names it, no hang, no traceback."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.contract.adopting.pages import page
from tests.faults.client import Client, order
from tests.faults.serving import Server
from tests.faults.strange import (
    CHANGED,
    DATABASES,
    FILLED,
    FILLED_WITH,
    FULL,
    IN_ITS_PLACE,
    IN_VALUES,
    MADE,
    MODEL,
    NEW,
    READ,
    READ_FOLDERS,
    READ_WITH,
    SOON,
    UNREADABLE,
    WRITTEN,
    WRITTEN_WITH,
    Words,
    filled_in,
    make,
    refused,
    run,
)  # fmt: skip

pytestmark = pytest.mark.slow

OLD = "what the file held before"

TRAFFIC = """{"log": {"version": "1.2", "entries": [{
    "startedDateTime": "2026-01-01T00:00:00Z", "time": 1,
    "request": {"method": "GET", "url": "https://api.mindvideo.ai/api/v1/tasks/x", "headers": []},
    "response": {"status": 404, "headers": [],
                 "content": {"mimeType": "application/json", "text": "{}"}}
}]}}"""

#: Where a file is kept before a full disk: a baseline is read too.
BASELINE = '{"format": "mock-mindvideo-baseline/1", "warnings": []}'

#: What opening a database needs, and less than the world in it.
ROOM = 100 * 1024

Table = dict[tuple[str, str], Words]


def rows(table: Table) -> list[ParameterSet]:
    return [pytest.param(words, id=" ".join(place)) for place, words in table.items()]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that a server has made, with a world to save."""
    folder = tmp_path_factory.mktemp("made")
    server = Server(folder, "--db", str(folder / "mock.db"))
    with Client(server.port) as client:
        for number in range(100):
            assert client.submit(order("x" * 3000), f"key-{number}").status == 200
    server.stop()
    return folder / "mock.db"


@pytest.fixture
def folder(tmp_path: Path, database: Path) -> Path:
    """Where a command runs, with what some of them need."""
    shutil.copy(database, tmp_path / "mock.db")
    (tmp_path / "traffic.har").write_text(TRAFFIC)
    (tmp_path / "page.txt").write_text(page())
    return tmp_path


def told_of(words: Words, folder: Path, strange: str) -> None:
    """The command is refused, and names the strange thing in the place that it is given."""
    place = make(folder / "x" / "strange", strange)
    refused(run(filled_in(words, place), folder), place)


@pytest.mark.parametrize("strange", READ_WITH)
@pytest.mark.parametrize("words", rows(READ | IN_VALUES | DATABASES))
def test_a_file_that_cannot_be_read_is_told_by_its_name_and_nothing_waits_for_it(
    folder: Path, words: Words, strange: str
) -> None:
    if strange == "another file" and "--ignore" in words:
        pytest.skip("lines to ignore are the caller's own, and are shown where none is found")
    told_of(words, folder, strange)


@pytest.mark.parametrize("strange", [each for each in WRITTEN_WITH if each not in READ_WITH])
@pytest.mark.parametrize("words", rows(DATABASES))
def test_a_path_where_no_database_can_be_is_told_by_its_name(
    folder: Path, words: Words, strange: str
) -> None:
    told_of(words, folder, strange)


@pytest.mark.parametrize("kept", ["the file", "the folder"])
@pytest.mark.parametrize("words", rows(DATABASES))
def test_a_database_that_may_not_be_written_is_told_by_its_name(
    folder: Path, words: Words, kept: str
) -> None:
    place = folder / "x" / "mock.db"
    place.parent.mkdir()
    shutil.copy(folder / "mock.db", place)
    if kept == "the file":
        place.chmod(0o400)
    else:
        place.parent.chmod(0o500)
    refused(run(filled_in(words, place), folder), place)


@pytest.mark.parametrize("strange", [each for each in UNREADABLE if each not in READ_WITH])
def test_any_other_strange_file_is_told_by_its_name(folder: Path, strange: str) -> None:
    place = make(folder / "x" / "strange", strange)
    refused(run(["validate", place], folder), place)


@pytest.mark.parametrize("strange", [each for each in FILLED_WITH if "changed" not in each])
@pytest.mark.parametrize("words", rows(READ_FOLDERS))
def test_a_folder_that_cannot_be_read_is_told_by_its_name(
    folder: Path, words: Words, strange: str
) -> None:
    told_of(words, folder, strange)


@pytest.mark.parametrize("strange", READ_WITH[:4])
@pytest.mark.parametrize("file", ["model.json", "input.schema.json", "pricing.json"])
def test_a_strange_file_in_a_models_folder_is_told_by_its_name(
    folder: Path, file: str, strange: str
) -> None:
    model = folder / "models" / "wan2-7-r2v"
    shutil.copytree(MODEL, model)
    (model / file).unlink()
    place = make(model / file, strange)
    refused(run(["serve", "--port", "0", "--schemas", folder], folder), place)


@pytest.mark.parametrize("strange", WRITTEN_WITH)
@pytest.mark.parametrize("words", rows(WRITTEN))
def test_a_file_that_cannot_be_written_is_told_by_its_name(
    folder: Path, words: Words, strange: str
) -> None:
    told_of(words, folder, strange)


@pytest.mark.parametrize("strange", FILLED_WITH)
@pytest.mark.parametrize("words", rows(NEW))
def test_what_is_to_be_new_is_not_made_where_something_is(
    folder: Path, words: Words, strange: str
) -> None:
    told_of(words, folder, strange)


@pytest.mark.parametrize("words", rows(WRITTEN))
def test_on_a_full_disk_a_file_holds_what_it_held_and_no_half_one_is_left(
    folder: Path, words: Words
) -> None:
    (folder / "x").mkdir()
    place = folder / "x" / "file"
    before = BASELINE if "--baseline" in words else OLD
    room = ROOM if "mock.db" in words else FULL
    place.write_text(before)
    place.chmod(0o640)
    full_at(run(filled_in(words, place), folder, full=room), place)
    assert place.read_text() == before
    assert [each.name for each in place.parent.iterdir()] == ["file"]
    place.unlink()
    full_at(run(filled_in(words, place), folder, full=room), place)
    assert not list(place.parent.iterdir())


def full_at(done: "subprocess.CompletedProcess[str]", place: Path) -> None:
    refused(done, place)
    assert f"{place}: cannot be written: File too large" in done.stderr


@pytest.mark.parametrize("strange", FILLED_WITH)
@pytest.mark.parametrize("words", rows(FILLED | MADE))
def test_a_folder_that_cannot_be_filled_is_told_by_its_name(
    folder: Path, words: Words, strange: str
) -> None:
    told_of(words, folder, strange)


@pytest.mark.parametrize("strange", IN_ITS_PLACE)
@pytest.mark.parametrize("words", rows(FILLED))
def test_a_strange_file_in_a_folder_that_is_filled_is_told_by_its_name(
    folder: Path, words: Words, strange: str
) -> None:
    run(filled_in(words, folder / "filled"), folder)
    written = max((folder / "filled").iterdir())
    written.unlink()
    place = make(written, strange)
    refused(run(filled_in(words, folder / "filled"), folder), place)


@pytest.mark.parametrize("words", rows(FILLED | MADE))
def test_on_a_full_disk_a_folder_that_is_filled_is_told_by_its_file(
    folder: Path, words: Words
) -> None:
    done = run(filled_in(words, folder / "filled"), folder, full=FULL)
    refused(done, folder / "filled")
    assert "cannot be written: File too large" in done.stderr
    assert not [each for each in (folder / "filled").rglob("*") if each.is_file()]


@pytest.mark.parametrize("strange", IN_ITS_PLACE)
@pytest.mark.parametrize("words", rows(CHANGED))
def test_a_strange_file_that_would_be_replaced_is_told_by_its_name(
    folder: Path, words: Words, strange: str
) -> None:
    model = folder / "wan2-7-r2v"
    shutil.copytree(MODEL, model)
    written = model / "input.schema.json"
    written.unlink()
    make(written, strange)
    refused(run(filled_in(words, model), folder), model)


def test_a_schema_that_is_updated_on_a_full_disk_stays_what_it_was(folder: Path) -> None:
    model = folder / "wan2-7-r2v"
    shutil.copytree(MODEL, model)
    schema = model / "input.schema.json"
    before = schema.read_bytes()
    full_at(run(["drift", model, MODEL, "--update"], folder, full=FULL), schema)
    assert schema.read_bytes() == before


@pytest.mark.parametrize("strange", ["a pipe", "an endless device", "a file that may not be read"])
def test_a_document_beside_a_contract_is_told_when_it_is_exported(
    folder: Path, strange: str
) -> None:
    shipped = Path(MODEL).parents[2] / "contracts"
    shutil.copytree(shipped, folder / "contracts")
    place = make(folder / "contracts" / "strange.openapi.yaml", strange)
    contract = next((folder / "contracts").glob("*.arazzo.yaml"))
    refused(run(["verify", contract, "--export", folder / "out"], folder), place)


def test_what_is_known_is_a_list_of_the_callers_own_and_may_be_shown(folder: Path) -> None:
    place = make(folder / "x" / "strange", "another file")
    done = run(["drift", MODEL, MODEL, "--ignore", place], folder)
    assert done.returncode == 0
    assert f"{place}: nothing to ignore for" in done.stderr


def test_a_file_that_becomes_strange_while_a_server_runs_leaves_the_model_as_it_was(
    folder: Path,
) -> None:
    model = folder / "schemas" / "models" / "wan2-7-r2v"
    shutil.copytree(MODEL, model)
    server = Server(folder, "--schemas", str(folder / "schemas"))
    try:
        with Client(server.port) as client:
            for strange in ("a pipe", "an endless device", "a socket", "a folder", "another file"):
                make_in_place(model / "pricing.json", strange)
                told_by(server, model)
                assert client.submit(order("a cat"), strange).status == 200
        assert server.stop() in (0, -signal.SIGTERM)
    finally:
        server.kill()


def make_in_place(file: Path, strange: str) -> None:
    """Put something in place of what is there."""
    if file.is_dir():
        file.rmdir()
    else:
        file.unlink()
    make(file, strange)


def told_by(server: Server, model: Path) -> None:
    """The server's log names the file; then the log begins anew."""
    deadline = time.monotonic() + SOON
    while str(model / "pricing.json") not in server.log.read_text():
        assert time.monotonic() < deadline, server.log.read_text()
        (model / "beside.json").touch()  # the server may not have watched yet
        time.sleep(0.05)
    assert "Traceback" not in server.log.read_text()
    os.truncate(server.log, 0)


def test_a_database_may_be_a_link_and_what_it_leads_to_keeps_its_log_beside_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "kept").mkdir()
    link = tmp_path / "mock.db"
    link.symlink_to(tmp_path / "kept" / "real.db")
    for _ in range(2):
        server = Server(tmp_path, "--db", str(link))
        assert {each.name for each in (tmp_path / "kept").iterdir()} >= {"real.db", "real.db-wal"}
        assert server.stop() in (0, -signal.SIGTERM)
    assert (tmp_path / "kept" / "real.db").stat().st_mode & 0o777 == 0o600
