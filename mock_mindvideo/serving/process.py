"""A process of its own that serves until it is interrupted."""

import gc
import sys
from collections.abc import Callable

import uvicorn

from mock_mindvideo.catalog import Catalog, catalog_of
from mock_mindvideo.fences.uvicorn import can_supervise, stop
from mock_mindvideo.serving.configuration import configuration, tune_garbage_collection
from mock_mindvideo.serving.ending import Ending
from mock_mindvideo.serving.sockets import bind, url_of
from mock_mindvideo.serving.spend import spend_told
from mock_mindvideo.serving.wire.watch import raise_limit
from mock_mindvideo.serving.workers import serve_with_workers
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores import Store, open_store
from mock_mindvideo.web.app import create_app
from mock_mindvideo.web.tracing import exporters


def serve(settings: Settings, announce: Callable[[str, Catalog], None]) -> None:
    """Serve until interrupted; `announce` is given the URL and the models once connections are
    accepted. At the end of a load test stderr has what it would have cost.

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
        if settings.under_load:
            _say_spend_of_workers(settings)
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
    if settings.under_load:
        app.over = lambda: _say_spend(app.store, app.service.catalog)
    gc.freeze()
    server.run(sockets=[listening])
    if unsaid:
        raise unsaid[0]


def _say_spend(store: Store, catalog: Catalog) -> None:
    if (told := spend_told(store, catalog.lifecycle)) is not None:
        sys.stderr.write(f"{told}\n")


def _say_spend_of_workers(settings: Settings) -> None:
    """Of what they left in the store that they shared."""
    catalog = catalog_of(settings.schemas, settings.models, settings.contested)
    store = open_store(settings, catalog.lifecycle, existing=True)
    try:
        _say_spend(store, catalog)
    finally:
        store.close()
