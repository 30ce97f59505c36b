"""JSON documents, many spellings of each, and when two of them are equal as JSON values."""

import json
from fractions import Fraction
from typing import Any, NamedTuple

from hypothesis import strategies as st

from .making import LETTERS


class Number(NamedTuple):
    """A number by one of its spellings."""

    token: str


#: Numbers of which many are equal, close, or beyond what 64 bits or a double hold exactly.
TOKENS = (
    *("0", "-0", "0.0", "0e5", "-0.0E-3", "0e99999999", "1e-400"),
    *("1", "1.0", "1e0", "10e-1", "0.1e1", "1.0000000000000000000000", "-1", "-1.0"),
    *("0.99999999999999999999", "0.1", "1e-1", "0.10000000000000000001", "0.5"),
    *("9007199254740992", "9007199254740993", "9007199254740993.0", "9007199254740993.5"),
    *("18446744073709551615", "18446744073709551616", "18446744073709551616.0"),
    *("1e30", "1" + "0" * 30, "1E+30", "1000000000000000019884624838656"),
    *("1e308", "1" + "0" * 308, "1" + "0" * 308 + ".5", "123456789.125", "1.23456789125e8"),
)

numbers = st.sampled_from(TOKENS).map(Number)
texts = st.text('aé"\\/\n图😀', max_size=3) | st.text(LETTERS, max_size=5)
atoms = numbers | texts | st.booleans() | st.none()
documents = st.recursive(
    atoms,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("abcé") | texts, inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def spelled(draw: st.DrawFn, document: Any) -> str:
    """`document` as JSON text, with any white space, order of keys and escapes."""
    space = draw(st.sampled_from(["", " ", "\n\t", "\r\n"]))
    match document:
        case Number(token):
            return space + token + space
        case dict():
            names = draw(st.permutations(sorted(document)))
            members = [f"{draw(spelled(name))}:{draw(spelled(document[name]))}" for name in names]
            return f"{space}{{{space}{','.join(members)}}}"
        case list():
            return f"[{','.join([draw(spelled(each)) for each in document])}{space}]{space}"
        case _:
            return space + json.dumps(document, ensure_ascii=draw(st.booleans())) + space


def number(token: str) -> int | float:
    """A whole number as itself, any other one as the nearest double, whole or not.

    That is what a reader of JSON can be asked to keep.
    """
    digits = token.lower().partition("e")[0]
    exact = Fraction(token) if Fraction(digits) else Fraction(0)
    nearest = exact if exact == int(exact) else Fraction(float(token))
    return int(nearest) if nearest == int(nearest) else float(nearest)


def value_of(text: str) -> Any:
    """What a JSON text stands for, by the standard library's reader."""
    return json.loads(text, parse_float=number)


def meaning(text: str) -> Any:
    """What a JSON text stands for, so that equal meanings are equal JSON values."""

    def tagged(value: Any) -> Any:
        match value:
            case dict():
                return "object", frozenset((name, tagged(each)) for name, each in value.items())
            case list():
                return "array", tuple(map(tagged, value))
            case bool():
                return "boolean", value
            case int() | float():
                return "number", value
            case _:
                return type(value).__name__, value

    return tagged(value_of(text))
