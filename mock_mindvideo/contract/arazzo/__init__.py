"""Arazzo 1.0: the part that the contracts need, read strictly; the rest is refused by name."""
