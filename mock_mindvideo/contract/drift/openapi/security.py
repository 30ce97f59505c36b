"""Who is let in."""

from collections.abc import Iterator, Mapping
from typing import Any

from mock_mindvideo.contract.drift.change import Drift
from mock_mindvideo.contract.drift.openapi.api import Api
from mock_mindvideo.contract.drift.openapi.payloads import Pair

#: What a caller must have: schemes as they are sent, each with its scopes.
Needs = dict[tuple[str, ...], frozenset[str]]


def security(pair: Pair, before: Api, after: Api) -> Iterator[Drift]:
    """Whether each way in is still one."""
    old = [_needs(each, before) for each in before.security(pair.before)]
    new = [_needs(each, after) for each in after.security(pair.after)]
    shut = [each for each in old if not any(_enough(each, other) for other in new)]
    opened = [each for each in new if not any(_enough(other, each) for other in old)]
    for each in shut:
        words, kind = _why(each, new)
        yield pair.sent("/security", words, True, kind)
    for each in opened:
        if not shut:
            words = f"callers may come with {_shown(each)} now"
            yield pair.sent("/security", words, False, "api-security-added")


def _needs(requirement: Mapping[str, Any], api: Api) -> Needs:
    found: Needs = {}
    for name, scopes in requirement.items():
        node = api.scheme(name)
        found[_sent(name, node.schema if node else {})] = frozenset(scopes or ())
    return found


def _sent(name: str, scheme: Mapping[str, Any]) -> tuple[str, ...]:
    """A scheme as its requests show it; what it is called is no part of that."""
    kind = str(scheme.get("type", name))
    if kind == "apiKey":
        key = str(scheme.get("name"))
        place = str(scheme.get("in"))
        return kind, place, key.lower() if place == "header" else key
    if kind == "http":
        return kind, str(scheme.get("scheme", "")).lower()
    if kind == "openIdConnect":
        return kind, str(scheme.get("openIdConnectUrl"))
    return kind, *sorted(scheme.get("flows", ()))


def _enough(has: Needs, wanted: Needs) -> bool:
    """Whether a caller who has the one is let in where the other is wanted."""
    return all(each in has and scopes <= has[each] for each, scopes in wanted.items())


def _why(old: Needs, new: list[Needs]) -> tuple[str, str]:
    if not old:
        return f"callers need {_shown(new[0])} now", "api-security-added"
    if any(old.keys() >= each.keys() for each in new):
        return f"{_shown(old)} needs more scopes now", "api-security-scope-added"
    return f"callers with {_shown(old)} are not let in any more", "api-security-removed"


def _shown(needs: Needs) -> str:
    names = [
        " ".join(each) + "".join(f" {scope}" for scope in sorted(needs[each])) for each in needs
    ]
    return " and ".join(names) or "nothing"
