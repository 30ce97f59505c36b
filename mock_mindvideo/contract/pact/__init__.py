"""Pact consumer files from what a test's journal shows."""

from mock_mindvideo.contract.pact.consumer import PactVersion, consumer_pact, write_pact

__all__ = ["PactVersion", "consumer_pact", "write_pact"]
