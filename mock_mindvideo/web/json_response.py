"""A Starlette response with a JSON body, written by orjson."""

import json
from typing import Any

import orjson
from starlette.responses import Response


class JsonResponse(Response):
    """`content` may hold `orjson.Fragment`, JSON that was written before."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        try:
            return orjson.dumps(content)
        except TypeError:  # an integer beyond 64 bits, as a schema may hold
            return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
