"""A broken file is told by file, pointer and reason, whatever is wrong with it."""

from pathlib import Path

import pytest

from mock_mindvideo.catalog import CatalogError, builtin_catalog, load

from .broken import BROKEN, INPUT, MODEL, PRICING
from .folders import RIGHT, SLUG, load_tiny


@pytest.mark.parametrize(("files", "name", "pointer", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_told_by_file_pointer_and_reason(folder, files, name, pointer, reason):
    with pytest.raises(CatalogError) as refused:
        load([folder(**files)])

    error = refused.value
    assert error.file.name == name
    assert pointer is None or error.pointer == pointer
    assert error.reason.startswith(reason)
    assert error.reason
    assert str(error) == f"{error.file}#{error.pointer}: {error.reason}"


def test_the_table_is_about_a_model_that_is_right_but_for_one_thing(folder):
    assert load_tiny(folder()).example == RIGHT[MODEL]["example"]


def test_a_folder_without_models_is_told_how_to_lay_it_out(tmp_path):
    with pytest.raises(CatalogError) as refused:
        load([tmp_path])

    assert str(refused.value) == (
        f"{tmp_path / 'models'}#: no such folder; lay it out as DIR/models/<slug>/model.json"
    )


@pytest.mark.parametrize("name", [MODEL, INPUT, PRICING])
def test_a_folder_where_a_file_should_be_is_told(folder, name):
    place: Path = folder(**{name: None})
    (place / "models" / SLUG / name).mkdir()
    with pytest.raises(CatalogError) as refused:
        load([place])

    assert refused.value.reason == "cannot be read: Is a directory"


def test_a_broken_folder_leaves_the_packaged_models_as_they_are(folder):
    before = load()
    with pytest.raises(CatalogError):
        load([folder(**{MODEL: '{"slug"}'})])

    assert set(load().models) == set(before.models) == set(builtin_catalog().models)
