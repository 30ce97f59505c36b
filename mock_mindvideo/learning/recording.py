"""Running the recording proxy until it is interrupted."""

import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import uvicorn

from mock_mindvideo.catalog import load
from mock_mindvideo.contract.http_transport import trusted
from mock_mindvideo.contract.prices import WorstPrices
from mock_mindvideo.contract.target import check_base_url, is_loopback
from mock_mindvideo.learning.guarding import SpendGuard
from mock_mindvideo.learning.har import HarFile
from mock_mindvideo.learning.proxy import SILENCE, Lasting, RecordingProxy
from mock_mindvideo.serving.sockets import bind, url_of

#: What the target answers is passed on, and nothing of the proxy's own beside it.
_QUIET: Mapping[str, Any] = {
    "log_level": "critical",
    "access_log": False,
    "ws": "none",
    "server_header": False,
    "date_header": False,
    "timeout_graceful_shutdown": 5,
}


class RecordedTotals(NamedTuple):
    """What came of it: how many exchanges, and the worst case of what they cost."""

    exchanges: int
    spent: Decimal


def record(
    base_url: str,
    budget: Decimal,
    out: Path,
    port: int,
    cacert: Path | None,
    began: Callable[[str, str], None],
    told: Callable[[str], None],
) -> RecordedTotals:
    """Listen on this machine, and pass on to `base_url` until a signal comes.

    `began` is called with the address and that of the target, `told` with a line about each
    request. Raises TargetError and ServerError.
    """
    url = check_base_url(base_url)
    guard = SpendGuard(budget, WorstPrices(load(models=("all",))))
    verify = trusted(cacert) or True
    listening = bind("127.0.0.1", port)
    try:
        file = HarFile(out)
    except Exception:
        listening.close()
        raise
    client = httpx.AsyncClient(
        trust_env=not is_loopback(url), follow_redirects=False, verify=verify, timeout=SILENCE
    )
    proxy = RecordingProxy(url, client, guard, file, told)
    application = Lasting(proxy, client, lambda: began(url_of(listening), url))
    server = uvicorn.Server(uvicorn.Config(application, lifespan="on", **_QUIET))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
    finally:
        file.close()
        listening.close()
    return RecordedTotals(file.count, guard.spent)
