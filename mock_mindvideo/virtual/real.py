"""Real time and real waits, whatever is replaced in the modules that everybody uses.

A second instance of the module `time` has functions of its own over the same code in C.
"""

import _thread
import importlib
import importlib.util
from types import ModuleType
from typing import Any


def second_instance(name: str) -> ModuleType:
    """Another instance of a module in C; the module itself where it has but one."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        return importlib.import_module(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


#: The module `time` as it is without anybody's patches of names.
time: Any = second_instance("time")

#: A lock that is always itself.
allocate_lock = _thread.allocate_lock

monotonic = time.monotonic

#: The module `select` likewise.
selecting: Any = second_instance("select")

select = selecting.select
