"""The end of a world's use: what strict worlds refuse, scripts that never fired, the story."""

import warnings
from typing import TYPE_CHECKING

from mock_mindvideo.plugin.handle import MindVideo
from mock_mindvideo.system.later import Later

if TYPE_CHECKING:
    from mock_mindvideo.plugin import failure
else:
    failure = Later("mock_mindvideo.plugin.failure")


class UnusedScriptWarning(UserWarning):
    """A script of a test that no request ever met."""


class StrayRequestWarning(UserWarning):
    """A live world was asked nothing, but another world of its server was."""


def judge(handle: MindVideo, since: str | None = None) -> str | None:
    """What a strict world fails its test for; of any other, unused scripts are a warning.

    With the id of a request, only later ones count, and scripts do not; "" is before the first.
    """
    if since is not None:
        return handle.complaint(since) if handle.options.strict else None
    if (strays := handle.stray_lines) and handle.newest_request is None:
        warnings.warn(StrayRequestWarning("\n".join(strays)), stacklevel=2)
    unused = ", ".join(map(repr, handle.unused_scripts))
    said = f"scripts never used in the world '{handle.name}': {unused}"
    if not handle.options.strict:
        if unused:
            warnings.warn(UnusedScriptWarning(said), stacklevel=2)
        return None
    return handle.complaint() or (said if unused else None)


def newest(handle: MindVideo) -> str:
    """The id of the newest request; empty where there is none."""
    found = handle.newest_request
    return "" if found is None else found.request_id


def story(handle: MindVideo, told: str = "") -> list[str]:
    """What happened in the world, unless `told` ends with it already, and what did not."""
    lines = failure.history(handle.requests, handle.tasks, handle.forgotten_requests)
    lines += [*handle.stray_lines, failure.seed_line(handle.seed)]
    lines = [] if lines[-1] in told else lines
    return lines + [f"script never used: {text}" for text in handle.unused_scripts]
