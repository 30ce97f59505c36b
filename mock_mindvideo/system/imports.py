"""Being told when a module is imported, without importing it.

What is imported already is told of at the start. The finder stands in front of `sys.meta_path`,
lets the others find the module, and speaks up once its code has run.
"""

import sys
from collections.abc import Callable, Collection, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

#: What is told.
Tell = Callable[[ModuleType], None]


class ImportWatch(MetaPathFinder):
    """Tells of the modules `names`."""

    def __init__(self, names: Collection[str], tell: Tell) -> None:
        self._names = names
        self._tell = tell

    def start(self) -> None:
        """Tell of what is imported already, and from now on of the rest."""
        sys.meta_path.insert(0, self)
        for name in self._names:
            module = sys.modules.get(name)
            if module is not None and not _is_loading(module):
                self._tell(module)

    def stop(self) -> None:
        """Stop telling of imports."""
        if self in (sys.meta_path or ()):  # which is None where Python ends
            sys.meta_path.remove(self)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """What the finders behind this one find, with a loader that tells."""
        if name not in self._names:
            return None
        for finder in sys.meta_path[sys.meta_path.index(self) + 1 :]:
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Telling(spec.loader, self._tell)
                return spec
        return None


class _Telling(Loader):
    """Loads as `loader` does, which the module has for its own afterwards."""

    def __init__(self, loader: Any, tell: Tell) -> None:
        self._loader = loader
        self._tell = tell

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None  # noqa: S101 - the import system has set it
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._tell(module)


def _is_loading(module: ModuleType) -> bool:
    return bool(getattr(module.__spec__, "_initializing", False))
