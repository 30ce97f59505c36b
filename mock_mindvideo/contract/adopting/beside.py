"""What a folder says of a model's output beside its kind: clips that it follows, pixels, sound."""

import re
from collections.abc import Mapping
from typing import Any

from mock_mindvideo.contract.adopting.prose import upload_kind

#: Members of `model.json` that no page says.
BESIDE = ("source", "sizes", "sound")

#: How long a clip is taken to be: its example costs as much as one second where that is known.
SECONDS = 1

_SOUND = re.compile(r"(?:^|_)(?:audio|sound)(?:$|_)")

Guess = tuple[Any, str]


def fits(name: str, value: Any, named: Mapping[str, Any]) -> bool:
    """Whether what a folder says goes with a schema of these properties."""
    if name == "source":
        wanted = {*value["properties"], *filter(None, [value.get("duration")])}
        return wanted <= named.keys()
    if name == "sound":
        return isinstance(value, bool) or {each.partition("/")[0] for each in value} <= named.keys()
    return True


def guessed(name: str, about: Mapping[str, Any], named: Mapping[str, Any]) -> Guess:
    """What is taken where nobody says it, if anything, and the question that it leaves."""
    return {"source": _source, "sizes": _sizes, "sound": _sound}[name](about, named)


def _source(about: Mapping[str, Any], named: Mapping[str, Any]) -> Guess:
    clips = [name for name, each in named.items() if upload_kind(name, each) == "video"]
    if about["example"].get("duration") not in (0, "0") or not clips:
        return None, ""
    source = {"properties": clips, "seconds": SECONDS, "duration": "duration"}
    return source, (
        f"How long is a clip in {', '.join(clips)}, which a duration of 0 follows?"
        f" Taken to be {SECONDS} s where its URL does not say (#t=0,12)."
    )


def _sizes(about: Mapping[str, Any], named: Mapping[str, Any]) -> Guess:
    return None, (
        "How many pixels has its output? The resolution is taken for the short side (`sizes`)."
    )


def _sound(about: Mapping[str, Any], named: Mapping[str, Any]) -> Guess:
    if about["output"] == "images":
        return None, ""
    asks = [
        name
        for name, each in named.items()
        if each.get("type") == "boolean" and _SOUND.search(name)
    ]
    if not asks:
        return None, "Does it answer with sound? Taken: no (`sound`)."
    return asks, f"Has a clip sound where {' or '.join(asks)} is true? Taken so (`sound`)."
