"""A process of its own that serves until it is interrupted."""

import gc
from collections.abc import Callable

import uvicorn

from mock_mindvideo.catalog import Catalog
from mock_mindvideo.fences.uvicorn import can_supervise, stop
from mock_mindvideo.serving.configuration import configuration, tune_garbage_collection
from mock_mindvideo.serving.ending import Ending
from mock_mindvideo.serving.sockets import bind, url_of
from mock_mindvideo.serving.wire.watch import raise_limit
from mock_mindvideo.serving.workers import serve_with_workers
from mock_mindvideo.settings import Settings
from mock_mindvideo.web.app import create_app
from mock_mindvideo.web.tracing import exporters


def serve(settings: Settings, announce: Callable[[str, Catalog], None]) -> None:
    """Serve until interrupted; `announce` is given the URL and the models once connections are
    accepted.

    Raises ServerError, SettingsError for traces that cannot be had, what `create_app` raises, and
    the OSError of an `announce` that could not write.
    """
    exporters(tell=True)  # here, once, and not by each worker
    tune_garbage_collection()
    raise_limit()
    listening = bind(settings.host, settings.port)
    url = url_of(listening)
    if settings.workers > 1 and can_supervise():
        serve_with_workers(settings, listening, lambda catalog: announce(url, catalog))
        return
    app = create_app(settings, watch=True, demo=True)
    server = uvicorn.Server(configuration(settings, app))
    ending = Ending(app)
    unsaid: list[OSError] = []

    def ready() -> None:
        ending.listen()
        try:
            announce(url, app.service.catalog)
        except OSError as problem:  # raised here, it would leave the application half started
            unsaid.append(problem)
            stop(server)

    app.ready = ready
    gc.freeze()
    server.run(sockets=[listening])
    if unsaid:
        raise unsaid[0]
