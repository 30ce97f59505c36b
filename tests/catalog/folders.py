"""A small model that is right, to be changed in one place by each test."""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mock_mindvideo.catalog import Model, load

SLUG = "tiny-image"

RIGHT: Mapping[str, Any] = {
    "model.json": {
        "slug": SLUG,
        "title": "Tiny",
        "output": "images",
        "example": {"prompt": "a cat"},
    },
    "input.schema.json": {
        "type": "object",
        "required": ["prompt"],
        "properties": {
            "prompt": {"type": "string", "minLength": 1},
            "n": {"type": "integer", "minimum": 1, "maximum": 4, "default": 1},
            "mode": {"enum": ["std", "pro"], "default": "std"},
        },
        "additionalProperties": False,
    },
    "pricing.json": {
        "currency": "USD",
        "quantity": "n",
        "rates": [
            {"when": {"mode": "pro"}, "price": "0.2", "fidelity": "invented"},
            {"when": {}, "price": "0.1", "fidelity": "invented"},
        ],
        "charge_on": ["succeeded"],
    },
}


def changed(name: str, at: str, value: Any) -> dict[str, Any]:
    """One file of the right model with `value` at the JSON Pointer `at`; ... takes it out."""
    content = copy.deepcopy(RIGHT[name])
    *way, last = at.split("/")[1:]
    target = content
    for step in way:
        target = target[int(step) if isinstance(target, list) else step]
    if value is ...:
        del target[last]
    elif isinstance(target, list):
        target[int(last)] = value
    else:
        target[last] = value
    return {name: content}


def write(place: Path, **files: Any) -> Path:
    """Write the right model under `place/models/`, with some files changed.

    A file is JSON, text or bytes as it stands, or None to leave it out. Names that begin with
    `platform/` go there. Gives `place`.
    """
    for name, content in (RIGHT | files).items():
        file = place / name if name.startswith("platform/") else place / "models" / SLUG / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            file.write_bytes(content)
        elif content is not None:
            text = content if isinstance(content, str) else json.dumps(content)
            file.write_text(text, encoding="utf-8")
    return place


def load_tiny(place: Path) -> Model:
    """The model that `write` wrote."""
    return load([place]).model(SLUG)
