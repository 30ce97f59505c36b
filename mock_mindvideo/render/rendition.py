"""From a task's shape to a file: clip, still or placeholder."""

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal

from mock_mindvideo.render.clip import can_render_clips, render_clip
from mock_mindvideo.render.geometry import OutputKind, OutputShape
from mock_mindvideo.render.placeholder import placeholder_clip
from mock_mindvideo.render.still import render_still


@dataclass(frozen=True, slots=True)
class Rendition:
    """A rendered file. A `placeholder` has neither the label nor the shape that was asked for.

    `tag` tells its bytes from all others; its length is the number of its bytes.
    """

    body: bytes
    media_type: Literal["video/mp4", "image/png"]
    placeholder: bool
    tag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tag", blake2b(self.body, digest_size=12).hexdigest())

    def __len__(self) -> int:
        return len(self.body)


def render(label: str, output: OutputKind, shape: OutputShape) -> Rendition:
    """Render the picture for `label` (by custom the task's id, with a suffix for each image).

    Where clips cannot be rendered (see `can_render_clips`), a placeholder takes their place.
    Takes up to seconds of CPU for a long clip: call it from a thread, through a `RenderCache`.
    """
    if output == "images":
        return Rendition(render_still(label, shape), "image/png", placeholder=False)
    if can_render_clips():
        return Rendition(render_clip(label, shape), "video/mp4", placeholder=False)
    return Rendition(placeholder_clip(shape), "video/mp4", placeholder=True)
