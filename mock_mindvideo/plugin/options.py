"""How a test's world is configured: each option, how it is read, and what fits it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypedDict

from mock_mindvideo.domain.limits import LimitError, WorldLimits, read_quotas
from mock_mindvideo.domain.nearest import meant
from mock_mindvideo.domain.profiles import PROFILES
from mock_mindvideo.domain.script import ScriptError, parse
from mock_mindvideo.domain.world import MANUAL, POLLS, PROGRESSES
from mock_mindvideo.platform import PLATFORM
from mock_mindvideo.plugin.hosts import HostError, read_pattern
from mock_mindvideo.plugin.words import Profile, Progress
from mock_mindvideo.system.frames import hidden

__tracebackhide__ = hidden
__unittest = True


@dataclass(frozen=True, slots=True)
class Options:
    """One test's world. `credit` is in US dollars, None without a limit; `in_flight` is how many
    tasks are worked on at once, `quota` what is answered at most before 429; `speed` is world
    seconds for each real one; `seed` None derives one from the test's name."""

    progress: str = POLLS
    script: tuple[str, ...] = ()
    credit: Decimal | None = None
    in_flight: int | None = None
    quota: tuple[str, ...] = ()
    strict: bool = False
    api_key: tuple[str, ...] = ()
    virtual_time: bool = False
    seed: int | None = None
    speed: float = 1.0
    profile: str = "default"
    hosts: tuple[str, ...] = (PLATFORM.host,)
    schemas: tuple[Path, ...] = ()
    models: tuple[str, ...] = ()
    contested: tuple[str, ...] = ()


class WorldOptions(TypedDict, total=False):
    """The same as they are written, for a type checker."""

    progress: Progress
    script: str | Sequence[str]
    credit: Decimal | str | float | None
    in_flight: int | None
    quota: str | Sequence[str]
    strict: bool
    api_key: str | Sequence[str]
    virtual_time: bool
    patch_sleep: bool
    seed: int | None
    speed: float
    profile: Profile
    hosts: str | Sequence[str]
    schemas: str | Path | Sequence[str | Path]
    models: str | Sequence[str]
    contested: str | Sequence[str]


#: What tells by itself what would fit.
_TELLING = (ScriptError, HostError, LimitError)

#: Older names of options.
OLDER_NAMES = {"patch_sleep": "virtual_time"}


class OptionError(ValueError):
    """An option that does not exist or does not fit; the message says where and what would."""


def for_live(options: Options, server: object) -> Options:
    """`options` if a world on `server` can have them.

    Raises OptionError for what belongs to the server as a whole and is otherwise there.
    """
    plain = Options()
    settings = getattr(server, "settings", plain)
    for name in ("profile", "schemas", "models", "contested"):
        wanted, found = getattr(options, name), getattr(settings, name)
        if wanted != getattr(plain, name) and wanted != found:
            raise OptionError(
                f"{name} belongs to the server, not to a world on it: set it in the ini file, give"
                f" the fixture mindvideo_server a MockServer(Settings({name}=…)), or use mindvideo"
            )
    if options.hosts != plain.hosts:
        raise OptionError(
            "hosts= is for a world in this process; a world on a server has an address of its own:"
            " give the application the handle's base_url, or use mindvideo; if the ini file names"
            f" hosts, a marker with hosts={plain.hosts[0]!r} overrides them"
        )
    return options


def options_with(options: Options, given: Mapping[str, Any], where: str) -> Options:
    """`options` with those that are `given` in place of their own; raises OptionError."""
    if not isinstance(given, Mapping):
        raise OptionError(f"{where} must return a dict of options, not {type(given).__name__}")
    return replace(options, **dict(_read(given, where)))


def settled(options: Options) -> Options:
    """`options` as they go together: where waits move the clock, polls do not."""
    if options.virtual_time and options.progress == POLLS:
        return replace(options, progress=MANUAL)
    return options


def _read(given: Mapping[str, Any], where: str) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        if name not in _READERS:
            raise OptionError(f"unknown option '{name}'{meant(name, _READERS)} in {where}")
        read, fitting = _READERS[name]
        try:
            yield OLDER_NAMES.get(name, name), read(value)
        except (ValueError, TypeError, InvalidOperation) as problem:
            why = str(problem) if isinstance(problem, _TELLING) else fitting
            raise OptionError(f"{name}={value!r} in {where} does not fit: {why}") from None


def _one_of(words: tuple[str, ...]) -> Callable[[Any], object]:
    def read(value: object) -> object:
        if value not in words:
            raise ValueError(value)
        return value

    return read


def _strings(value: object) -> tuple[str, ...]:
    several = (value,) if isinstance(value, str) else value
    if not isinstance(several, list | tuple) or not all(isinstance(one, str) for one in several):
        raise TypeError(value)
    return tuple(several)


def _keys(value: object) -> tuple[str, ...]:
    keys = _strings(value)
    if not all(re.fullmatch("[!-~]{1,512}", key) for key in keys):
        raise ValueError(value)
    return keys


def _hosts(value: object) -> tuple[str, ...]:
    patterns = tuple(map(read_pattern, _strings(value)))
    if not patterns:
        raise HostError(f"name a host at least, like {PLATFORM.host}")
    return patterns


def _scripts(value: object) -> tuple[str, ...]:
    texts = _strings(value)
    for text in texts:
        parse(text)
    return texts


def _quotas(value: object) -> tuple[str, ...]:
    texts = _strings(value)
    read_quotas(texts)
    return texts


def _in_flight(value: Any) -> int | None:
    number = None if value is None else int(value)
    WorldLimits().given(number, None)
    return number


def _flag(value: object) -> bool:
    if value not in (True, False):
        raise ValueError(value)
    return bool(value)


def _money(value: object) -> Decimal | None:
    if value is None:
        return None
    amount = Decimal(str(value))
    if not 0 <= amount < 10**12:
        raise ValueError(value)
    return amount


def _positive(value: Any) -> float:
    number = float(value)
    if not 0 < number <= 1e6:
        raise ValueError(value)
    return number


def _paths(value: object) -> tuple[Path, ...]:
    several = (value,) if isinstance(value, str | Path) else value
    if not isinstance(several, list | tuple):
        raise TypeError(value)
    return tuple(Path(one) for one in several)


def _either(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


_TEXTS = "a string or a list of them"

#: How each option is read, and what fits it.
_READERS: Mapping[str, tuple[Callable[[Any], object], str]] = {
    "progress": (_one_of(PROGRESSES), _either(("polls", "manual", "time"))),
    "script": (_scripts, _TEXTS),
    "credit": (_money, "an amount in US dollars, 0 or more"),
    "in_flight": (_in_flight, "a whole number"),
    "quota": (_quotas, _TEXTS),
    "strict": (_flag, "True or False"),
    "api_key": (_keys, f"{_TEXTS}, of printable ASCII without spaces"),
    "virtual_time": (_flag, "True or False"),
    "patch_sleep": (_flag, "True or False"),
    "seed": (int, "a whole number"),
    "speed": (_positive, "a number over 0"),
    "profile": (_one_of(PROFILES), _either(PROFILES)),
    "hosts": (_hosts, _TEXTS),
    "schemas": (_paths, "a path or a list of them"),
    "contested": (_strings, f"{_TEXTS}, such as video-input=billed"),
    "models": (_strings, f"{_TEXTS}: slugs of packaged models, or all"),
}
