"""What a run may cost."""

from decimal import Decimal, InvalidOperation

from mock_mindvideo.cli.problems import fail


def read_budget(text: str | None) -> Decimal:
    """The amount in US dollars, 0 without one; misuse ends the command."""
    try:
        budget = Decimal(text or "0")
    except InvalidOperation:
        budget = Decimal(-1)
    if not (budget.is_finite() and budget >= 0):
        fail(f"--max-spend must be an amount in US dollars like 2.50; it is {text!r}")
    return budget
