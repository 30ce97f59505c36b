"""A page of another model, in the layout of the vendor's, and in words of its own."""

import json
from html import escape
from typing import Any

SLUG = "puppet-2-1-pro"

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["prompt"],
    "properties": {
        "prompt": {
            "type": "string",
            "minLength": 1,
            "maxLength": 800,
            "description": "What happens. Image 1 and Image 2 are the pictures in their order.",
        },
        "resolution": {"enum": ["540p", "1080p"], "default": "540p"},
        "duration": {"enum": ["4s", "8s"], "default": "4s", "description": "Must be 4 or 12 long."},
        "audio": {"type": "boolean", "default": False},
        "seed": {"type": "integer", "description": "At most 9."},
        "pictures": {
            "type": "array",
            "maxItems": 3,
            "items": {"type": "string"},
            "x-playground": {"uploadKind": "image"},
            "description": "In total, pictures and clips and voices are at most 3.",
        },
        "clips": {
            "type": "array",
            "items": {"type": "string"},
            "x-playground": {"uploadKind": "video"},
            "description": "clips cannot be used together with seed.",
        },
        "voices": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Either pictures or clips must be there. clips must be quiet.",
        },
    },
    "additionalProperties": False,
}
EXAMPLE = {"prompt": "Image 1 dances.", "resolution": "1080p", "duration": "8s", "pictures": ["a"]}
ANSWER = {
    "request_id": "req_1",
    "task_id": "task_1",
    "status": "succeeded",
    "cost_estimate": 0.456,
    "cost_actual": 0.456,
    "output": {"videos": [{"url": "https://example.com/a.mp4"}]},
}


def page(
    schema: Any = SCHEMA, example: Any = EXAMPLE, answer: Any = ANSWER, slug: str = SLUG
) -> str:
    """The text of a page."""
    body = json.dumps({"model": slug, "input": example})
    shown = json.dumps(answer, indent=1) if answer else ""
    return f"""\
Submit
Puppet 2.1 Pro moves puppets.
curl -X POST https://api.mindvideo.ai/api/v1/tasks \\
-H "Authorization: Bearer mv_live_xxx" \\
-d '{body}'
{shown}
{json.dumps(schema, indent=1)}
"""


def html(text: str) -> str:
    """The same page as a browser saves it."""
    return f"<!DOCTYPE html><html><body><p>See</p><pre>{escape(text)}</pre></body></html>"
