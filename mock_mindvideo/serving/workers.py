"""Several processes that serve one socket, under a supervisor."""

import gc
import multiprocessing
import signal
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.serving.configuration import configuration, tune_garbage_collection
from mock_mindvideo.serving.ending import LAST, Ending
from mock_mindvideo.serving.logs import configure_logs
from mock_mindvideo.settings import Settings
from mock_mindvideo.web.app import App, create_app, create_worker


def serve_with_workers(
    settings: Settings, listening: socket.socket, ready: Callable[[Catalog], None]
) -> None:
    from mock_mindvideo.fences.supervisor import supervise  # noqa: PLC0415 - where it can be had

    app = create_app(settings, demo=True)  # adopts the stored worlds once, before any worker runs
    app.store.close()
    with TemporaryDirectory(prefix="mock-mindvideo-") as shared:
        made = partial(worker, settings, Path(shared))
        config = configuration(settings, made, factory=True, workers=settings.workers)
        most = settings.drain_timeout + LAST
        supervise(config, listening, lambda: ready(app.service.catalog), most)


def worker(settings: Settings, shared: Path) -> App:
    """What each of several processes serves; `shared` is a folder that all of them have."""
    configure_logs(settings.log_level, settings.log_format)
    for name in ("SIGINT", "SIGHUP"):  # a terminal tells every process; the supervisor decides
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    Thread(target=_end_with_parent, name="mock-mindvideo-parent", daemon=True).start()
    tune_garbage_collection()
    app = create_worker(settings, shared)
    app.ready = Ending(app, worker=True).listen
    gc.freeze()
    return app


def _end_with_parent() -> None:
    """End this worker in order when its supervisor is gone, so that it does not keep the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        signal.raise_signal(signal.SIGTERM)
