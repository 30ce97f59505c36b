"""The plugin's folders: what cannot be read or written there is told, and ends the run."""

from pathlib import Path

import pytest

from tests.faults.strange import FILLED_WITH, FULL, make, run

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("strange", FILLED_WITH)
@pytest.mark.parametrize(
    "option", ["--mindvideo-pact", "--mindvideo-save", "--override-ini=mindvideo_schemas"]
)
def test_the_plugin_names_a_folder_that_it_cannot_fill_or_read(
    tmp_path: Path, option: str, strange: str
) -> None:
    place = make(tmp_path / "x" / "strange", strange)
    told(tmp_path, f"{option}={place}", str(place))


@pytest.mark.parametrize("strange", ["a pipe", "an endless device", "a file that may not be read"])
def test_the_plugin_names_a_file_among_the_pacts_that_it_cannot_read(
    tmp_path: Path, strange: str
) -> None:
    place = make(tmp_path / "pacts" / "strange.json", strange)
    told(tmp_path, f"--mindvideo-pact={place.parent}", str(place))


@pytest.mark.parametrize("option", ["--mindvideo-pact", "--mindvideo-save"])
def test_the_plugin_tells_of_a_full_disk_and_leaves_no_half_file(
    tmp_path: Path, option: str
) -> None:
    told(tmp_path, f"{option}={tmp_path / 'full'}", str(tmp_path / "full"), full=FULL)
    assert not list((tmp_path / "full").iterdir())


SUITE = """
import httpx

def test_one(mindvideo):
    auth = {"Authorization": f"Bearer {mindvideo.api_key}"}
    httpx.get(f"{mindvideo.base_url}/api/v1/tasks/none", headers=auth)
    assert not mindvideo.name
"""


def told(folder: Path, option: str, place: str, full: int | None = None) -> None:
    """A run of pytest ends red, with the place in what it prints, and tells it in one line."""
    fails = "save" in option
    (folder / "test_it.py").write_text(SUITE if fails else SUITE.replace("not ", ""))
    words = [
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        option,
        "test_it.py",
    ]
    done = run(words, folder, full=full, module=False)
    said = (done.stdout + done.stderr).replace("\n", "")
    assert done.returncode in (1, 4), said
    assert place in said, said
    assert "INTERNALERROR" not in said
    assert not [line for line in done.stderr.splitlines() if line.startswith("Traceback")]
