"""What a page says: its calls, its examples, its schema, and its sentences."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any

from mock_mindvideo.contract.drift.json_text import JsonText, NotJson
from mock_mindvideo.contract.drift.page.text import Text, page_text
from mock_mindvideo.contract.yaml_lines import YamlLines
from mock_mindvideo.platform import PLATFORM

#: Sentences and objects that are looked at; a page has some dozens.
MOST_SENTENCES = 1000
MOST_OBJECTS = 1000
MOST_CALLS = 100

#: The longest sentence; of a longer one, its beginning is looked at.
LONGEST = 2000

#: Work that broken objects may cost, in lengths of the page.
MOST_WORK = 30


class Hostile(ValueError):
    """A page that is built to be expensive."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `digest` is the same for the same words."""

    text: str
    line: int

    @property
    def digest(self) -> str:
        words = " ".join(re.findall(r"\w+", self.text.lower()))
        return sha256(words.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class PageObject:
    """A JSON object in the page, with the lines of its parts."""

    value: dict[str, Any]
    lines: YamlLines
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Call:
    """One curl command: header values by their names as they are written, and each line."""

    method: str
    url: str
    headers: Mapping[str, str]
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """Everything that is read of a page."""

    calls: list[Call] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    request: PageObject | None = None
    answers: list[PageObject] = field(default_factory=list)
    schema: PageObject | None = None


def read_page(text: str) -> Page:
    """What a page says; raises Hostile, or TooDeep for objects nested without end."""
    shown, scripts = page_text(text)
    found = _read(shown)
    for script, line in scripts:
        if found.schema is None and "properties" in script:
            _from_script(found, script, line)
    if found.schema is not None:
        found.sentences += _described(found.schema.value, found.schema.lines)
    return found


def _read(shown: Text) -> Page:
    found, whole, rest = Page(), shown.whole, list[tuple[int, int]]()
    at = 0
    for each in objects(whole, shown.line):
        rest.append((at, each.start))
        at = each.end
        _sort(found, each)
    rest.append((at, len(whole)))
    for start, end in rest:
        left = MOST_SENTENCES - len(found.sentences)
        found.sentences += islice(_prose(found, whole, start, end, shown), left)
    return found


_NAMES = PLATFORM.members


def _sort(page: Page, each: PageObject) -> None:
    value = each.value
    if looks_like_schema(value):
        page.schema = page.schema or each
    elif {_NAMES.model, _NAMES.input} <= value.keys():
        page.request = page.request or each
    elif value.keys() & {_NAMES.task_id, _NAMES.estimate, _NAMES.request_id}:
        page.answers.append(each)


def looks_like_schema(value: Mapping[str, Any]) -> bool:
    """Whether an object is a JSON Schema by its keywords."""
    known = {"properties", "$schema", "allOf", "anyOf", "oneOf", "$ref", "items", "enum"}
    return bool(value.keys() & known) or isinstance(value.get("type"), str)


def objects(text: str, line_of: Any) -> Iterator[PageObject]:
    """Every outermost JSON object of a text; raises Hostile and TooDeep."""
    work, count, at = 0, 0, text.find("{")
    while at >= 0 and count < MOST_OBJECTS:
        reader = JsonText(text)
        try:
            value = reader.read(at)
        except NotJson:
            end = at + 1
            work += reader.end - at
            if work > MOST_WORK * len(text) + 10_000:
                raise Hostile("too many objects without an end") from None
        else:
            end, count = reader.end, count + 1
            yield PageObject(value, reader.lines(line_of), at, end)
        at = text.find("{", end)


_OPTIONS = re.compile(
    r"""[ \t]+|\\?[ \t]*\n|\\|(?P<url>https?://[^\s"'\\<>{}]+)|'(?P<quoted>https?://[^\s']+)'
    |"(?P<double>https?://[^\s"]+)"|(?:-X|--request)[ \t=]+(?P<method>[A-Z]+)
    |(?:-H|--header)[ \t=]*(?:"(?P<header>[^"\n]*)"|'(?P<single>[^'\n]*)')
    |(?P<data>(?:-d|--data|--data-raw|--json)\b[ \t=]*['"]?)|-{1,2}[A-Za-z][A-Za-z-]*""",
    re.VERBOSE,
)


_ENDS_LINE = re.compile(r"[ \t]*\n")
_GOES_ON = re.compile(r"\s*-[A-Za-z-]")


def _prose(page: Page, whole: str, start: int, end: int, shown: Text) -> Iterator[Sentence]:
    """The sentences of a part without objects; its commands go to the page's calls."""
    at = start
    while len(page.calls) < MOST_CALLS and (begin := whole.find("curl ", at, end)) >= 0:
        yield from _sentences(whole, at, begin, shown)
        at = _command(page, whole, begin, end, shown)
    yield from _sentences(whole, at, end, shown)


def _command(page: Page, whole: str, begin: int, end: int, shown: Text) -> int:
    at, method, url, line = begin + len("curl"), "", "", shown.line(begin)
    headers, lines = dict[str, str](), dict[str, int]()
    while at < end and (found := _OPTIONS.match(whole, at, end)) and found.end() > at:
        method = found["method"] or ("POST" if found["data"] and not method else method)
        address = found["url"] or found["quoted"] or found["double"]
        if address and not url:
            url, line = address, shown.line(found.start())
        name, colon, value = (found["header"] or found["single"] or "").partition(":")
        if colon:
            headers[name.strip()] = value.strip()
            lines[name.strip()] = shown.line(found.start())
        at = found.end()
        if _ENDS_LINE.fullmatch(found[0]) and not _GOES_ON.match(whole, at, end):
            break
    if url:
        page.calls.append(Call(method or "GET", url, headers, line, lines))
    return at


_SENTENCE = re.compile(r"[^\n.!?。！？]*(?:[.!?](?![\s\"']|$)[^\n.!?。！？]*)*[.!?。！？]*")


def _sentences(whole: str, start: int, end: int, shown: Text) -> Iterator[Sentence]:
    for found in _SENTENCE.finditer(whole, start, end):
        words = found[0].strip(" \t'\"`}{,;:")
        if re.search(r"\w{2}", words[:LONGEST]):
            lead = len(found[0]) - len(found[0].lstrip())
            yield Sentence(words[:LONGEST], shown.line(found.start() + lead))


def _described(schema: Any, lines: YamlLines) -> Iterator[Sentence]:
    """The sentences of a schema's descriptions."""
    left: list[tuple[Any, tuple[str | int, ...]]] = [(schema, ())]
    while left:
        value, path = left.pop()
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for name, inner in pairs:
            at = (*path, name)
            if isinstance(inner, dict | list):
                left.append((inner, at))
            elif name == "description" and isinstance(inner, str):
                text = Text()
                text.add(inner, lines.of(at))
                yield from _sentences(inner, 0, len(inner), text)


def _from_script(page: Page, script: str, line: int) -> None:
    """A schema within a script's data: as JSON, or as JSON within a text of it."""

    for each in objects(script, lambda _at: line):
        schema = _schema_within(each.value)
        if schema is not None:
            start = line + script.count("\n", 0, each.start)
            lines = YamlLines()
            lines.add((), start)
            page.schema = PageObject(schema, lines, each.start, each.end)
            _rest_of_data(page, each.value, start)
            return


def _schema_within(value: Any) -> dict[str, Any] | None:
    """The first schema of an object in some data, breadth first, texts of JSON included."""
    for each in _values(value):
        if (
            isinstance(each, dict)
            and each.get("type") == "object"
            and isinstance(each.get("properties"), dict)
        ):
            return each
    return None


def _values(value: Any) -> Iterator[Any]:
    left = [value]
    for each in left:  # which grows as it goes
        inner = each
        if isinstance(each, str) and each.lstrip()[:1] in ("{", "["):
            try:
                inner = JsonText(each).whole()
            except ValueError:
                inner = each
        yield inner
        if isinstance(inner, dict):
            left += inner.values()
        elif isinstance(inner, list):
            left += inner


def _rest_of_data(page: Page, data: Any, line: int) -> None:
    """What else the data holds, where the page shows nothing of it."""
    texts = [each for each in _values(data) if isinstance(each, str) and " " in each]
    for each in _values(data):
        if isinstance(each, dict) and not looks_like_schema(each):
            _sort(page, PageObject(each, YamlLines(), 0, 0))
    if not page.sentences:
        shown = Text()
        for each in texts:
            shown.add(each + "\n", line)
        inner = _read(shown)
        page.sentences += inner.sentences
        page.calls += inner.calls
