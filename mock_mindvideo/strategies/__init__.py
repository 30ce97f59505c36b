"""Hypothesis strategies: inputs, requests and answers of the MindVideo API, from its schema files.

Importing this package imports Hypothesis; nothing else in `mock_mindvideo` does.
"""

from .answers import events, histories, tasks
from .client import Backstage, BrokenPromise, Client, Conflict, Onlooker
from .control_plane import ControlPlane
from .inputs import implied_rules, invalid_inputs, valid_inputs, violations
from .json_schema.errors import Unsupported
from .json_schema.overrides import ABSENT
from .json_schema.rule_space import InvalidInput
from .json_schema.rules import ImpliedRule, Violation
from .machine import ClientMachine
from .requests import (
    IdempotencyPair,
    Request,
    idempotency_keys,
    idempotency_pairs,
    scripts,
    valid_requests,
)

__all__ = [
    "ABSENT",
    "Backstage",
    "BrokenPromise",
    "Client",
    "ClientMachine",
    "Conflict",
    "ControlPlane",
    "IdempotencyPair",
    "ImpliedRule",
    "InvalidInput",
    "Onlooker",
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
