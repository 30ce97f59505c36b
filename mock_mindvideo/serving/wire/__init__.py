"""The HTTP/1.1 connection under uvicorn."""

from mock_mindvideo.serving.wire.protocol import Protocol

__all__ = ["Protocol"]
