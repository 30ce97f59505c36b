"""What the mock knows, without any I/O: no clock, no randomness, no network, no async."""
