"""Benchmarks: how the mock compares with bare uvicorn, WireMock and Prism, side by side."""
