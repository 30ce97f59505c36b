"""Contracts: the same checks for the mock, for recorded traffic and for the real API.

Knows neither the server nor its stores: what answers a request is handed in as a `Transport`.
"""
