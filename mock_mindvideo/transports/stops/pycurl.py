"""pycurl: a transfer is looked at before libcurl begins it, alone or among several."""

from typing import Any

from mock_mindvideo.transports.seams.patches import Patches
from mock_mindvideo.transports.stops.urls import dialling_url


def patch(pycurl: Any, patches: Patches) -> None:
    """Put classes that ask in the place of the library's, whose own cannot be changed."""
    patches.put(pycurl, "Curl", lambda original: _curl(original, pycurl.EFFECTIVE_URL))
    patches.put(pycurl, "CurlMulti", lambda original: _multi(original, pycurl.EFFECTIVE_URL))


def _curl(original: Any, effective_url: int) -> Any:
    class Curl(original):  # type: ignore[misc]
        def perform(self) -> Any:
            _ask(self, effective_url)
            return super().perform()

        def perform_rb(self) -> Any:
            _ask(self, effective_url)
            return super().perform_rb()

        def perform_rs(self) -> Any:
            _ask(self, effective_url)
            return super().perform_rs()

    return Curl


def _multi(original: Any, effective_url: int) -> Any:
    class CurlMulti(original):  # type: ignore[misc]
        def add_handle(self, curl: Any) -> Any:
            _ask(curl, effective_url)
            return super().add_handle(curl)

    return CurlMulti


def _ask(curl: Any, effective_url: int) -> None:
    dialling_url(curl.getinfo(effective_url) or "")
