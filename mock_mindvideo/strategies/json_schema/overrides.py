"""Pins: properties that the caller fixes, and the rest drawn to go with them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st

from .goals import FULL
from .object_drawing import ObjectLayout, drawn
from .objects import Object
from .oracle import reported
from .rule_space import Space
from .values import Json, pointer


class _Absent(Enum):
    ABSENT = "ABSENT"

    def __repr__(self) -> str:
        return self.value


ABSENT: Final = _Absent.ABSENT
"""Leaves a property out: `valid_inputs(seed=ABSENT)`."""

_LONG = 60  # characters of a value that an error shows

# A strategy, a plain JSON value, or ABSENT.
Override: TypeAlias = Any


def pinned(space: Space, overrides: Mapping[str, Override]) -> st.SearchStrategy[dict[str, Json]]:
    """Draw valid objects in which the pinned members are as the overrides say.

    Raises:
        ValueError: a name that no valid object has, or a plain value that none has there.
    """
    shapes = [s for s in space.compiler.living(space.goal()) if isinstance(s, Object)]
    for name, override in overrides.items():
        _check_name(space, shapes, name)
        if not isinstance(override, st.SearchStrategy):
            _fitting(space, shapes, {name: override})
    plain = {n: o for n, o in overrides.items() if not isinstance(o, st.SearchStrategy)}
    fitting = _fitting(space, shapes, plain)
    layouts = [ObjectLayout(shape, each, FULL) for each in space.compilers for shape in fitting]
    return _drawn(space, layouts, dict(overrides))


@st.composite
def _drawn(
    draw: st.DrawFn,
    space: Space,
    layouts: list[ObjectLayout],
    overrides: dict[str, Override],
) -> Any:
    values = {
        name: draw(override) if isinstance(override, st.SearchStrategy) else override
        for name, override in overrides.items()
    }
    fitting = _fitting(space, [layout.shape for layout in layouts], values)
    layout = draw(st.sampled_from([layout for layout in layouts if layout.shape in fitting]))
    gone = {name for name, value in values.items() if value is ABSENT}
    kept = {name: value for name, value in values.items() if name not in gone}
    return draw(drawn(layout.without(gone), kept))


def _fitting(space: Space, shapes: list[Object], values: Mapping[str, Json]) -> list[Object]:
    fitting = [s for s in shapes if all(_fits(space, s, n, v) for n, v in values.items())]
    if not fitting:
        raise ValueError(_complaint(space, values))
    return fitting


def _fits(space: Space, shape: Object, name: str, value: Json) -> bool:
    if value is ABSENT:
        return name not in shape.required
    return space.compiler.admits(shape.of(name), value)


def _complaint(space: Space, values: Mapping[str, Json]) -> str:
    """Say which rules the values break, or that it is their combination."""
    shown = ", ".join(f"{name}={_shown(value)}" for name, value in values.items())
    given = {name: value for name, value in values.items() if value is not ABSENT}
    places = {pointer([name]) for name in given}
    broken = [
        str(violation)
        for document in space.documents
        for violation in reported(document, given)
        if f"/{violation.pointer[1:].split('/')[0]}" in places
    ]
    return f"no valid input has {shown}" + (f": breaks {', '.join(broken)}" if broken else "")


def _shown(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def _check_name(space: Space, shapes: list[Object], name: str) -> None:
    if any(shape.allows(name, space.compiler) for shape in shapes):
        return
    names = list(dict.fromkeys(known for shape in shapes for known in shape.members))
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
    raise ValueError(f"no valid input has a property {name!r}; {hint}")
