"""Running the command inside this process."""

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mock_mindvideo.cli import main

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def run() -> Run:
    """Runs `mock-mindvideo` with arguments, and with `input` on stdin."""

    def invoke(*arguments: object, input: bytes = b"", **environ: Any) -> Result:
        return CliRunner(env=environ).invoke(main, [str(each) for each in arguments], input=input)

    return invoke
