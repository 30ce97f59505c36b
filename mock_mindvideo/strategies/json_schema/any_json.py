"""Any JSON value: what is drawn where a schema asks for nothing."""

from __future__ import annotations

from hypothesis import strategies as st

from .text_drawing import CHARACTERS
from .values import Json

_NAMES = st.text(CHARACTERS, max_size=6)
SCALARS: st.SearchStrategy[Json] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(CHARACTERS, max_size=12),
)
ANY_JSON: st.SearchStrategy[Json] = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=3),
    st.dictionaries(_NAMES, SCALARS, max_size=3),
)
