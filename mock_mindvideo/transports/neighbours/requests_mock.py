"""requests-mock: a request that no matcher takes is run for real, where the mock answers it."""

from typing import Any

from mock_mindvideo.fences.neighbours import can_be_patched
from mock_mindvideo.transports.answering import find_url
from mock_mindvideo.transports.seams.patches import Patches


def patch(requests_mock: Any, patches: Patches) -> None:
    """Give each mocker a last matcher."""
    if can_be_patched(requests_mock):
        patches.put(
            requests_mock.mocker.MockerCore,
            "__init__",
            lambda original: _init(original, requests_mock.adapter._RunRealHTTP),
        )


def _init(original: Any, run_for_real: type[Exception]) -> Any:
    def init(self: Any, *given: Any, **options: Any) -> None:
        original(self, *given, **options)
        self._adapter.add_matcher(_Last(run_for_real))

    return init


class _Last:
    """Asked when no matcher of the suite's own has taken a request."""

    def __init__(self, run_for_real: type[Exception]) -> None:
        self._run_for_real = run_for_real

    def __call__(self, request: Any) -> None:
        if find_url(request._request.url) is not None:
            raise self._run_for_real

    def reset(self) -> None:
        """There is nothing to forget."""
