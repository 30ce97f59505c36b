"""For whoever runs the server: is it alive, and can it be given requests?

Orchestrators ask from other machines and without a token, so the guard of the control plane does
not hold here; the answers tell nothing but that. Why a store is not to be had, `/_mock/health` and
the log say.
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.routing import Route

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.stores import Store
from mock_mindvideo.web.cors import CONTROL
from mock_mindvideo.web.draining import RETRY_AFTER, Draining
from mock_mindvideo.web.json_response import JsonResponse


class Probes:
    """`live` says that requests are answered at all, `ready` that the store can be had as well.

    A server that is about to stop is alive, and not ready.
    """

    def __init__(self, store: Store, draining: Draining) -> None:
        self._store = store
        self._draining = draining

    def routes(self, root: str = CONTROL) -> Sequence[Route]:
        """Their paths, whole, or below `root`.

        They stand before the guard, for those who look, and behind it, where every other method is
        refused.
        """
        return [
            Route(f"{root}/live", self.live, methods=["GET"]),
            Route(f"{root}/ready", self.ready, methods=["GET"]),
        ]

    async def live(self, request: Request) -> JsonResponse:
        return JsonResponse({"status": "live"})

    async def ready(self, request: Request) -> JsonResponse:
        reason = self._missing()
        if reason is None:
            return JsonResponse({"status": "ready"})
        told = {"status": "unavailable", "reason": reason}
        return JsonResponse(told, 503, {"Retry-After": str(RETRY_AFTER)})

    def _missing(self) -> str | None:
        if self._draining.begun:
            return "the server is about to stop"
        try:
            self._store.counts()
        except Unavailable:
            return f"the store; {CONTROL}/health says more"
        return None
