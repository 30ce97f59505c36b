"""Fetch the JSON Schema Test Suite, which travels in jsonschema's source distribution.

`python -m tests.strategies.json_schema.fetch_suite` puts it into `.build/json-schema-test-suite`;
the tests do that by themselves when it is missing. `JSON_SCHEMA_TEST_SUITE` names another copy.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[3]
HOME = ROOT / ".build" / "json-schema-test-suite"


def suite() -> Path:
    """The suite's folder, with `tests/` and `remotes/`; fetched if it is not there yet."""
    named = os.environ.get("JSON_SCHEMA_TEST_SUITE")
    if named:
        return Path(named)
    if not (HOME / "tests").is_dir():
        fetch(HOME)
    return HOME


def fetch(home: Path) -> None:
    """Download the source of the installed jsonschema and keep its suite."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        _download(Path(folder))
        (archive,) = Path(folder).glob("jsonschema-*.tar.gz")
        with tarfile.open(archive) as packed:
            inside = [each for each in packed.getmembers() if "/json/" in each.name]
            packed.extractall(folder, [each for each in inside if each.isfile()], filter="data")
        (unpacked,) = Path(folder).glob("jsonschema-*/json")
        shutil.rmtree(home, ignore_errors=True)
        unpacked.rename(home)


def _download(folder: Path) -> None:
    wanted = f"jsonschema=={version('jsonschema')}"
    asked = ["download", "--quiet", "--no-deps", "--no-binary", "jsonschema", "--dest"]
    # Its own build back end is fetched by pip; nothing is built, only the metadata is read.
    subprocess.run([sys.executable, "-m", "pip", *asked, str(folder), wanted], check=True)


if __name__ == "__main__":
    print(suite())
