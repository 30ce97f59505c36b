"""What is invented can be put right by a file or an option that fidelity.json names."""

import json
import shutil
from pathlib import Path
from typing import Any

import click
import pytest

from mock_mindvideo import Settings
from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.catalog.platforms import merge_patch
from mock_mindvideo.cli.serve import serve
from mock_mindvideo.domain.pointer import followed, steps
from mock_mindvideo.platform.data import data_folder
from mock_mindvideo.web.app import create_app
from tests.conftest import client_of
from tests.web.changing import CHANGES, Changed

SCHEMAS = data_folder("schemas")
ROWS = {each["id"]: each for each in builtin_catalog().behaviours}
PLACES = sorted({place for row in ROWS.values() for place in row.get("changed_by", ())})


def option_names() -> set[str]:
    return {
        name
        for each in serve.params
        if isinstance(each, click.Option)
        for name in (*each.opts, *each.secondary_opts)
    }


@pytest.mark.parametrize("place", PLACES)
def test_a_place_that_is_named_is_there(place: str) -> None:
    if place.startswith("--"):
        assert place in option_names()
        return
    name, _, at = place.partition("#")
    followed(json.loads((SCHEMAS / name).read_text()), at)


def test_each_invented_behaviour_that_a_place_changes_is_changed_here() -> None:
    named = {each["id"] for each in ROWS.values() if each["kind"] == "invented"}
    changeable = {each for each in named if "changed_by" in ROWS[each]}
    assert {each.id for each in CHANGES} == changeable
    for each in CHANGES:
        assert each.place in ROWS[each.id]["changed_by"]


#: Waits until a limit of the server is reached, three times.
SLOW = {"X51", "X77"}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(each, id=each.id, marks=[pytest.mark.slow] if each.id in SLOW else [])
        for each in CHANGES
    ],
)
def test_the_change_is_seen_by_a_client(change: Changed, tmp_path: Path) -> None:
    before = seen(change, {})
    assert before == seen(change, {}), "what is looked at is always the same"
    after = seen(change, settings_for(change, tmp_path))
    assert before != after


def seen(change: Changed, settings: dict[str, Any]) -> Any:
    given = {"progress": "polls", "seed": 1, **change.settings, **settings}
    demo = given.pop("demo", False)
    app = create_app(Settings(**given), demo=demo)
    return change.seen(app, client_of(app))


def settings_for(change: Changed, folder: Path) -> dict[str, Any]:
    """The settings under which the change holds; a file of the package is copied and changed."""
    if change.place.startswith("--"):
        return {change.place[2:].removeprefix("no-").replace("-", "_"): change.value}
    name, _, at = change.place.partition("#")
    file = folder / name
    file.parent.mkdir(parents=True)
    if name.startswith("models/"):
        shutil.copytree((SCHEMAS / name).parent, file.parent, dirs_exist_ok=True)
    whole = {} if name.endswith("http.json") else json.loads((SCHEMAS / name).read_text())
    file.write_text(json.dumps(with_value(whole, at, change.value)))
    return {"schemas": (folder,)}


def with_value(whole: Any, at: str, value: Any) -> Any:
    """`whole` with the value at a pointer; members beside those that are given stay."""
    for step in reversed(steps(at)):
        value = {step: value}
    return merge_patch(whole, value)
