"""A Starlette response with a JSON body, written by orjson."""

from typing import Any

import orjson
from starlette.responses import Response


class JsonResponse(Response):
    """`content` may hold `orjson.Fragment`, JSON that was written before."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return orjson.dumps(content)
