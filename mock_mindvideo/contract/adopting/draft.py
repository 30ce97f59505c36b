"""The draft of a model folder: everything that a page says of a model, file by file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mock_mindvideo.catalog import Model, every_model
from mock_mindvideo.catalog.files import read_object
from mock_mindvideo.catalog.structure import properties
from mock_mindvideo.contract.adopting.beside import BESIDE, fits, guessed
from mock_mindvideo.contract.adopting.page_file import page_file, same_page
from mock_mindvideo.contract.adopting.prices import price_list
from mock_mindvideo.contract.adopting.prose import read_prose, read_references
from mock_mindvideo.contract.drift.page.facts import FILE
from mock_mindvideo.contract.drift.page.reading import Page
from mock_mindvideo.contract.drift.sources import Source, read_source
from mock_mindvideo.contract.problems import ContractError
from mock_mindvideo.platform import PLATFORM

SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")

#: What no page says, and a packaged folder of the same model may.
_UPSTREAM = "upstream.schema.json"

_NAMES = PLATFORM.members

#: The longest name of a model, in words.
_WORDS = 8


@dataclass(slots=True)
class Draft:
    """The files of a folder by name, and what a person should look at.

    `grounds` says of each file where it comes from, `kept` what was taken over from the packaged
    folder of the same model, `questions` what the page leaves open.
    """

    slug: str
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    grounds: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def add(self, name: str, content: dict[str, Any], ground: str) -> None:
        self.files[name], self.grounds[name] = content, ground


def draft_of(path: Path, saved: str) -> Draft:
    """What a saved page says of its model; `saved` is the day on which it was.

    Raises ContractError for what is no such page.
    """
    source = read_source(path)
    page = source.page
    if page is None or page.schema is None:
        raise ContractError(path, "is no saved page of the vendor, which has a schema in its text")
    slug = _slug(path, page)
    draft = Draft(slug)
    shipped = every_model().models.get(slug)
    named = properties(page.schema.value)
    output = _output(draft, page)
    draft.add("model.json", _about(draft, page, named, output), "the command and the answer")
    line = page.schema.lines.of(())
    draft.add("input.schema.json", page.schema.value, f"line {line}, as it is published")
    _add_rules(draft, page, named)
    _add_price(draft, source, named, output)
    _take_over(draft, shipped, named)
    _add_page(draft, page, saved, shipped)
    return draft


def _slug(path: Path, page: Page) -> str:
    slug = page.request.value[_NAMES.model] if page.request else None
    given = page.request.value[_NAMES.input] if page.request else None
    if page.request is None or not isinstance(given, dict):
        raise ContractError(path, "the page has no command that sends a model and an input")
    if not isinstance(slug, str) or not SLUG.fullmatch(slug):
        line = page.request.lines.of((_NAMES.model,))
        raise ContractError(path, f"{str(slug)[:80]!r} cannot be the slug of a model", line=line)
    return slug


def _output(draft: Draft, page: Page) -> str:
    for answer in page.answers:
        found = answer.value.get(_NAMES.output)
        for kind in ("videos", "images"):
            if isinstance(found, Mapping) and kind in found:
                return kind
    draft.questions.append(
        "What does it answer with? No answer of the page has one; taken: videos."
    )
    return "videos"


def _about(draft: Draft, page: Page, named: Mapping[str, Any], output: str) -> dict[str, Any]:
    request = page.request.value if page.request else {}
    title = next(_titles(page, draft.slug), None)
    if title is None:
        draft.questions.append("What is it called? The page does not name it; taken: its slug.")
    about = {
        "slug": draft.slug,
        "title": title or draft.slug,
        "output": output,
        "example": request[_NAMES.input],
    }
    references = read_references(page.sentences, named)
    return about | ({"references": references} if references else {})


def _titles(page: Page, slug: str) -> Iterator[str]:
    """Words of the page that read like the slug: `Wan 2.7 R2v` for `wan2-7-r2v`."""
    wanted = _bare(slug)
    for sentence in page.sentences:
        words = sentence.text.split()
        for start in range(len(words)):
            for end in range(start + 1, min(start + _WORDS, len(words)) + 1):
                found = " ".join(words[start:end]).strip(".,:;!?()")
                if _bare(found) == wanted and found != slug:
                    yield found


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _add_rules(draft: Draft, page: Page, named: Mapping[str, Any]) -> None:
    prose = read_prose(page.sentences, named)
    if prose.rules:
        content = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"Rules of {draft.slug} that the vendor states in prose only",
            "allOf": prose.rules,
        }
        ground = f"{len(prose.rules)} of the page's sentences"
        draft.add("rules.schema.json", content, ground)
    draft.questions += [
        f"Is this a rule that the schema does not have? Line {each.line}: {each.text[:200]}"
        for each in prose.unread
    ]


def _add_price(draft: Draft, source: Source, named: Mapping[str, Any], output: str) -> None:
    others = [each for slug, each in every_model().models.items() if slug != draft.slug]
    found = price_list(source.example or {}, source.price, output, named, others)
    draft.add("pricing.json", found.pricing, f"the example's cost, {source.price}")
    draft.questions += found.questions


def _take_over(draft: Draft, shipped: Model | None, named: Mapping[str, Any]) -> None:
    """What no page says, from the packaged folder of the same model where it fits the schema."""
    own = read_object(shipped.folder / "model.json") if shipped else {}
    for name in BESIDE:
        if name in own and fits(name, own[name], named):
            draft.files["model.json"][name] = own[name]
            draft.kept.append(f"{name} in model.json")
        else:
            _add_beside(draft, name, named)
    if shipped is not None and shipped.upstream_schema is not None:
        draft.add(_UPSTREAM, shipped.upstream_schema, "the packaged model")
        draft.kept.append(_UPSTREAM)
    else:
        draft.questions.append(
            "What does the model behind it refuse? Nothing is known (upstream.schema.json)."
        )


def _add_beside(draft: Draft, name: str, named: Mapping[str, Any]) -> None:
    about = draft.files["model.json"]
    guess, question = guessed(name, about, named)
    if guess is not None:
        about[name] = guess
    if question:
        draft.questions.append(question)


def _add_page(draft: Draft, page: Page, saved: str, shipped: Model | None) -> None:
    content = page_file(page, draft.slug, saved)
    file = shipped.folder / FILE if shipped else None
    if file is not None and file.is_file():
        before = read_object(file)
        content = before if same_page(before, content) else content
    draft.add(FILE, content, f"{len(content['sentences'])} sentences, as digests")
