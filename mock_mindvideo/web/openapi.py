"""The OpenAPI document (to be written)."""

from typing import Any

from mock_mindvideo.catalog import Catalog


def openapi(catalog: Catalog, server: str) -> dict[str, Any]:
    return {"openapi": "3.1.0"}
