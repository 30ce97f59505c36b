"""What others rely on: names, defaults, lazy imports, and documents that speak of all of it."""

import subprocess
import sys
from dataclasses import fields

import pytest

import mock_mindvideo
from mock_mindvideo import strategies
from mock_mindvideo.cli import main
from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.domain.script import MAGIC_HOSTS, WORDS
from mock_mindvideo.domain.script.magic import MAGIC_DOMAIN
from mock_mindvideo.settings import PREFIX, Settings
from tests.packaging.documents import ROOT, everything
from tests.packaging.pictures import FOLDER as IMAGES
from tests.packaging.pictures import PICTURES
from tests.packaging.reference import FOLDER, PAGES
from tests.packaging.reference import page as written_anew
from tests.web.test_fidelity import endpoints, subclasses

DOCUMENTS = everything()


@pytest.mark.parametrize("name", ["create_app", "MindVideo", "MockServer", "Settings", "World"])
def test_the_public_names_are_there(name: str) -> None:
    assert getattr(mock_mindvideo, name).__name__ == name
    assert name in mock_mindvideo.__all__
    assert name in dir(mock_mindvideo)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        mock_mindvideo.nothing  # noqa: B018


def test_importing_the_package_imports_nothing_heavy() -> None:
    heavy = "starlette uvicorn jsonschema jsonschema_rs hypothesis httpx click orjson sqlite3"
    code = f"import sys, mock_mindvideo; print([m for m in {heavy.split()!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_help_does_not_load_the_server() -> None:
    code = (
        "import sys\nfrom mock_mindvideo.cli import main\n"
        "main(['serve', '--help'], standalone_mode=False)\n"
        "print([m for m in ('starlette', 'uvicorn', 'jsonschema') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_is_documented(name: str) -> None:
    assert f"mock-mindvideo {name}" in DOCUMENTS


@pytest.mark.parametrize("name", [each.name for each in fields(Settings) if each.name != "bounds"])
def test_every_setting_is_documented(name: str) -> None:
    flag = "--no-magic" if name == "magic" else f"--{name.replace('_', '-')}"
    assert flag in DOCUMENTS
    assert f"{PREFIX}{name.upper()}" in DOCUMENTS


@pytest.mark.parametrize("code", sorted({each.code for each in subclasses(MockError)}))
def test_every_error_code_is_documented(code: str) -> None:
    assert f"`{code}`" in DOCUMENTS


@pytest.mark.parametrize("word", sorted({*WORDS, *MAGIC_HOSTS}))
def test_every_script_word_and_magic_host_is_documented(word: str) -> None:
    shown = (f"`{word}`", f"`{word}=", f"`{word}.{MAGIC_DOMAIN}`")
    assert any(each in DOCUMENTS for each in shown)


@pytest.mark.parametrize("endpoint", sorted(set(endpoints())))
def test_every_endpoint_is_documented(endpoint: str) -> None:
    assert f"`{endpoint}`" in DOCUMENTS


@pytest.mark.parametrize("name", [*mock_mindvideo.__all__, *strategies.__all__])
def test_every_name_to_import_is_documented(name: str) -> None:
    assert f"`{name}`" in DOCUMENTS


@pytest.mark.parametrize("page", list(PAGES))
def test_the_reference_is_what_the_code_says(page: str) -> None:
    written = (FOLDER / page).read_text(encoding="utf-8")
    assert written == written_anew(page), "python -m tests.packaging.reference writes it"


@pytest.mark.parametrize("name", list(PICTURES))
def test_the_pictures_are_what_the_code_says(name: str) -> None:
    drawn = (IMAGES / name).read_text(encoding="utf-8")
    assert drawn == PICTURES[name](), "python -m tests.packaging.pictures draws it"


def test_the_architecture_names_every_module_folder() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    package = ROOT / "mock_mindvideo"
    folders = [each.name for each in package.iterdir() if (each / "__init__.py").is_file()]
    for name in folders:
        assert f"{name}/" in text, name
