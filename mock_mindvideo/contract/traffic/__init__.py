"""Recorded traffic against the contract: HAR files, and journals of the mock."""
