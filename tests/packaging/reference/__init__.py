"""The pages of docs/reference/, written from the code: `python -m tests.packaging.reference`."""

from collections.abc import Callable, Mapping

from tests.packaging.documents import DOCS
from tests.packaging.reference import api, commands, plugin, python, rules

FOLDER = DOCS / "reference"

#: How each page is written.
PAGES: Mapping[str, Callable[[], str]] = {
    "api.md": api.operations,
    "errors.md": api.errors,
    "control-plane.md": api.control_plane,
    "scripts.md": rules.scripts,
    "contracts.md": rules.contracts,
    "fidelity.md": rules.fidelity,
    "cli.md": commands.command_line,
    "settings.md": commands.settings,
    "pytest.md": plugin.pytest_plugin,
    "python.md": python.package,
    "strategies.md": python.strategies,
}


def page(name: str) -> str:
    """One page, whole."""
    return f"<!-- Written by `python -m tests.packaging.reference`. -->\n{PAGES[name]().rstrip()}\n"
