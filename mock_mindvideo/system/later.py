"""Modules that are imported when something in them is first used.

For what a file needs in many places and most tests in none, such as an event loop. Where there is
one such place, an import inside its function says the same.
"""

import sys
from importlib import import_module
from typing import Any


class Later:
    """Stands for the module `name`; each attribute is asked of the module as it is then."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        module = sys.modules.get(self._name) or import_module(self._name)
        return getattr(module, attribute)
