"""Worlds: keys, clocks, credit."""
