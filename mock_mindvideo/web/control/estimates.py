"""`POST /_mock/estimate`: what a submit would cost, or why it would be refused."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.domain.pricing import text
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.settings import Bounds
from mock_mindvideo.web.incoming import long_body
from mock_mindvideo.web.json_response import JsonResponse
from mock_mindvideo.web.turns import in_turns
from mock_mindvideo.worlds.orders import Order
from mock_mindvideo.worlds.tasks import Service


class Estimates:
    """Takes the body of a submit. It needs no world: neither credit nor keys are looked at."""

    def __init__(self, service: Service, bounds: Bounds) -> None:
        self._service = service
        self._most = bounds.body

    def routes(self) -> list[Route]:
        """The path, relative to `/_mock`."""
        return [Route("/estimate", self.estimate, methods=["POST"])]

    async def estimate(self, request: Request) -> Response:
        """200 with the cost, or with the refusal: both are what was asked for."""
        async with long_body(request.scope, request.receive, self._most) as body:
            try:
                order = await in_turns(self._service.orders.reading(body))
            except MockError as refused:
                return JsonResponse(_refusal(refused))
        return JsonResponse(_cost(order))


def _cost(order: Order) -> dict[str, Any]:
    return {
        "valid": True,
        PLATFORM.members.estimate: text(order.estimate),
        "currency": order.model.pricing.currency,
        "advice": list(order.advice),
    }


def _refusal(refused: MockError) -> dict[str, Any]:
    error = {
        "code": refused.code,
        "message": refused.message,
        "details": [each._asdict() for each in refused.details],
    }
    return {
        "valid": False,
        PLATFORM.members.estimate: None,
        "status": refused.status,
        "error": error,
    }
