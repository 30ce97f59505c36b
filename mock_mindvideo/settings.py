"""Every setting, its default, and what fits."""

import re
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from mock_mindvideo.domain.hosts import NULL_ORIGIN, read_host, read_origin
from mock_mindvideo.domain.limits import LimitError, WorldLimits
from mock_mindvideo.domain.payload import MAX_VALUES
from mock_mindvideo.domain.place import MEMORY, REDIS, SQLITE, PlaceError, StorePlace, read_place
from mock_mindvideo.domain.profiles import LOAD, NONE, PROFILES, values_of
from mock_mindvideo.domain.world import PROGRESSES

#: What the variable of each setting begins with.
PREFIX = "MOCK_MINDVIDEO_"
_NAMESPACE = re.compile(r"[a-z0-9_-]{1,39}=[!-+\--~]{1,512}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:]+")
_PLAIN_URL = re.compile(r"https?://([^/?#]*)(?:/[!-\"$->@-~]*)?")
LOG_LEVELS = ("debug", "info", "warning", "error", "critical")

#: How the log is written: lines for people, or a JSON object on each line.
TEXT = "text"
JSON = "json"
LOG_FORMATS = (TEXT, JSON)

#: The public URL that stands for: as proxies say, wherever they are.
AUTO = "auto"

#: What survives: the end of the process, or a loss of power too.
PROCESS = "process"
POWER = "power"
DURABILITIES = (PROCESS, POWER)

MIB = 1024 * 1024


class SettingsError(ValueError):
    """A setting with a value it cannot have; the message names the setting and what fits."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the mock keeps at most; bytes unless said otherwise."""

    tasks: int = 1_000_000  # a world, memory store
    task_bytes: int = 1536 * MIB  # all worlds, memory store
    worlds: int = 4096  # memory store
    idle_seconds: int = 600  # after which an unused world may go, unfinished tasks and all
    body: int = 10 * MIB
    values: int = MAX_VALUES  # members and items of a body
    upload: int = 100 * MIB
    uploads: int = 512 * MIB
    journal: int = 64 * MIB
    journal_entries: int = 20_000  # in number
    renders: int = 128 * MIB
    scripts: int = 1000  # a world


