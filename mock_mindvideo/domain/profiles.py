"""What `--profile` stands for: values of settings that were not given."""

from collections.abc import Mapping
from typing import Any

#: Lifts what a profile would set, where the setting is a text.
NONE = "none"

#: As a platform behaves that many use at once. All of it is invented; each value can be overridden.
LOAD: Mapping[str, Any] = {
    "queued": "lognormal(3,0.6)",
    "processing": "lognormal(20,0.4)",
    "latency": "lognormal(0.08,0.4)",
    "failures": 0.01,
    "in_flight": 50,
    "quota": ("50/1", "1000/60", "tasks=500"),
    "journal_sample": 100,
    "media_bitrate": 8.0,
}

_VALUES: Mapping[str, Mapping[str, Any]] = {"default": {}, "strict": {}, "load": LOAD}

PROFILES = tuple(_VALUES)


def values_of(profile: str) -> Mapping[str, Any]:
    """The settings that a profile sets; none for a name that is no profile's."""
    return _VALUES.get(profile, {})
