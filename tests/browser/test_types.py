"""The page's files hold to the types that their comments name, by TypeScript's own compiler."""

import shutil
import subprocess
from pathlib import Path

import pytest

import mock_mindvideo.web.page
from tests.npm import npm_folder

pytestmark = pytest.mark.slow

STATIC = Path(mock_mindvideo.web.page.__file__).parent / "static"
HERE = Path(__file__).parent

#: The vendored files, with the types of the packages that they are from.
TYPED = {
    "preact": 'export * from "preact";\n',
    "htm": 'import htm from "htm";\nexport default htm;\n',
}


def checked(folder: Path, static: Path) -> "subprocess.CompletedProcess[str]":
    """What `tsc --checkJs` says of the files in `static`, put beside the packages' types."""
    packages = npm_folder("typescript@5.7.3", "preact@10.27.2", "htm@3.1.1")
    (folder / "node_modules").symlink_to(packages / "node_modules")
    shutil.copytree(static, folder / "static")
    for name, text in TYPED.items():
        (folder / "static" / "vendor" / f"{name}.js").unlink()
        (folder / "static" / "vendor" / f"{name}.d.ts").write_text(text)
    shutil.copy(HERE / "tsconfig.json", folder)
    tsc = folder / "node_modules" / ".bin" / "tsc"
    command = [str(tsc), "-p", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)


def test_the_page_has_no_wrong_type(tmp_path: Path) -> None:
    done = checked(tmp_path, STATIC)
    assert done.returncode == 0, done.stdout


def test_a_wrong_type_is_found(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    shutil.copytree(STATIC, wrong)
    with (wrong / "show.js").open("a") as file:
        file.write("clockTime(1);\n")
    (tmp_path / "checked").mkdir()
    done = checked(tmp_path / "checked", wrong)
    assert "show.js" in done.stdout
