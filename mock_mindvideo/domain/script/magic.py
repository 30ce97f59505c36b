"""Magic hosts: reference URLs under `mock.invalid` that are scripts, `https://stuck.mock.invalid/`.

The host decides, however its URL is written: in any case, with a port, a user, a final dot.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from mock_mindvideo.domain.errors import MockError
from mock_mindvideo.domain.nearest import LONGEST, nearest
from mock_mindvideo.domain.payload import LONG, read_json
from mock_mindvideo.domain.pointer import escaped
from mock_mindvideo.domain.script.grammar import parse
from mock_mindvideo.domain.script.model import Script

#: Hosts under this name in a reference URL are scripts: `https://stuck.mock.invalid/x.jpg`.
MAGIC_DOMAIN = "mock.invalid"

MAGIC_HOSTS: Mapping[str, str] = {
    "fail": "outcome=failed",
    "fail-content-policy": "outcome=failed; error=content_policy",
    "fail-invalid-reference": "outcome=failed; error=invalid_reference",
    "fail-timeout": "outcome=failed; error=timeout",
    "cancel": "outcome=cancelled",
    "stuck": "outcome=stuck",
    "slow": "queued=30; processing=300",
    "instant": "queued=0; processing=0",
    "drop-before-commit": "drop@before-commit; times=1",
    "drop-after-commit": "drop@after-commit; times=1",
    "unavailable": "status=503; retry-after=1; times=1",
    "rate-limited": "status=429; retry-after=1; times=1",
    "malformed": "malformed; times=1",
}

#: Characters of a text in which a host has to stand: nobody's URL has a longer user or scheme.
_BEGINNING = 8 * 1024

_MARK = MAGIC_DOMAIN.encode()
_UNDER = "." + MAGIC_DOMAIN

#: The authority of a URL, without its user. A browser takes a backslash for a slash.
_URL = re.compile(r"\s*+[a-z][a-z0-9+.-]*+:[/\\]{2}([^/\\?#\s]*+)", re.IGNORECASE)


def _escaped(character: str) -> str:
    codes = "|".join(f"{ord(each):02x}" for each in {character, character.upper()})
    return rf"(?:{re.escape(character)}|(?:%|\\u00)(?:{codes}))"


#: The domain, any of its characters escaped as URLs and JSON have it.
_HIDDEN_MARK = re.compile("".join(map(_escaped, MAGIC_DOMAIN)).encode(), re.IGNORECASE)


class Reference(NamedTuple):
    """A URL under the domain: its host's own name there, and the JSON Pointer of its place."""

    name: str
    pointer: str


class Magic(NamedTuple):
    """What the magic hosts of a body stand for: a plan, a fault, or both.

    `problems` are a pointer and a sentence for each host that would do nothing.
    """

    plan: Script | None = None
    fault: Script | None = None
    problems: tuple[tuple[str, str], ...] = ()


NO_MAGIC = Magic()


def names_magic(body: bytes) -> bool:
    """Whether a body may name a magic host: quick, and never False where it does.

    In a long body with escapes that is not looked for: to read it takes less time.
    """
    at = body.find(b"\\")  # one byte is found much faster than four
    if body.find(b"%") >= 0 or (at >= 0 and body.find(b"\\u00", at) >= 0):
        return len(body) > LONG or _HIDDEN_MARK.search(body) is not None
    return body.lower().find(_MARK) >= 0


def magic_name(url: object) -> str | None:
    """The name under the domain that a reference URL's host has, `stuck`; None for other hosts."""
    found = _URL.match(url[:_BEGINNING]) if isinstance(url, str) else None
    if found is None:
        return None
    authority = unquote(found[1].rpartition("@")[2]).lower()
    host = authority.partition(":")[0].rstrip(".")
    return host.removesuffix(_UNDER) if host.endswith(_UNDER) else None


def magic(url: object) -> str | None:
    """The script that a reference URL stands for, or None; the host decides."""
    name = magic_name(url)
    return MAGIC_HOSTS.get(name) if name else None


def references(value: object, pointer: str = "") -> Iterator[Reference]:
    """Every URL under the domain in a JSON value, however deep, in its order."""
    rest = [(value, pointer)]
    while rest:
        each, at = rest.pop()
        if (name := magic_name(each)) is not None:
            yield Reference(name, at)
        elif isinstance(each, dict):
            rest += [(child, f"{at}/{escaped(key)}") for key, child in reversed(each.items())]
        elif isinstance(each, list):
            rest += [(each[index], f"{at}/{index}") for index in reversed(range(len(each)))]


def magic_of(value: object) -> Magic:
    """What the hosts in a JSON value stand for. The first one decides; others may only agree."""
    found: dict[bool, tuple[str, Script]] = {}
    problems = []
    for name, pointer in references(value):
        if name not in MAGIC_HOSTS:
            problems.append((pointer, _unknown(name)))
            continue
        script = parse(MAGIC_HOSTS[name])
        first, _ = found.setdefault(script.fault is None, (name, script))
        if first != name:
            said = f"'{name}{_UNDER}' would do nothing: '{first}{_UNDER}' stands before it"
            problems.append((pointer, said))
    plan, fault = (found.get(which, ("", None))[1] for which in (True, False))
    return Magic(plan, fault, tuple(problems))


def magic_in(body: bytes) -> Magic:
    """What the hosts in a body stand for, before anybody has judged the body.

    Nothing where one of them would do nothing, or the body is not JSON: that is told in its turn.
    """
    if not names_magic(body):
        return NO_MAGIC
    try:
        found = magic_of(read_json(body))
    except MockError:
        return NO_MAGIC
    return NO_MAGIC if found.problems else found


def _unknown(name: str) -> str:
    near = nearest(name[:LONGEST].lower(), MAGIC_HOSTS)
    known = f"did you mean '{near}{_UNDER}'?" if near else f"known are {', '.join(MAGIC_HOSTS)}"
    return f"unknown host '{name[:60]}{_UNDER}': {known}"
