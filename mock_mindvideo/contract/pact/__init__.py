"""Pact consumer files from what a test's journal shows."""

from mock_mindvideo.contract.pact.consumer import Version, consumer_pact, write_pact

__all__ = ["Version", "consumer_pact", "write_pact"]
