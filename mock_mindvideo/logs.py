"""The log of a server: readable lines on stderr."""

import logging
import sys


def configure_logs(level: str) -> None:
    """Send what the mock and uvicorn log to stderr, at `level` and above."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S"))
    for name in ("mock_mindvideo", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
    logging.getLogger("mock_mindvideo").setLevel(level.upper())
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
