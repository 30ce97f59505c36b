"""curl_cffi: a transfer is looked at before libcurl begins it, alone or among several."""

from typing import Any

from mock_mindvideo.transports.seams.patches import Patches
from mock_mindvideo.transports.stops.urls import dialling_url


def patch(library: Any, patches: Patches) -> None:
    """Ask before each transfer: those of sessions, sync and async, are made of these."""

    def ask(curl: Any) -> None:
        url = curl.getinfo(library.CurlInfo.EFFECTIVE_URL) or b""
        dialling_url(url.decode() if isinstance(url, bytes) else url)

    patches.put(library.Curl, "perform", lambda original: _asking(original, ask, of=0))
    patches.put(library.AsyncCurl, "add_handle", lambda original: _asking(original, ask, of=1))


def _asking(original: Any, ask: Any, *, of: int) -> Any:
    def method(*given: Any, **named: Any) -> Any:
        ask(given[of])
        return original(*given, **named)

    return method
