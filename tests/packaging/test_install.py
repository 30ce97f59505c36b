"""`.ci/install`: the tested versions, and others where the index has lost one of them."""

import subprocess
from pathlib import Path

from tests.packaging.documents import ROOT

#: A Python whose pip knows no version of what is `lost`, and notes what it was held to.
PYTHON = r"""#!/usr/bin/env bash
while [ "$1" != --constraint ] && [ "$1" != --requirement ]; do shift; done
cat "$2" >>"$0.asked" && echo >>"$0.asked"
lost=$(grep '^lost' "$2" | head -n 1)
[ -z "$lost" ] && exit FAILS
if [ "$1" = --requirement ]; then echo "ERROR: No matching distribution found for $lost"
else echo "ERROR: ResolutionImpossible"; fi >&2
exit 1
"""


def install(folder: Path, pins: str, fails: int = 0) -> "subprocess.CompletedProcess[str]":
    """Run a copy of the script beside these constraints."""
    python = folder / "python"
    python.write_text(PYTHON.replace("FAILS", str(fails)))
    python.chmod(0o755)
    (folder / "constraints.txt").write_text(pins)
    script = folder / "install"
    script.write_bytes((ROOT / ".ci" / "install").read_bytes())
    command = ["bash", str(script), str(python), "--editable", "."]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def asked(folder: Path) -> list[str]:
    return (folder / "python.asked").read_text().split("\n\n")[:-1]


def test_if_the_index_has_all_versions_the_installation_is_silent(tmp_path: Path) -> None:
    done = install(tmp_path, "kept==1\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert asked(tmp_path) == ["kept==1"]


def test_versions_that_the_index_has_lost_are_named_and_the_others_kept(tmp_path: Path) -> None:
    done = install(tmp_path, "kept==1\nlost-a==2\nlost-b==3\n")
    assert done.returncode == 0
    assert asked(tmp_path)[-1] == "kept==1"
    assert "the index does not have lost-a==2 lost-b==3; others are installed" in done.stderr
    assert "ResolutionImpossible" not in done.stderr


def test_an_installation_that_fails_for_another_reason_shows_what_pip_says(tmp_path: Path) -> None:
    done = install(tmp_path, "kept==1\n", fails=1)
    assert done.returncode == 1
    assert len(asked(tmp_path)) == 2


def test_an_installation_that_fails_without_the_lost_versions_too_fails(tmp_path: Path) -> None:
    assert install(tmp_path, "kept==1\nlost==2\n", fails=3).returncode != 0
