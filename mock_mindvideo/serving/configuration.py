"""How uvicorn is set up, and the process around it."""

import gc
import logging
import math
from collections.abc import Callable

import uvicorn

from mock_mindvideo.fences.uvicorn import connection
from mock_mindvideo.serving.sockets import BACKLOG
from mock_mindvideo.serving.wire import Protocol
from mock_mindvideo.settings import Settings

#: Seconds a worker may leave its supervisor without an answer; a busy machine takes long.
PATIENCE = 30


def configuration(settings: Settings, app: Callable[..., object], **more: object) -> uvicorn.Config:
    """uvicorn's configuration: its own logs only for warnings, the mock writes a log itself."""
    return uvicorn.Config(
        app,
        http=connection(Protocol),
        ws="none",
        lifespan="on",
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the guard reads them itself, and trusts none
        timeout_graceful_shutdown=math.ceil(settings.drain_timeout) + 1,
        timeout_worker_healthcheck=PATIENCE,
        backlog=BACKLOG,
        **more,  # type: ignore[arg-type]
    )


def tune_garbage_collection() -> None:
    """Fewer, smaller collections. For a process of its own: the settings are process-wide.

    Requests leave next to no cycles behind, so the young generation may be large; and what was
    imported is frozen by the caller, so that no full collection walks over it.
    """
    gc.collect()
    gc.set_threshold(20_000, 20, 50)
