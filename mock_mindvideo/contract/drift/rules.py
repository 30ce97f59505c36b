"""The names of rules: oasdiff's published ones where it has the rule.

Levels are oasdiff's too, but for four things: what a schema or a value proves to be refused now
is an error, also where oasdiff only warns; a member that is gone from an answer is an error, since
those who read it find nothing; security that lets fewer callers in is one; and so is a server that
is gone.
"""

#: What happened, to what it is called where the name does not follow from the part.
_NAMES = {
    ("requests", "required-property-added"): "new-required-request-property",
    ("requests", "optional-property-added"): "new-optional-request-property",
    ("requests", "required-property-removed"): "request-property-removed",
    ("requests", "optional-property-removed"): "request-property-removed",
    ("readers", "required-property-added"): "response-required-property-added",
    ("readers", "optional-property-added"): "response-optional-property-added",
    ("readers", "required-property-removed"): "response-required-property-removed",
    ("readers", "optional-property-removed"): "response-optional-property-removed",
}  # fmt: skip

#: What oasdiff has one name for.
_ALIKE = {
    "format-added": "type-changed",
    "format-removed": "type-changed",
    "format-changed": "type-changed",
    "content-encoding-added": "content-encoding-changed",
    "content-encoding-removed": "content-encoding-changed",
    "content-media-type-added": "content-media-type-changed",
    "content-media-type-removed": "content-media-type-changed",
    "deprecated-set": "deprecated",
    "deprecated-unset": "reactivated",
}


def rule(side: str, place: str, kind: str, pointer: str) -> str:
    """The rule's name. A `place` of "" says that `kind` is the whole name."""
    if not place:
        return kind
    if (side, kind) in _NAMES and place in ("body", "property"):
        return _NAMES[side, kind]
    kind = _ALIKE.get(kind, kind)
    if side == "requests" and kind == "type-specialized":
        kind = "type-changed"
    if place == "header":
        return f"response-header-{kind}"
    kind = _bound(side, kind)
    duty = kind in ("became-required", "became-optional")
    inside = "/properties/" in pointer or "/items" in pointer or duty
    if place == "parameter":
        return f"request-parameter-{'property-' if inside and not duty else ''}{kind}"
    part = "property" if inside else "body"
    return f"{'request' if side == 'requests' else 'response'}-{part}-{kind}"


def _bound(side: str, kind: str) -> str:
    """A bound that comes or goes, where oasdiff takes it for one that moves."""
    if kind in ("min-length-set", "min-properties-set"):
        return kind.replace("-set", "-increased")
    if kind.endswith("-unset") and (side, kind) not in _UNSET:
        return kind.replace("-unset", "-increased" if "max" in kind else "-decreased")
    return kind


_UNSET = (("readers", "max-length-unset"), ("readers", "min-items-unset"))
