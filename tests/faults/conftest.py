"""Servers that end with their test."""

from tests.soak.conftest import db, serve

__all__ = ["db", "serve"]
