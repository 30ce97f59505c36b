"""Functions and methods that are written in C, led elsewhere, as read in CPython 3.11 to 3.14.

A name that was bound before (`from time import sleep`, a default argument, a partial) is the same
object, so the object itself is changed. Its fields are looked at first; where they are not as
expected, nothing is touched.
"""

import ctypes
import gc
import platform
from collections.abc import Callable
from types import BuiltinFunctionType, ModuleType
from typing import Any

from mock_mindvideo.fences.fence import Gone

Undo = Callable[[], None]

#: METH_VARARGS | METH_KEYWORDS, the convention of PyObject_Call.
_ARGUMENTS_AND_KEYWORDS = 0x3


class _Definition(ctypes.Structure):
    """PyMethodDef."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("method", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    )


class _Function(ctypes.Structure):
    """PyCFunctionObject behind the head that all objects have."""

    _fields_ = (
        ("definition", ctypes.c_void_p),
        ("owner", ctypes.c_void_p),
        ("module", ctypes.c_void_p),
        ("weak_references", ctypes.c_void_p),
        ("call", ctypes.c_void_p),
    )


class Elsewhere(ModuleType):
    """What a function is led to: its class says by `__call__` what happens.

    It is a module, since functions in C belong to one, by which pickle finds them.
    """


def lead(function: Any, elsewhere: Elsewhere) -> Undo:
    """Let every call of a function in C call `elsewhere` instead; raises Gone."""
    fields = _fields_of(function)
    there = ctypes.cast(fields.definition, ctypes.POINTER(_Definition)).contents
    definition = _Definition(
        there.name,
        ctypes.cast(ctypes.pythonapi.PyObject_Call, ctypes.c_void_p).value,
        _ARGUMENTS_AND_KEYWORDS,
        there.doc,
    )
    before = fields.definition, fields.owner, fields.call
    after = ctypes.addressof(definition), id(elsewhere), None
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(elsewhere))  # the function holds it from now on
    fields.definition, fields.owner, fields.call = after

    def undo(kept: object = (function, definition, elsewhere)) -> None:
        fields.definition, fields.owner, fields.call = before
        ctypes.pythonapi.Py_DecRef(ctypes.py_object(elsewhere))

    return undo


def twin(function: Any) -> Any:
    """Another function over the same code in C, which stays when this one is led; raises Gone."""
    fields = _fields_of(function)
    make = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.py_object, ctypes.py_object)
    new = make(("PyCFunction_NewEx", ctypes.pythonapi))
    return new(fields.definition, function.__self__, function.__module__)


def _fields_of(function: Any) -> _Function:
    if platform.python_implementation() != "CPython" or type(function) is not BuiltinFunctionType:
        raise Gone(f"{function!r} is no function in C")
    fields = _Function.from_address(id(function) + object.__basicsize__)
    name = ctypes.cast(fields.definition, ctypes.POINTER(_Definition)).contents.name
    if name != function.__name__.encode() or fields.owner != id(function.__self__):
        raise Gone(f"the fields of {function!r}")
    return fields


def replace_method(kind: type, name: str, method: Callable[..., Any]) -> Undo:
    """Replace a method of a class in C, for all its objects; raises Gone."""
    members = next(iter(gc.get_referents(kind.__dict__)), None)
    if not isinstance(members, dict) or members.get(name) is not kind.__dict__.get(name):
        raise Gone(f"the members of {kind!r}")
    if name not in members:
        raise Gone(f"{kind!r}.{name}")
    original = members[name]

    def put(value: object) -> None:
        members[name] = value
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))

    put(method)
    return lambda: put(original)