@dataclass(frozen=True, slots=True)
class Settings:
    """How a mock behaves. None means: not given, so a stored world keeps what it has.

    Where worlds are kept:

    - `store`: the URL of the store (see `domain/place.py`); `db` is short for `sqlite:///`
    - `durability`: what writes to `db` survive, "process" or "power"
    - `load`: a saved world to open
    - `world_ttl`: real seconds without a request after which a world is forgotten, 0 for never

    How a world behaves:

    - `progress`: "time", "polls" or "manual"; `speed`: world seconds for each real second
    - `seed`: what decides ids and chances; `script`: a file of scripts
    - `schemas`: folders of models and dialects; `models`: packaged models to offer, or "all";
      without it the documented one
    - `contested`: sides taken where sources differ, like `links=72h`
    - `profile`: "default", "strict" or "load", which decides what is None, see `domain/profiles.py`
    - `link_expiry`: in seconds of the world's clock, 0 for never, None as the schema files say

    Load (see `domain/limits.py`):

    - `in_flight`: how many tasks of a world are processed at once; `quota`: its other limits
    - `queued`, `processing`, `latency`: seconds, or a distribution of them
    - `failures`: the share of tasks that fail
    - `journal_sample`: the journal keeps one of so many requests that were answered well
    - `media_bitrate`: megabits for each second of a clip; 0 leaves clips as they are rendered

    Who may steer the mock, and where it sends:

    - `admin_token`: lets remote callers use the control plane; `namespace`: tokens for the worlds
      whose names begin alike, like `team-a-=TOKEN`
    - `allow_origin`: pages that may steer the mock, like `https://app.example`; `magic`: whether
      requests may carry scripts
    - `webhook_host`: hosts beside this machine to which webhooks may be sent

    The server:

    - `host`, `port`, `workers`, `public_url`, `log_level`, `log_format`
    - `streams`: event streams open at once in each process
    - timeouts in real seconds: `head_timeout` and `body_timeout` for a request to arrive,
      `idle_timeout` for a silent connection, `write_timeout` for a client that takes none of its
      answer, `drain_timeout` for requests under way when the server is told to stop
    - `bounds`: what the mock keeps at most
    """

    host: str = "127.0.0.1"
    port: int = 8080
    store: str | None = field(default=None, repr=False)
    db: Path | None = None
    durability: str = PROCESS
    seed: int | None = None
    speed: float | None = None
    progress: str | None = None
    schemas: tuple[Path, ...] = ()
    models: tuple[str, ...] = ()
    contested: tuple[str, ...] = ()
    script: Path | None = None
    profile: str = "default"
    admin_token: str | None = field(default=None, repr=False)
    magic: bool = True
    workers: int = 1
    public_url: str | None = None
    log_level: str = "info"
    log_format: str = TEXT
    load: Path | None = None
    link_expiry: float | None = None
    head_timeout: float = 20
    body_timeout: float = 30
    idle_timeout: float = 75
    write_timeout: float = 30
    drain_timeout: float = 5
    streams: int = 2048
    world_ttl: float = 0
    allow_origin: tuple[str, ...] = ()
    webhook_host: tuple[str, ...] = ()
    namespace: tuple[str, ...] = field(default=(), repr=False)
    in_flight: int | None = None
    quota: tuple[str, ...] | None = None
    queued: str | None = None
    processing: str | None = None
    latency: str | None = None
    failures: float | None = None
    journal_sample: int | None = None
    media_bitrate: float | None = None
    bounds: Bounds = field(default_factory=Bounds)

    def __post_init__(self) -> None:
        for name, value in values_of(self.profile).items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, value)
        for check, problem in self._checks():
            if not check:
                raise SettingsError(problem)

    @property
    def strict(self) -> bool:
        return self.profile == "strict"

    @property
    def place(self) -> StorePlace:
        """Where worlds are kept."""
        if self.store is None:
            return StorePlace() if self.db is None else StorePlace(SQLITE, file=self.db)
        try:
            return read_place(self.store)
        except PlaceError as problem:
            raise SettingsError(f"store {problem}") from None

    @property
    def course(self) -> tuple[str, ...]:
        """The scripts that these settings stand for, in their order."""
        times = {"queued": self.queued, "processing": self.processing}
        plan = [f"{name}={said}" for name, said in times.items() if said not in (None, NONE)]
        failing = ["outcome=failed", f"probability={self.failures:.9f}"] if self.failures else []
        delay = [] if self.latency in (None, NONE) else [f"delay={self.latency}"]
        scripts = ([*plan, *failing] if failing else [], plan, delay)
        return tuple("; ".join(words) for words in scripts if words)

    @property
    def under_load(self) -> bool:
        """Whether anything is set that load tests are for."""
        return any(getattr(self, name) for name in LOAD)

    def limits(self, kept: WorldLimits | None = None) -> WorldLimits | None:
        """What a world bears that bore `kept`; what was not given stays."""
        try:
            return (kept or WorldLimits()).given(self.in_flight, self.quota)
        except LimitError as problem:
            raise SettingsError(str(problem)) from None

    def _checks(self) -> tuple[tuple[bool, str], ...]:
        speed, token, place = self.speed, self.admin_token, self.place
        self.limits()
        return (
            (
                self.store is None or self.db is None,
                "store says where worlds are kept, and db does too; give one of them",
            ),
            (self.progress in (None, *PROGRESSES), f"progress must be {_either(PROGRESSES)}"),
            (self.profile in PROFILES, f"profile must be {_either(PROFILES)}"),
            (self.durability in DURABILITIES, f"durability must be {_either(DURABILITIES)}"),
            (self.log_level in LOG_LEVELS, f"log-level must be {_either(LOG_LEVELS)}"),
            (self.log_format in LOG_FORMATS, f"log-format must be {_either(LOG_FORMATS)}"),
            (speed is None or 0 < speed <= 1e6, "speed must be over 0 and at most 1000000"),
            (0 <= self.port <= 65535, "port must be from 0 to 65535"),
            (1 <= self.workers <= 64, "workers must be from 1 to 64"),
            (
                self.workers == 1 or place.kind != MEMORY,
                "several workers need a --db or a --store to share",
            ),
            (
                place.kind != REDIS or self.durability == PROCESS,
                "durability is for a file; what a Redis store survives is said by its appendfsync",
            ),
            (
                self.link_expiry is None or 0 <= self.link_expiry <= 1e9,
                "link-expiry must be from 0 to 1000000000 seconds",
            ),
            *((0 < seconds <= 1e6, problem) for seconds, problem in self._timeouts()),
            (
                0 <= self.drain_timeout <= 86_400,
                "drain-timeout must be from 0 to 86400 seconds",
            ),
            (
                self.world_ttl == 0 or 1 <= self.world_ttl <= 1e9,
                "world-ttl must be from 1 to 1000000000 seconds, or 0 for never",
            ),
            (1 <= self.streams <= 1_000_000, "streams must be from 1 to 1000000"),
            (
                self.failures is None or 0 <= self.failures <= 1,
                "failures must be a share from 0 to 1",
            ),
            (
                self.journal_sample is None or 1 <= self.journal_sample <= 1_000_000,
                "journal-sample must be from 1 to 1000000",
            ),
            (
                self.media_bitrate is None or 0 <= self.media_bitrate <= 1000,
                "media-bitrate must be from 0 to 1000 megabits a second",
            ),
            (token is None or bool(token.strip()), "admin-token must not be empty"),
            (
                all(each == NULL_ORIGIN or read_origin(each) for each in self.allow_origin),
                "allow-origin must be a scheme and a host, like https://app.example, or null",
            ),
            (
                all(map(_HOST.fullmatch, self.webhook_host)),
                "webhook-host must be the name or address of a host, like hooks.example",
            ),
            (
                _are_namespaces(self.namespace),
                "namespace must be PREFIX=TOKEN, like team-a-=s3cret, each token for one prefix",
            ),
            (
                _is_base(self.public_url),
                "public-url must be auto, or begin with http:// or https://",
            ),
            (
                _is_plain(self.public_url),
                "public-url must have a host, and no space, query or fragment",
            ),
        )

    def _timeouts(self) -> Iterator[tuple[float, str]]:
        for name in ("head_timeout", "body_timeout", "idle_timeout", "write_timeout"):
            shown = name.replace("_", "-")
            yield getattr(self, name), f"{shown} must be over 0 and at most 1000000 seconds"


def default(name: str) -> Any:
    """The default of the setting `name`, for help texts."""
    found = next(each for each in fields(Settings) if each.name == name)
    return None if found.default is MISSING else found.default


def _either(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _are_namespaces(given: tuple[str, ...]) -> bool:
    tokens = [each.partition("=")[2] for each in given]
    return all(map(_NAMESPACE.fullmatch, given)) and len(set(tokens)) == len(tokens)


def _is_base(url: str | None) -> bool:
    return url in (None, AUTO) or str(url).startswith(("http://", "https://"))


def _is_plain(url: str | None) -> bool:
    """Whether a path can be put behind it: a host, perhaps a path, and nothing else."""
    found = _PLAIN_URL.fullmatch(url or "")
    return url in (None, AUTO) or (found is not None and read_host(found[1]) is not None)
