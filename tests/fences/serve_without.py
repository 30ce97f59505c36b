"""The command where uvicorn lacks names: `python -m tests.fences.serve_without NAME,… serve …`."""

import sys

import pytest

from mock_mindvideo.cli import main
from tests.fences.uvicorn_names import CONNECTION, STOP, WORKERS

if __name__ == "__main__":
    for name in sys.argv.pop(1).split(","):
        (CONNECTION | STOP | WORKERS)[name](pytest.MonkeyPatch())
    main()
