"""Code of others that the page carries is what they published, and is told of."""

import pytest

from tests.browser.vendored import STATIC, VENDORED, Package, content, published, table

FILES = [(package, file) for package in VENDORED for file in package.files]


@pytest.mark.slow
@pytest.mark.parametrize(("package", "file"), FILES, ids=[file for _, file in FILES])
def test_code_of_others_is_as_it_was_published(package: Package, file: str) -> None:
    here = STATIC / package.folder / file
    assert content(here) == published(package, package.files[file]).read_bytes()


@pytest.mark.parametrize("folder", sorted({package.folder for package in VENDORED}))
def test_each_folder_tells_what_is_in_it_and_holds_nothing_else(folder: str) -> None:
    files = {file for package in VENDORED if package.folder == folder for file in package.files}
    assert {each.name for each in (STATIC / folder).iterdir()} == {*files, "README.md"}
    assert (STATIC / folder / "README.md").read_text() == table(folder)


@pytest.mark.parametrize("package", VENDORED, ids=[package.name for package in VENDORED])
def test_each_package_has_its_licence_with_it(package: Package) -> None:
    [licence] = [file for file in package.files if file.endswith(".LICENSE")]
    text = (STATIC / package.folder / licence).read_text()
    assert {"MIT": "MIT", "Apache-2.0": "Apache License"}[package.licence] in text
