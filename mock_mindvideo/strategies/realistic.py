"""Realistic inputs: what a person would send, out of all that may be sent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .json_schema.documents import Document, Place
from .json_schema.overrides import Override, pinned
from .json_schema.rule_space import Space
from .json_schema.schema_walk import inside
from .json_schema.values import Json
from .reading import document

if TYPE_CHECKING:
    from mock_mindvideo.catalog import Model

_SCENES = (
    "城市街道上镜头平稳跟拍,电影感光影",
    "海边日落,微风吹动长发,慢动作",
    "雨夜霓虹灯下,镜头缓缓推近",
    "a slow dolly shot through a sunlit forest",
    "close-up, shallow depth of field, film grain 🎬",
)
_UNWANTED = ("低分辨率,模糊,水印", "blurry, low quality, extra fingers", "")
_HOSTS = ("https://cdn.example.com", "https://assets.example.org/uploads")
_WORDS = ("character", "street", "take-2", "portrait", "scene_01")
_ENDINGS = {"image": ("jpg", "png", "webp"), "video": ("mp4", "mov"), "audio": ("mp3", "wav")}
# The smallest PNG there is, and the first bytes of an MP4: compact, as data URIs should be.
_PNG = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY"
    "42YAAAAASUVORK5CYII="
)
_MP4 = "data:video/mp4;base64,AAAAGGZ0eXBpc29tAAAAAGlzb21pc28y"
_INLINE = {"image": (_PNG,), "video": (_MP4,)}


def realistic_inputs(
    model: Model, overrides: Mapping[str, Override]
) -> st.SearchStrategy[dict[str, Json]]:
    """Draw inputs that also follow the advice, with prompts that name their references.

    Raises:
        ValueError: an override does not fit, or goes against the advice.
    """
    files = (*model.rules, *([model.upstream] if model.upstream else []))
    documents = [document(rules.schema, rules.file.name) for rules in files]
    space = Space(*documents, leaves=leaves(documents[0]))
    drawn = pinned(space, overrides)
    return drawn if "prompt" in overrides else _named(model, space, drawn)


@st.composite
def _named(
    draw: st.DrawFn, model: Model, space: Space, inputs: st.SearchStrategy[dict[str, Json]]
) -> dict[str, Json]:
    """Put the names of the references, such as 图1 and 视频1 (D18), in front of the prompt."""
    value = draw(inputs)
    names = [
        f"{words[0]}{index + 1}"
        for name, words in model.references.names.items()
        for index in range(len(value.get(name, ())))
    ]
    if not names or not isinstance(value.get("prompt"), str):
        return value
    written = {**value, "prompt": f"{'、'.join(names)},{value['prompt']}"}
    return written if space.compiler.admits(space.goal(), written) else value


def leaves(document: Document) -> dict[str, st.SearchStrategy[Json]]:
    """Say what to draw at the texts of an input schema, by their pointers.

    The kind of a medium is read off the form's hints (`x-playground`, D19), else off the name.
    """
    found: dict[str, st.SearchStrategy[Json]] = {}
    _collect(document.root, "", "", found, set())
    return found


def _collect(place: Place, name: str, medium: str, found: dict[str, Any], seen: set[Place]) -> None:
    if isinstance(place.schema, bool) or place in seen:
        return
    seen.add(place)
    medium = place.get("x-playground", {}).get("uploadKind", medium)
    if place.get("type") == "string" and not {"enum", "const", "format"} & place.schema.keys():
        drawn = _text(name, medium)
        if drawn is not None:
            found[place.pointer] = drawn
    for steps, inner, position, _ in inside(place):
        below = str(steps[1]) if steps[0] == "properties" else name
        _collect(inner, below, medium if position else "", found, seen)


def _text(name: str, medium: str) -> st.SearchStrategy[str] | None:
    if "prompt" in name:
        return st.sampled_from(_UNWANTED if "negative" in name else _SCENES)
    if "voice" in name or "audio" in name:
        return _media("audio")
    if medium in _ENDINGS:
        return _media(medium)
    return _media("image") if "url" in name else None


@cache
def _media(kind: str) -> st.SearchStrategy[str]:
    hosted = st.builds(
        "{}/{}.{}".format,
        st.sampled_from(_HOSTS),
        st.sampled_from(_WORDS),
        st.sampled_from(_ENDINGS[kind]),
    )
    inline = _INLINE.get(kind)
    return st.one_of(hosted, hosted, st.sampled_from(inline)) if inline else hosted
