"""Which sentences of a page are not as they were, and whether they still say the same."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from mock_mindvideo.contract.drift.change import Drift
from mock_mindvideo.contract.drift.page.facts import (
    Fact,
    Known,
    facts,
    facts_in,
    figures,
    negations,
)
from mock_mindvideo.contract.drift.page.reading import Sentence
from mock_mindvideo.contract.masking import shown_value

#: The share of known sentences from which on a page is taken for the same, not one of its own.
SAME_PAGE = 0.3

#: The share of facts from which on a page is taken for a whole one, not for a part.
WHOLE_PAGE = 0.5

#: How much of a fact a sentence of a part speaks of, to be taken for the one that states it.
NEAR = 0.75


def is_whole(old: Sequence[Known], new: Sequence[Sentence]) -> bool:
    """Whether the page speaks of most of what the old one does; if not, it is a part of one."""
    known = {fact for each in old for fact in each.facts}
    stated = {fact for each in new for fact in facts_in(each)}
    return len(stated & known) >= WHOLE_PAGE * len(known)


def _is_same(old: Sequence[Known], new: Sequence[Sentence]) -> bool:
    digests = {each.digest for each in new}
    return sum(each.digest in digests for each in old) >= SAME_PAGE * len(old)


def statements(old: Sequence[Known], new: Sequence[Sentence]) -> Iterator[Drift]:
    """Each sentence that is gone or has changed, under the facts that it stated."""
    whole = is_whole(old, new)
    if not whole or not _is_same(old, new):
        yield from _of_other_words(old, new, 0 if whole else NEAR)
        return
    places = _matched(old, new)
    unknown = set(range(len(new))) - {each for each in places if each is not None}
    for index, known in enumerate(old):
        if places[index] is not None:
            continue
        at = _counterpart(known, index, places, unknown, new)
        line = new[at].line if at is not None else _near(index, places, new)
        unknown.discard(-1 if at is None else at)
        others = [new[each] for each in sorted(unknown)]
        for change in _judged(known, new[at] if at is not None else None, others, new):
            yield replace(change, line=line)
    yield from _new(new, unknown)


def _of_other_words(old: Sequence[Known], new: Sequence[Sentence], least: float) -> Iterator[Drift]:
    """The facts that a page in other words does not state; of a part, only those it speaks of."""
    wanted = {fact for each in old for fact in each.facts}
    for fact in facts():
        if fact.id not in wanted or any(fact.id in facts_in(each) for each in new):
            continue
        nearest = max(new, key=lambda each: fact.score(each.text), default=None)
        if nearest is not None and fact.score(nearest.text) >= least:
            words = f"{fact.id} is not stated; the nearest is: {shown_value(nearest.text)}"
            yield Drift("page", "", words, True, True, line=nearest.line, place="",
                         kind="page-fact-changed", facts=(fact.id,))  # fmt: skip


def _matched(old: Sequence[Known], new: Sequence[Sentence]) -> list[int | None]:
    """Where each old sentence stands in the new page, in order; those that moved, after that."""
    olds, news = [each.digest for each in old], [each.digest for each in new]
    places: list[int | None] = [None] * len(olds)
    for start, other, length in SequenceMatcher(None, olds, news, False).get_matching_blocks():
        for step in range(length):
            places[start + step] = other + step
    free: defaultdict[str, list[int]] = defaultdict(list)
    for index in reversed(range(len(news))):
        if index not in places:
            free[news[index]].append(index)
    for index, digest in enumerate(olds):
        if places[index] is None and free[digest]:
            places[index] = free[digest].pop()
    return places


def _counterpart(
    known: Known,
    index: int,
    places: list[int | None],
    unknown: set[int],
    new: Sequence[Sentence],
) -> int | None:
    """The new sentence that stands where the old one stood."""
    start = next((each for each in reversed(places[:index]) if each is not None), -1)
    end = next(
        (each for each in places[index + 1 :] if each is not None and each > start), len(new)
    )
    between = [each for each in range(start + 1, end) if each in unknown]
    if not between:
        return None
    about = [each for each in facts() if each.id in known.facts]
    return max(between, key=lambda each: (_score(about, new[each]), -each))


def _score(about: list[Fact], sentence: Sentence) -> float:
    return sum(each.score(sentence.text) for each in about)


def _near(index: int, places: list[int | None], new: Sequence[Sentence]) -> int:
    """The line where a sentence that is gone would stand."""
    later = next((each for each in places[index + 1 :] if each is not None), None)
    before = next((each for each in reversed(places[:index]) if each is not None), None)
    place = later if later is not None else before
    return new[place].line if place is not None else 1


def _judged(
    known: Known, now: Sentence | None, others: list[Sentence], new: Sequence[Sentence]
) -> Iterator[Drift]:
    rows = {each.id: each for each in facts()}
    ids = known.facts or ("",)
    kept = {each: _kept(known, rows.get(each), now) for each in ids}
    for each in ids:
        fact = rows.get(each)
        elsewhere = fact is not None and any(fact.stated(other.text) for other in others)
        if now is None and fact is not None:
            elsewhere = elsewhere or any(fact.stated(other.text) for other in new)
        holds = kept[each] or elsewhere
        if now is not None and not holds and _only_another_fails(known, ids, kept, rows, now, each):
            holds = True
        yield _change(each, known, now, holds)


def _kept(known: Known, fact: Fact | None, now: Sentence | None) -> bool:
    """Whether the sentence there now has the same figures and negations, and states the fact."""
    if now is None:
        return False
    same = figures(now.text) == known.figures and negations(now.text) == known.negations
    return same and (fact is None or fact.stated(now.text))


def _only_another_fails(
    known: Known,
    ids: Sequence[str],
    kept: dict[str, bool],
    rows: dict[str, Fact],
    now: Sentence,
    each: str,
) -> bool:
    """Whether this fact is still stated, and another of the sentence is not."""
    fact = rows.get(each)
    return (
        fact is not None
        and fact.stated(now.text)
        and any(
            other in rows and not rows[other].stated(now.text) for other in ids if other != each
        )
    )


def _change(fact: str, known: Known, now: Sentence | None, holds: bool) -> Drift:
    where = f"the page says here: {shown_value(now.text)}" if now else "a sentence is gone"
    before = f"; it said: {shown_value(known.text)}" if known.text else ""
    if not fact:
        words = f"{where}{before}"
    elif holds:
        words = f"{fact} is stated in other words: {where}{before}"
    else:
        words = f"{fact} is not stated any more as it was: {where}{before}"
    breaks = bool(fact) and not holds
    kind = "page-fact-changed" if breaks else "page-text-changed"
    facts_ = (fact,) if fact else ()
    risky = bool(fact) or (now is not None and figures(now.text) != known.figures)
    return Drift("page", "", words, breaks, breaks, kind=kind, place="", facts=facts_, risky=risky)


def _new(new: Sequence[Sentence], unknown: set[int]) -> Iterator[Drift]:
    """Sentences that stand in no older page."""
    for index in sorted(unknown):
        found = facts_in(new[index])
        words = f"the page says now: {shown_value(new[index].text)}"
        yield Drift("page", "", words, False, False, line=new[index].line,
                     kind="page-text-added", place="", facts=found)  # fmt: skip
