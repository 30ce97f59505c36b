"""YAML of any depth and any bytes, through each command that reads it: told, never a crash."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.contract.problems import ContractError
from mock_mindvideo.contract.yaml_lines import DEEPEST, read_yaml

DEEP = 100_000
NESTED = {
    "flow arrays": "[" * DEEP,
    "flow objects": "{a: " * DEEP,
    "closed arrays": "[" * DEEP + "]" * DEEP,
    "block arrays": "- " * DEEP + "x",
    "JSON": '{"a":' * DEEP + "1" + "}" * DEEP,
    "mixed": "[{a: " * DEEP,
    "explicit keys": "? " * DEEP,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", NESTED)
@pytest.mark.parametrize("command", ["verify", "drift"])
def test_deep_nesting_is_told_by_every_command(tmp_path: Path, command: str, name: str) -> None:
    file = tmp_path / "deep.arazzo.yaml"
    file.write_text(NESTED[name])
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mock_mindvideo",
            command,
            *[str(file)] * (2 if command == "drift" else 1),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 2, done
    assert "Traceback" not in done.stderr
    assert file.name in done.stderr


@given(st.integers(1, 2 * DEEPEST))
def test_the_bound_is_on_levels(tmp_path_factory: pytest.TempPathFactory, levels: int) -> None:
    file = tmp_path_factory.getbasetemp() / "levels.yaml"
    file.write_text("[" * levels + "]" * levels)
    if levels > DEEPEST:
        with pytest.raises(ContractError, match="nested"):
            read_yaml(file)
    else:
        value, _ = read_yaml(file)
        assert value == yaml.safe_load("[" * levels + "]" * levels)


@given(st.one_of(st.text(alphabet="[]{}-?:,&*!|>'\"%@ \n\t\\xuU0aé#"), st.binary()))
def test_any_text_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str | bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with suppress(ContractError):
        read_yaml(file)
