"""What the compiler refuses of the JSON Schema Test Suite's required parts, with the reasons.

Two lists. `REFUSED` are schemas of which no strategy is made at all: by the file of the suite and
the keyword that the refusal names. `UNBREAKABLE` are rules that no value breaks alone or along
with one other rule; a rule that another one implies is no refusal and does not stand here.
"""

from typing import NamedTuple


class Refusal(NamedTuple):
    """Why a keyword of one file of the suite is refused."""

    file: str
    keyword: str
    reason: str


UNEVALUATED = "which members or items it speaks of depends on what other keywords have looked at"
DYNAMIC = "what it refers to depends on the path by which its schema is reached"
METASCHEMA = "refers to the metaschema of 2020-12, which is made of dynamic references"
DIALECT = "a dialect of its own, with keywords switched off"

REFUSED = (
    Refusal("draft2020-12/unevaluatedItems", "unevaluatedItems", UNEVALUATED),
    Refusal("draft2020-12/unevaluatedProperties", "unevaluatedProperties", UNEVALUATED),
    Refusal("draft2020-12/not", "unevaluatedProperties", UNEVALUATED),
    Refusal("draft2020-12/ref", "unevaluatedProperties", UNEVALUATED),
    Refusal("draft2020-12/dynamicRef", "$dynamicRef", DYNAMIC),
    Refusal("draft2020-12/dynamicRef", "unevaluatedProperties", UNEVALUATED),
    Refusal("draft2020-12/defs", "$dynamicRef", METASCHEMA),
    Refusal("draft2020-12/ref", "$dynamicRef", METASCHEMA),
    Refusal("draft2020-12/vocabulary", "$schema", DIALECT),
)

ALWAYS = "every value holds it"
NO_CONTAINS = "asks nothing without contains beside it"
NOTE = "a note in both drafts, which a validator need not check"

# The file without its draft, the keyword, the reason.
UNBREAKABLE = (
    Refusal("anyOf", "anyOf", "one branch is true or empty, so " + ALWAYS),
    Refusal("oneOf", "oneOf", "one branch is true and the others false, so " + ALWAYS),
    Refusal("not", "not", "the schema inside is false or contradicts itself, so " + ALWAYS),
    Refusal("uniqueItems", "uniqueItems", "is false, so " + ALWAYS),
    Refusal("minContains", "contains", "minContains is 0, so " + ALWAYS),
    Refusal("minContains", "minContains", f"is 0, so {ALWAYS}; or {NO_CONTAINS}"),
    Refusal("maxContains", "maxContains", NO_CONTAINS),
    Refusal("format", "format", NOTE),
    Refusal("definitions", "format", NOTE),
    Refusal("ref", "format", NOTE),
)
