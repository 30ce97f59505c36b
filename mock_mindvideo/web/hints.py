"""What was probably meant by a path that leads nowhere."""

import re
from collections.abc import Sequence
from urllib.parse import unquote

from mock_mindvideo.domain.nearest import nearest
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.platform.value import TASK_ID
from mock_mindvideo.web.cors import CONTROL
from mock_mindvideo.web.index import ABOUT

#: Characters of a path that are looked at, and shown, when it leads nowhere.
_LONGEST = 300

_VERSION = re.compile("[vV][0-9]{1,3}")

#: The paths beside the API, in words; one in braces stands for any.
_BESIDE = (
    ["media", "{world}", TASK_ID, "{name}"],
    *([word for word in f"{CONTROL}{path}".split("/") if word] for _, path in ABOUT),
)


def hint(path: str) -> str:
    """Which path was probably meant, as a part of a message; empty if none."""
    words = _words(path[:_LONGEST])
    meant = _beside(words) or _emulated(words)
    return f"did you mean {meant}? " if meant else ""


def _words(path: str) -> list[str]:
    """What stands between the slashes, encoded ones too, and leads on."""
    words: list[str] = []
    for word in unquote(path).split("/"):
        if word == "..":
            del words[-1:]
        elif word not in ("", "."):
            words.append(word)
    return words


def _emulated(words: Sequence[str]) -> str | None:
    """The path of the API that is nearest, None if none is near."""
    *lead, tasks = _words(PLATFORM.paths.submit)
    rest = list(words)
    while rest and (rest[0].lower() in lead or _VERSION.fullmatch(rest[0])):
        del rest[0]
    if rest and rest[0].startswith(tasks + PLATFORM.ids.task):
        rest[:1] = [tasks, rest[0].removeprefix(tasks)]
    if not rest or not _near(rest[0], tasks):
        return None
    *_, events = _words(PLATFORM.paths.events)
    if len(rest) == 3 and _near(rest[2], events):
        return PLATFORM.paths.events.replace(TASK_ID, rest[1])
    return PLATFORM.paths.show_of(rest[1]) if len(rest) > 1 else PLATFORM.paths.submit


def _beside(words: Sequence[str]) -> str | None:
    """The nearest path for files, or of the control plane."""
    for template in _BESIDE:
        pairs = list(zip(template, words, strict=False))
        if len(template) == len(words) and all(_fits(known, word) for known, word in pairs):
            return "/" + "/".join(word if _any(known) else known for known, word in pairs)
    return None


def _fits(known: str, word: str) -> bool:
    return _any(known) or _near(word, known)


def _any(known: str) -> bool:
    return known.startswith("{")


def _near(word: str, known: str) -> bool:
    return nearest(word.lower(), [known], 0.7) is not None
