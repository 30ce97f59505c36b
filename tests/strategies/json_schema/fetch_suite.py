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
            _unpack(packed, Path(folder))
        (unpacked,) = Path(folder).glob("jsonschema-*/json")
        shutil.rmtree(home, ignore_errors=True)
        unpacked.rename(home)


def _unpack(packed: tarfile.TarFile, folder: Path) -> None:
    """Write the suite's files; `extractall` has its `filter` from Python 3.11.4 on."""
    for member in packed:
        content = packed.extractfile(member) if "/json/" in member.name else None
        if content is not None and ".." not in member.name:
            file = folder / member.name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.read())


def _download(folder: Path) -> None:
    wanted = f"jsonschema=={version('jsonschema')}"
    asked = ["download", "--quiet", "--no-deps", "--no-binary", "jsonschema", "--dest"]
    # Its own build back end is fetched by pip; nothing is built, only the metadata is read.
    subprocess.run([sys.executable, "-m", "pip", *asked, str(folder), wanted], check=True)


if __name__ == "__main__":
    print(suite())
