"""Contracts of what is invented are kept in any dialect that says the same in other words."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.cli import main
from mock_mindvideo.domain.dialect import filled
from mock_mindvideo.domain.dialect.template import read_back
from tests.platform.dialects import NAMES, folder_for

#: Facts of the documentation that a dialect contradicts: it is an error to speak so.
CONTRADICTED = {
    "numbered codes": {"D02", "D03", "D04", "D06"},
    "words for states": {"D08"},
    "more members": {"D12", "D13"},
    "tasks in a wrapper": {"D04", "D05", "D06", "D08", "D12"},
    "model-studio": {"D08"},
}

#: What a dialect does not say at all, or not in these places.
UNSAID = {
    "an unmarked replay": {"X01"},
    "media types": {"X02"},
    "numbered codes": {"X02", "X04", "X13", "X17"},
    "words for states": {"X25"},
    "no stream": {"X21", "X23", "X39"},
    "other events": {"X21", "X23", "X39"},
    "lines of JSON": {"X21", "X23", "X39"},
    "single states": {"I07", "X25"},
    "refusals as a page": {"X02", "X03", "X04", "X14", "X17"},
    "refusals without a body": {"X02", "X03", "X17"},
    "requests without a name": {"X01", "X03"},
    "a stream alone": {"X21", "X22", "X23"},
    "apimart": {"X03", "X17"},
    "model-studio": {"X17"},
}

#: Those that are tried each time.
QUICK = {"statuses", "problem details", "headers of limits", "apimart", "model-studio"}


@pytest.mark.parametrize(
    "name",
    [pytest.param(each, marks=[] if each in QUICK else [pytest.mark.slow]) for each in NAMES],
)
def test_contracts_are_kept_but_where_the_dialect_says_otherwise(name: str, tmp_path: Path) -> None:
    done = verify(folder_for(name, tmp_path))
    facts = {
        fact["id"]
        for workflow in json.loads(done.stdout)["workflows"]
        for finding in workflow.get("findings", ())
        for fact in finding["facts"]
    }
    broken = {each for each in facts if each.startswith("D")}
    assert broken <= CONTRADICTED.get(name, set())
    assert bool(broken) == (name in CONTRADICTED)
    if not broken:  # a workflow ends where a documented fact is broken
        assert facts == UNSAID.get(name, set())
    assert done.exit_code == (1 if broken else 0)


def verify(folder: Path) -> Any:
    words = ["verify", "--schemas", str(folder), "--json"]
    return CliRunner(env={"GITHUB_ACTIONS": ""}).invoke(main, words)


named = st.sampled_from(["one", "two", "three"])
texts = named.map(lambda name: f"<{{{name}}}>")
leaves = st.one_of(named.map(lambda name: f"{{{name}}}"), texts, st.booleans(), st.integers())
templates = st.recursive(
    leaves, lambda inner: st.dictionaries(st.text("abc", max_size=2), inner, max_size=3)
)
values = st.fixed_dictionaries({name: st.text("xyz <>") for name in ("one", "two", "three")})


@given(templates, values)
def test_what_a_template_said_is_read_back(template: Any, said: dict[str, str]) -> None:
    found = read_back(template, filled(template, said))
    assert found is not None
    assert found.items() <= said.items()


@given(values)
def test_what_a_template_cannot_have_said_is_not_read(said: dict[str, str]) -> None:
    template = {"fixed": 1, "text": "a {one} b", "inner": {"two": "{two}"}}
    told = filled(template, said)
    for other in (
        {**told, "fixed": 2},
        {**told, "text": "none"},
        {**told, "more": 1},
        {**told, "inner": []},
    ):
        assert read_back(template, other) is None
