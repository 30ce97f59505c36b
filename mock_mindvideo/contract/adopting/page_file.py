"""`page.json`: what a page says, in facts and figures, so that `drift` knows it when it changes."""

from collections.abc import Mapping
from typing import Any

from mock_mindvideo.contract.drift.page.facts import known, noted_facts
from mock_mindvideo.contract.drift.page.reading import Call, Page, Sentence


def page_file(page: Page, slug: str, saved: str) -> dict[str, Any]:
    """The file's content; of the vendor's sentences it keeps digests alone."""
    sentences = [_sentence(each) for each in page.sentences]
    stated = {fact for each in sentences for fact in each["facts"]}
    return {
        "source": f"MindVideo's page for {slug}, saved on {saved}",
        "facts": [dict(each) for each in noted_facts() if each["id"] in stated],
        "sentences": sentences,
        "calls": [_call(each) for each in page.calls],
        "answer": page.answers[0].value if page.answers else {},
    }


def same_page(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two such files speak of one page, whenever it was saved."""
    return {**one, "source": ""} == {**other, "source": ""}


def _sentence(sentence: Sentence) -> dict[str, Any]:
    found = known(sentence)
    return {
        "digest": found.digest,
        "facts": list(found.facts),
        "figures": list(found.figures),
        "negations": found.negations,
    }


def _call(call: Call) -> dict[str, Any]:
    return {"method": call.method, "url": call.url, "headers": dict(call.headers)}
