"""Where a path of the emulated API leads. It is compared whole, as it was sent."""

from mock_mindvideo.domain.dialect import Extensions
from mock_mindvideo.domain.errors import NotFound
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.web.hints import hint

_PATHS = PLATFORM.paths

PREFIX = _PATHS.root
TASKS = _PATHS.submit

SUBMIT = "submit"
SHOW = "show"
EVENTS = "events"


#: What a path leads to: the methods it takes, which endpoint that is, the task it names.
Route = tuple[tuple[str, ...], str, str | None]

_SUBMIT: Route = (("POST",), SUBMIT, None)
_READ = ("GET", "HEAD")
_TO_TASK, _TO_EVENTS = _PATHS.to_task.fullmatch, _PATHS.to_events.fullmatch


def route(path: str, raw: bytes = b"") -> Route:
    """Where a decoded path leads; raises NotFound, with what was probably meant.

    `raw` is the path as it was sent: a slash that is encoded there separates nothing.
    """
    if raw.find(b"%2") < 0 or not hides_slash(raw):
        if path == TASKS:
            return _SUBMIT
        if found := _TO_TASK(path):
            return _READ, SHOW, found[1]
        if found := _TO_EVENTS(path):
            return _READ, EVENTS, found[1]
    raise NotFound(f"no such path; {hint(path)}the API is at {TASKS}")


def hides_slash(raw: bytes) -> bool:
    """Whether a path as it was sent has an encoded slash, which separates nothing."""
    return b"%2f" in raw.lower()


def methods_of(path: str, extensions: Extensions) -> str:
    """The methods that `path` takes, for a preflight; none where it leads nowhere."""
    try:
        methods, *_ = route(path)
    except NotFound:
        methods = ()
    more = (method for each, _ in extensions.at(path) for method in each.methods)
    return ", ".join(dict.fromkeys((*methods, *more)))
