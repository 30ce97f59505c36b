"""Hypothesis strategies: inputs, requests and answers of the MindVideo API, from its schema files.

Importing this package imports Hypothesis; nothing else in `mock_mindvideo` does.
"""

from .answers import events, histories, tasks
from .control_plane import ControlPlane
from .errors import Unsupported
from .machine import Backstage, Client, ClientMachine, Conflict
from .models import implied_rules, invalid_inputs, valid_inputs, violations
from .pins import ABSENT
from .requests import (
    IdempotencyPair,
    Request,
    idempotency_keys,
    idempotency_pairs,
    scripts,
    valid_requests,
)
from .rules import ImpliedRule, Violation
from .spaces import InvalidInput

__all__ = [
    "ABSENT",
    "Backstage",
    "Client",
    "ClientMachine",
    "Conflict",
    "ControlPlane",
    "IdempotencyPair",
    "ImpliedRule",
    "InvalidInput",
    "Request",
    "Unsupported",
    "Violation",
    "events",
    "histories",
    "idempotency_keys",
    "idempotency_pairs",
    "implied_rules",
    "invalid_inputs",
    "scripts",
    "tasks",
    "valid_inputs",
    "valid_requests",
    "violations",
]
