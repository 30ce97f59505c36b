"""Drawing: the strategy of each kind of shape."""

from __future__ import annotations

from hypothesis import strategies as st

from .array_drawing import arrays
from .arrays import Array
from .number_drawing import numbers
from .numbers import Number
from .object_drawing import objects
from .objects import Object
from .shapes import Compiler, Literal, Shape, copied
from .string_drawing import strings
from .strings import String
from .values import Json


def strategy_of(shape: Shape, compiler: Compiler, fuel: int) -> st.SearchStrategy[Json]:
    """Draw values of a shape; with no fuel left, only flat ones."""
    match shape:
        case Literal():
            return _literals(shape, compiler)
        case Number():
            return numbers(shape, compiler)
        case String():
            return strings(shape, compiler)
        case Array():
            return arrays(shape, compiler, fuel)
        case Object():
            return objects(shape, compiler, fuel)
    raise TypeError(f"no shape: {shape!r}")


def _literals(shape: Literal, compiler: Compiler) -> st.SearchStrategy[Json]:
    """Draw one of the values, a fresh copy when it could be changed."""
    if shape.kind in ("array", "object"):
        return st.sampled_from(shape.values).map(copied)
    if len(shape.values) == 1:
        return st.just(shape.values[0])
    if shape.kind == "number":
        return compiler.leaning.any_of(sorted(shape.values))
    return st.sampled_from(shape.values)
