"""What the vendor documents, as a page says it: from a model's `page.json`, or from an older page.

`page.json` holds facts and figures, and of the vendor's sentences only digests: a page with the
same digest says the same words. A sentence in other words still states a fact where it speaks of
all that the fact is about, with the same figures and as many negations.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mock_mindvideo.catalog.forms import read_checked
from mock_mindvideo.contract.drift.page.reading import Call, Page, Sentence
from mock_mindvideo.platform.data import data_folder

#: The file of a model folder that says what the vendor's page says.
FILE = "page.json"

_NEGATION = re.compile(r"\b(?:not|no|never|cannot|without|nor|neither|none|except)\b|n't\b")
_FIGURE = re.compile(r"(?<![\w.-])\d+(?:\.\d+)?(?![\w-])")


def figures(text: str) -> tuple[str, ...]:
    """The numbers of a sentence, in order."""
    return tuple(_FIGURE.findall(text))


def negations(text: str) -> int:
    """How many words of a sentence deny."""
    return len(_NEGATION.findall(text.lower().replace("’", "'")))


def lists(text: str, wanted: frozenset[str]) -> bool:
    """Whether a sentence has a list of just those words, as in `a, b, or c`."""
    parts = [re.findall(r"[\w-]+", each) for each in _SEPARATOR.split(text.lower())]
    parts = [each for each in parts if each]
    return any(
        _is_list(parts, start, start + len(wanted) - 1, wanted)
        for start in range(len(parts) - len(wanted) + 1)
    )


def _is_list(parts: list[list[str]], start: int, end: int, wanted: frozenset[str]) -> bool:
    """Whether the parts from `start` to `end` are the list, and it goes on to neither side."""
    inner = [each for part in parts[start + 1 : end] for each in part]
    words = (parts[start][-1], *inner, parts[end][0])
    longer = (start > 0 and len(parts[start]) == 1) or (
        end + 1 < len(parts) and len(parts[end]) == 1
    )
    return len(words) == len(wanted) and wanted == set(words) and not longer


_SEPARATOR = re.compile(r"[,/|、]|\bor\b|\band\b")


@dataclass(frozen=True, slots=True)
class Fact:
    """How a sentence is recognised that states a fact, in whatever words.

    `says` are patterns that it matches, each; `figures` numbers that it has; `listed` the words
    of its list, if it has one.
    """

    id: str
    says: tuple[str, ...]
    figures: tuple[str, ...] = ()
    listed: frozenset[str] = frozenset()

    def score(self, text: str) -> float:
        """How much of the fact a sentence speaks of, from 0 to 1."""
        lower = text.lower()
        return sum(bool(re.search(each, lower)) for each in self.says) / len(self.says)

    def stated(self, text: str) -> bool:
        """Whether a sentence says it."""
        found = figures(text)
        return (
            self.score(text) == 1
            and all(each in found for each in self.figures)
            and (not self.listed or lists(text, self.listed))
        )


@dataclass(frozen=True, slots=True)
class Known:
    """A sentence as it was: its digest, the facts in it, its figures and negations."""

    digest: str
    facts: tuple[str, ...]
    figures: tuple[str, ...]
    negations: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a page said before, whatever it is known from."""

    sentences: Sequence[Known] = ()
    calls: Sequence[Call] = ()
    answer: Mapping[str, Any] | None = None
    slug: str | None = None


def said_of(folder: Path, slug: str) -> Said | None:
    """What the page of a model says, from its folder; None where that is not written down."""
    file = folder / FILE
    if not file.is_file():
        return None
    rows = read_checked(file, "page")
    return Said(
        [
            Known(each["digest"], tuple(each["facts"]), tuple(each["figures"]), each["negations"])
            for each in rows["sentences"]
        ],
        [Call(each["method"], each["url"], each["headers"], 0) for each in rows["calls"]],
        rows["answer"],
        slug,
    )


def said_by(page: Page) -> Said:
    """What an older page says."""
    return Said(
        [known(each) for each in page.sentences],
        page.calls,
        page.answers[0].value if page.answers else None,
        str(page.request.value["model"]) if page.request else None,
    )


def known(sentence: Sentence) -> Known:
    """A sentence, with the facts that are recognised in it."""
    text = sentence.text
    return Known(sentence.digest, facts_in(sentence), figures(text), negations(text), text)


def facts_in(sentence: Sentence) -> tuple[str, ...]:
    """The ids of the facts that a sentence states, by its words or by what they say."""
    noted = _noted().get(sentence.digest)
    if noted is not None:
        return noted
    return tuple(each.id for each in facts() if each.stated(sentence.text))


@cache
def noted_facts() -> tuple[Mapping[str, Any], ...]:
    """The facts of the shipped models as their files have them, each once."""
    found = {each["id"]: each for rows in _shipped() for each in rows["facts"]}
    return tuple(found.values())


@cache
def facts() -> tuple[Fact, ...]:
    """How each fact of the shipped models is recognised."""
    return tuple(
        Fact(
            each["id"],
            tuple(each["says"]),
            tuple(each.get("figures", ())),
            frozenset(each.get("listed", ())),
        )
        for each in noted_facts()
    )


@cache
def _noted() -> Mapping[str, tuple[str, ...]]:
    return {
        each["digest"]: tuple(each["facts"]) for rows in _shipped() for each in rows["sentences"]
    }


@cache
def _shipped() -> tuple[Mapping[str, Any], ...]:
    files = sorted((data_folder("schemas") / "models").glob(f"*/{FILE}"))
    return tuple(read_checked(each, "page") for each in files)
