"""A model folder that somebody has only begun is told, and stops no other."""

import codecs
import json
import logging
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.catalog import CatalogError, load
from mock_mindvideo.catalog.model import NEEDED
from mock_mindvideo.domain.errors import UnknownModel

from .broken import INPUT, MODEL, PRICING
from .folders import SLUG, changed, write


@pytest.mark.parametrize("content", [None, ""])
@pytest.mark.parametrize("name", NEEDED)
def test_what_a_folder_lacks_is_told_and_the_others_load(folder, caplog, name, content):
    place = folder(**{name: content})
    catalog = load([place])

    file = place / "models" / SLUG / name
    what = "is missing" if content is None else "is empty"
    told = f"{file}#: {what}; a model needs model.json, input.schema.json and pricing.json"
    assert set(catalog.models) == set(load().models)
    assert str(catalog.unfinished[SLUG]) == told
    assert [each.getMessage() for each in caplog.records] == [f"model '{SLUG}' is left out: {told}"]


def test_an_empty_folder_is_told(tmp_path):
    (tmp_path / "models" / "soon").mkdir(parents=True)

    assert list(load([tmp_path]).unfinished) == ["soon"]


def test_who_asks_for_an_unfinished_model_hears_what_it_lacks(folder):
    with pytest.raises(UnknownModel, match=r"no model 'tiny-image' \(.*pricing.json#: is missing"):
        load([folder(**{PRICING: None})]).model(SLUG)


def test_a_model_stays_as_it_was_while_its_files_are_written_anew(folder, caplog):
    place = folder()
    last = load([place])
    write(place, **{INPUT: "", **changed(MODEL, "/title", "New")})
    while_writing = load([place], last)
    write(place, **changed(MODEL, "/title", "New"))

    assert while_writing.model(SLUG) is last.model(SLUG)
    assert "stays as it was: " in caplog.text
    assert load([place], while_writing).model(SLUG).title == "New"


def test_a_changed_model_is_taken_over_beside_an_unfinished_one(folder):
    place = folder()
    last = load([place])
    write(place, **changed(MODEL, "/title", "New"))
    (place / "models" / "soon").mkdir()

    assert load([place], last).model(SLUG).title == "New"


def test_a_model_whose_folder_is_gone_is_gone(folder):
    place = folder()
    last = load([place])
    shutil.rmtree(place / "models" / SLUG)

    assert SLUG not in load([place], last).models


def test_an_unfinished_copy_leaves_the_packaged_model(tmp_path, caplog):
    caplog.set_level(logging.WARNING)
    (tmp_path / "models" / "wan2-7-r2v").mkdir(parents=True)

    assert load([tmp_path]).models.keys() == load().models.keys()
    assert "model 'wan2-7-r2v' stays as it was" in caplog.text


def test_folders_of_editors_and_version_control_are_no_models(tmp_path):
    for name in (".git", "__pycache__"):
        (tmp_path / "models" / name).mkdir(parents=True)

    assert not load([tmp_path]).unfinished


def test_a_file_that_is_wrong_is_still_refused(folder):
    with pytest.raises(CatalogError, match="is not JSON"):
        load([folder(**{PRICING: '{"rate": }'})])


@pytest.mark.parametrize("content", [" \n", "\0" * 512, "\ufeff"])
def test_a_file_that_only_looks_full_is_empty(folder, content):
    assert "pricing.json#: is empty;" in str(load([folder(**{PRICING: content})]).unfinished[SLUG])


@given(data=st.data())
def test_a_file_that_is_cut_anywhere_is_told_and_stops_no_other(data):
    whole = json.dumps({"a": ["}]", {"b": '"\\'}], "c": 1.5})
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "models" / "tiny"
        folder.mkdir(parents=True)
        for name in NEEDED:
            (folder / name).write_text(whole[: data.draw(st.integers(0, len(whole) - 1))])
        problem = load([Path(place)]).unfinished["tiny"]

    assert problem.reason.startswith(("is empty;", "ends too early;"))


@pytest.mark.timeout(120)
def test_a_pipe_is_refused_and_not_waited_for(folder):
    place = folder(**{PRICING: None})
    os.mkfifo(place / "models" / SLUG / PRICING)

    with pytest.raises(CatalogError, match=r"pricing.json#: is no file"):
        load([place])


def test_a_byte_order_mark_is_read_over(folder):
    place = folder()
    for file in (place / "models" / SLUG).iterdir():
        file.write_bytes(codecs.BOM_UTF8 + file.read_bytes())

    assert load([place]).model(SLUG)
