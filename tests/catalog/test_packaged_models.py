"""Packaged models are loaded once for all catalogs, and again when their files change."""

import json
import shutil
from pathlib import Path

import pytest

from mock_mindvideo import catalog
from mock_mindvideo.catalog import load
from mock_mindvideo.platform.data import data_folder

SLUG = "wan2-7-r2v"


def test_two_catalogs_share_a_packaged_model(tmp_path: Path) -> None:
    shutil.copytree(data_folder("schemas") / "models" / SLUG, tmp_path / "models" / SLUG)

    assert load().models[SLUG] is load(models=("all",)).models[SLUG]
    assert load([tmp_path]).models[SLUG] is not load([tmp_path]).models[SLUG]


def test_a_packaged_model_whose_file_changed_is_loaded_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(data_folder("schemas"), tmp_path / "schemas")
    monkeypatch.setattr(catalog, "data_folder", tmp_path.joinpath)
    file = tmp_path / "schemas" / "models" / SLUG / "model.json"
    first = load().models[SLUG]

    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "title": "Another"}))

    assert load().models[SLUG].title == "Another" != first.title
