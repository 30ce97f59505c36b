"""Hypothesis strategies: inputs, requests and answers of the MindVideo API, from its schema files.

Importing this package imports Hypothesis; nothing else in `mock_mindvideo` does.
"""

from .errors import Unsupported
from .models import implied_rules, invalid_inputs, valid_inputs, violations
from .pins import ABSENT
from .rules import ImpliedRule, Violation
from .spaces import InvalidInput

__all__ = [
    "ABSENT",
    "ImpliedRule",
    "InvalidInput",
    "Unsupported",
    "Violation",
    "implied_rules",
    "invalid_inputs",
    "valid_inputs",
    "violations",
]
