"""Formats: texts that every reader of the format accepts.

JSON Schema only notes a format, so these are plausible values and no rule that could be broken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from hypothesis import strategies as st

WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
_HOSTS = st.sampled_from(["example.com", "example.org", "cdn.example.net"])
_ZONES = st.sampled_from(["Z", "+00:00", "+08:00", "-03:30"])
_MOMENTS = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 12, 31))
_EMAILS = st.builds("{}@{}".format, WORDS, _HOSTS)
_URIS = st.builds("https://{}/{}".format, _HOSTS, WORDS)
_RELATIVE = st.one_of(_URIS, st.builds("/{}".format, WORDS))
_POINTERS = st.lists(WORDS, max_size=3).map(lambda tokens: "".join(f"/{t}" for t in tokens))
_DATES = _MOMENTS.map(lambda moment: moment.date().isoformat())
_TIMES = st.builds(lambda moment, zone: f"{moment:%H:%M:%S}{zone}", _MOMENTS, _ZONES)

FORMATS: Mapping[str, st.SearchStrategy[str]] = {
    "date": _DATES,
    "time": _TIMES,
    "date-time": st.builds("{}T{}".format, _DATES, _TIMES),
    "duration": st.builds("PT{}S".format, st.integers(0, 86_400)),
    "email": _EMAILS,
    "idn-email": _EMAILS,
    "hostname": _HOSTS,
    "idn-hostname": _HOSTS,
    "ipv4": st.ip_addresses(v=4).map(str),
    "ipv6": st.ip_addresses(v=6).map(str),
    "uri": _URIS,
    "iri": _URIS,
    "uri-reference": _RELATIVE,
    "iri-reference": _RELATIVE,
    "uri-template": st.builds("https://example.com/{{{}}}".format, WORDS),
    "uuid": st.uuids().map(str),
    "json-pointer": _POINTERS,
    "relative-json-pointer": st.builds("{}{}".format, st.integers(0, 9), _POINTERS),
    "regex": st.builds("^[{}]*$".format, WORDS),
}
