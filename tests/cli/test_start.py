"""How a command starts."""

import subprocess
import sys

#: What only some commands need, and what only `--version` does.
LATER = ("asyncio", "importlib.metadata", "jsonschema", "jsonschema_rs", "starlette", "uvicorn")


def test_a_command_is_known_before_what_it_may_need_is_imported() -> None:
    code = f"import sys, mock_mindvideo.cli; print([n for n in {LATER} if n in sys.modules])"
    # Without `site`, which some installed packages use to import others in every process.
    command = [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path}; {code}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]"
