"""JSON Schema as Hypothesis strategies: valid values, and values that break exactly one rule.

A library of its own that knows nothing of the package around it:

    space = Space(Document(schema, "input.schema.json"))
    space.valid()       # a strategy of valid values
    space.invalid()     # a strategy of `InvalidInput(value, violation)`
    space.breakable     # every rule that can be broken alone
"""

from .documents import Document
from .errors import Unsupported
from .overrides import ABSENT, pinned
from .reading import Reading
from .rule_space import InvalidInput, Space
from .rules import ImpliedRule, Violation

__all__ = [
    "ABSENT",
    "Document",
    "ImpliedRule",
    "InvalidInput",
    "Reading",
    "Space",
    "Unsupported",
    "Violation",
    "pinned",
]
