"""Stores that block: never called on an event loop."""
