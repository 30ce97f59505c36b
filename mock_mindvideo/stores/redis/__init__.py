"""Worlds in Redis or Valkey."""
