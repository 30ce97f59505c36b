"""API keys (D02, D03). The key chooses the world; how it does so is invented."""

import hashlib
import re
from functools import lru_cache
from typing import NamedTuple

from mock_mindvideo.domain.errors import InvalidApiKey, MissingApiKey
from mock_mindvideo.domain.instant import Instant
from mock_mindvideo.domain.masking import mask
from mock_mindvideo.platform import PLATFORM

_FORMS = PLATFORM.keys

#: The key of the vendor's documentation.
DOCUMENTED_KEY = _FORMS.documented
DEFAULT_WORLD = "default"

#: Keys with a fixed fate, by the name of their world.
DISABLED_WORLD = "disabled"
DELETED_WORLD = "deleted"
NO_CREDIT_WORLD = "no_credit"

_SCHEME = _FORMS.scheme
_WORLD = "[a-z0-9_-]{1,40}"
_TEST_KEY = re.compile(rf"{_FORMS.test}({_WORLD})", re.ASCII)
_BEARER = re.compile(rf"{_SCHEME} +([!-~]{{1,512}})", re.IGNORECASE | re.ASCII)


class Key(NamedTuple):
    """A key as it is stored: never the secret itself, only its digest and a masked form."""

    id: str
    world: str
    digest: str
    masked: str
    created_at: Instant
    disabled: bool = False
    deleted: bool = False


class Credential(NamedTuple):
    """A key as it was sent. `world` is the one its name stands for, if it stands for any."""

    digest: str
    masked: str
    world: str | None


def can_name_world(name: str) -> bool:
    """Whether a key can lead to a world of that name."""
    return re.fullmatch(_WORLD, name, re.ASCII) is not None


@lru_cache(maxsize=4096)
def read_authorization(header: str | None) -> Credential:
    """The credential in an Authorization header.

    Raises MissingApiKey if there is none or its scheme is not Bearer, InvalidApiKey if what
    follows cannot be a key.
    """
    if not header:
        raise MissingApiKey(
            f"no API key: send the header 'Authorization: {_SCHEME} <key>'", headers=challenge()
        )
    if header.split(" ", 1)[0].lower() != _SCHEME.lower():
        raise MissingApiKey(
            f"the Authorization header is not {_SCHEME}: send 'Authorization: {_SCHEME} <key>'",
            headers=challenge(),
        )
    found = _BEARER.fullmatch(header)
    if not found:
        raise invalid_key(f"the {_SCHEME} token is empty or malformed")
    return credential(found[1])


def test_key(world: str) -> str:
    """The key that opens `world` by its name alone."""
    return _FORMS.test + world


def credential(secret: str) -> Credential:
    """What can be known of a key without looking it up."""
    return Credential(hashlib.sha256(secret.encode()).hexdigest(), mask(secret), world_of(secret))


def world_of(secret: str) -> str | None:
    """The world that a key names by itself, or None for one that must be looked up."""
    if secret == DOCUMENTED_KEY:
        return DEFAULT_WORLD
    found = _TEST_KEY.fullmatch(secret)
    return found[1] if found else None


def invalid_key(why: str) -> InvalidApiKey:
    """The refusal of a key, challenge included."""
    return InvalidApiKey(why, headers=challenge("invalid_token"))


def challenge(error: str | None = None) -> tuple[tuple[str, str], ...]:
    """The `WWW-Authenticate` header of RFC 6750, section 3: no error where no key was sent."""
    words = f'{_SCHEME} realm="{_FORMS.realm}"' + (f', error="{error}"' if error else "")
    return (("WWW-Authenticate", words),)
