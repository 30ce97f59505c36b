"""Rules and names that a page states in prose alone, as JSON Schema and as references.

A sentence is read where it names at least two properties of the input and says one of a few things
of them. What is not read stays a question: nothing is guessed from words.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from mock_mindvideo.contract.drift.page.facts import facts_in, figures, negations
from mock_mindvideo.contract.drift.page.reading import Sentence

#: More ways to split a number of items among properties than this are not written out.
MOST_SPLITS = 200

_TOGETHER = re.compile(r"\b(?:combined|together|in total|altogether|sum)\b", re.IGNORECASE)
_AT_MOST = re.compile(
    r"\b(?:cannot exceed|not exceed|at most|no more than|up to|maximum|a limit of)\b", re.IGNORECASE
)
_AT_LEAST_ONE = re.compile(
    r"\b(?:at least one|exactly one|one or more|one of|either)\b.*\b(?:required|must|needed)\b"
    r"|\b(?:required?|must|need)\b.*\b(?:at least one|exactly one|one or more|either)\b",
    re.IGNORECASE,
)
_NOT_BOTH = re.compile(
    r"\b(?:mutually exclusive|not both|cannot be (?:used|combined|sent) (?:together|with)"
    r"|only one of|exactly one)\b",
    re.IGNORECASE,
)
#: A sentence with one of these says something that a schema may not.
_LIMITING = re.compile(
    r"\b(?:required?|must|cannot|not|only|at (?:most|least)|up to|no more|maximum|minimum|exceed"
    r"|between)\b",
    re.IGNORECASE,
)

#: How prompts name what was uploaded, by its kind: as the vendor's pages do, and in English (I06).
NAMES: Mapping[str, Sequence[str]] = {
    "image": ("图", "Image "),
    "video": ("视频", "Video "),
    "audio": ("音频", "Audio "),
}


@dataclass(frozen=True, slots=True)
class Prose:
    """What was read: rules as schemas, and the sentences that say something and were not read."""

    rules: list[dict[str, Any]]
    unread: list[Sentence]


def read_prose(sentences: Sequence[Sentence], properties: Mapping[str, Any]) -> Prose:
    """The rules over several properties that sentences state."""
    rules: dict[str, tuple[int, dict[str, Any]]] = {}
    unread = []
    for sentence in sentences:
        named = _named(sentence.text, properties)
        found = list(_rules(sentence, named, properties)) if len(named) > 1 else []
        for place, rule in found:
            rules.setdefault(rule["title"], (place, rule))
        if not found and _says_more(sentence, named, properties):
            unread.append(sentence)
    ordered = sorted(rules.values(), key=lambda each: each[0])
    return Prose([rule for _, rule in ordered], unread)


def _says_more(sentence: Sentence, named: list[str], properties: Mapping[str, Any]) -> bool:
    """Whether a sentence limits what it names, or what it describes by figures not in a schema."""
    if not _LIMITING.search(sentence.text):
        return False
    if named:
        return True
    of = [each for each in properties.values() if sentence.text in each.get("description", "")]
    stated = figures(sentence.text)
    return any(not set(stated) <= _figures_of(each) for each in of)


def _figures_of(schema: Mapping[str, Any]) -> set[str]:
    """The numbers of a property's schema, but for those in its description."""
    rest = {name: each for name, each in schema.items() if name != "description"}
    return set(re.findall(r"\d+(?:\.\d+)?", json.dumps(rest)))


def read_references(
    sentences: Sequence[Sentence], properties: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """How prompts name the items of properties into which files are uploaded."""
    text = "\n".join(each.text for each in sentences)
    return [
        {"property": name, "names": list(NAMES[kind])}
        for kind, name in _uploads(properties)
        if any(re.search(f"{re.escape(each)}[0-9]", text) for each in NAMES[kind])
    ]


def upload_kind(name: str, schema: Mapping[str, Any]) -> str | None:
    """What files a property takes: as its form says (D19), else as its name does; None for none."""
    form = schema.get("x-playground")
    form = form if isinstance(form, Mapping) else {}
    said = form.get("uploadKind") or str(form.get("accept", "")).partition("/")[0]
    if said in NAMES:
        return str(said)
    return next((kind for kind in NAMES if _CALLED[kind].search(name)), None)


_CALLED = {
    "image": re.compile(r"(?:image|img|picture|photo|frame)s?(?:_urls?|_with_roles)$"),
    "video": re.compile(r"(?:video|clip|film)s?_urls?$"),
    "audio": re.compile(r"(?:audio|voice|sound)s?_urls?$"),
}


def _uploads(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The kind of files and the property that takes a list of them; images first."""
    kinds = {
        name: upload_kind(name, each)
        for name, each in properties.items()
        if each.get("type") == "array"
    }
    for kind in NAMES:
        yield from ((kind, name) for name, found in kinds.items() if found == kind)


def _named(text: str, properties: Mapping[str, Any]) -> list[str]:
    """The properties that a sentence names, in its order; plain words are no names."""
    found = {name: re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in properties}
    there = {name: each.start() for name, each in found.items() if each}
    return sorted(there, key=lambda name: there[name])


def _rules(
    sentence: Sentence, named: list[str], properties: Mapping[str, Any]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rules that a sentence states, each with its place among others."""
    text, listed = sentence.text, f"{', '.join(named[:-1])} and {named[-1]}"
    counts = [int(each) for each in figures(text) if each.isdecimal()]
    arrays = all(properties[name].get("type") == "array" for name in named)
    if _TOGETHER.search(text) and _AT_MOST.search(text) and len(counts) == 1 and arrays:
        title = f"{listed} together must hold at most {counts[0]} items"
        if body := _at_most(named, counts[0], properties):
            yield 0, _worded(title, sentence, body)
        return
    if _AT_LEAST_ONE.search(text) and not negations(text):
        title = f"at least one of {listed} is required"
        yield 1, _worded(title, sentence, {"anyOf": [{"required": [name]} for name in named]})
    if _NOT_BOTH.search(text):
        for one, other in combinations(named, 2):
            title = f"{one} and {other} exclude each other"
            yield 2, _worded(title, sentence, {"not": {"required": [one, other]}})


def _worded(title: str, sentence: Sentence, body: dict[str, Any]) -> dict[str, Any]:
    """A rule with its message and its ground: the fact that is known of it, or its line."""
    ground = ", ".join(facts_in(sentence)) or f"line {sentence.line} of the page"
    return {"title": title, "$comment": ground, **body}


def _at_most(named: list[str], most: int, properties: Mapping[str, Any]) -> dict[str, Any] | None:
    """That the lists hold so many items together: none of the ways to hold one more."""
    ways = [
        way
        for way in product(*(range(_limit(properties[name], most) + 1) for name in named))
        if sum(way) == most + 1
    ]
    if not ways or len(ways) > MOST_SPLITS:
        return None
    always = [name for name, *counts in zip(named, *ways, strict=True) if all(counts)]
    splits = [_split(dict(zip(named, way, strict=True)), always) for way in ways]
    return {"not": {"type": "object", "required": always, "anyOf": splits}}


def _split(way: Mapping[str, int], always: Sequence[str]) -> dict[str, Any]:
    needed = [name for name, count in way.items() if count and name not in always]
    lists = {name: {"type": "array", "minItems": count} for name, count in way.items() if count}
    return {"required": needed, "properties": lists} if needed else {"properties": lists}


def _limit(schema: Mapping[str, Any], most: int) -> int:
    """The most items that one list can hold, one more than all together where it says nothing."""
    return min(int(schema.get("maxItems", most + 1)), most + 1)
