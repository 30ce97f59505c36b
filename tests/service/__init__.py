"""Use cases: submit, look, move, account."""
