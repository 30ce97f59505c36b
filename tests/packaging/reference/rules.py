"""What the files say: script words and magic hosts, contracts, fidelity."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.contract.arazzo.reading import read_contract
from mock_mindvideo.domain.script import MAGIC_HOSTS, WORDS
from mock_mindvideo.domain.script.kinds import Kind, names
from mock_mindvideo.domain.script.magic import MAGIC_DOMAIN
from mock_mindvideo.domain.script.words import FAULT_WORDS, MODIFIERS, PLAN_WORDS, Word
from mock_mindvideo.platform.data import data_folder
from tests.packaging.reference.markdown import code, sentence, table

_SCRIPTS = """# Script words

A script is words with semicolons between them: `outcome=failed; error=content_policy; times=2`.
[Make it fail](../guides/scripts.md) shows them at work. A word that is unknown, does not fit, or
would do nothing is refused with the reason.

## Triggers

A script reaches a request in one of five ways. If several scripts match, the first in this order
applies:

1. the request header `X-Mock-Script`;
2. a magic host in a reference URL of the body;
3. the pytest fixture: `mindvideo.script("…")`;
4. the control plane: `POST /_mock/scripts`;
5. a script file: `serve --script FILE`.

One script that decides the plan and one that disturbs the answer can both apply to a request. An
answer that was disturbed names the script in its own header `X-Mock-Script`.
"""

_MAGIC = f"""## Magic hosts

A reference URL whose host is under `{MAGIC_DOMAIN}` is a script. Where a fault is once, it is once
for each `Idempotency-Key`.
"""

_CONTRACTS = """# Contracts

`mock-mindvideo verify` runs these [Arazzo](https://spec.openapis.org/arazzo/latest.html) workflows;
`verify --list` prints them. Spend is what a workflow costs at most on the real API, in US dollars.
"Mock only" needs the control plane. The facts are rows of [Fidelity](fidelity.md).
"""

_FIDELITY = """# Fidelity

Everything that the mock does, how far it can be trusted, and where it comes from, from
`schemas/platform/fidelity.json`. [Honesty](../explanation/honesty.md) explains the kinds,
[Another dialect](../guides/dialect.md) how to change what stands in a file.
"""

_KINDS = {
    "documented": "Documented by the vendor",
    "inferred": "Inferred from another public source",
    "invented": "Invented, because nobody says",
    "extension": "Extensions, where a dialect turns them on",
}


def scripts() -> str:
    """The words by what they do, and the magic hosts."""
    words = [
        ("Words that decide the plan of a task", PLAN_WORDS),
        ("Words that disturb the answer", FAULT_WORDS),
        ("Words that say which requests, and how often", MODIFIERS),
    ]
    parts = [_SCRIPTS]
    for title, members in words:
        rows = [_word(name, word) for name, word in WORDS.items() if word.member(name) in members]
        parts += [f"## {title}\n", table(("word", "value", "acts on"), rows)]
    hosts = ((code(f"{name}.{MAGIC_DOMAIN}"), code(text)) for name, text in MAGIC_HOSTS.items())
    return "\n".join([*parts, _MAGIC, table(("host", "script"), hosts)])


def _word(name: str, word: Word) -> tuple[str, str, str]:
    shown = name if word.alone else f"{name}="
    return code(shown), word.form.removeprefix("alone: "), _kinds(word)


def _kinds(word: Word) -> str:
    if word.on == Kind.ANY:
        return "any request"
    return "<br>".join(_shown(name) for name in names(word.on))


def _shown(kind: str) -> str:
    """`POST /api/v1/tasks`; what follows a path stays outside the code."""
    method, path, *rest = kind.split(" ", 2)
    return " ".join([code(f"{method} {path}"), *rest])


def contracts() -> str:
    """Every workflow that comes with the mock."""
    rows = []
    for file in sorted(data_folder("contracts").rglob("*.arazzo.yaml")):
        rows += [_workflow(each) for each in read_contract(file).workflows]
    return "\n".join([_CONTRACTS, table(("workflow", "promise", "spend", "facts"), rows)])


def _workflow(workflow: Any) -> tuple[str, str, str, str]:
    spend = "mock only" if workflow.mock_only else str(workflow.spend)
    return code(workflow.id), sentence(workflow.summary), spend, " ".join(workflow.proves)


_HEAD = ("id", "behaviour", "source", "changed by")


def fidelity() -> str:
    """Every behaviour, by kind."""
    order = list(_KINDS)
    rows = sorted(builtin_catalog().behaviours, key=lambda each: order.index(each["kind"]))
    parts = [_FIDELITY]
    for kind, members in groupby(rows, key=lambda each: each["kind"]):
        parts += [
            f"## {_KINDS[kind]}\n",
            table(("id", "behaviour", "source", "changed by"), _rows(members)),
        ]
    return "\n".join(parts)


def _rows(members: Any) -> Iterator[tuple[str, str, str, str]]:
    for each in members:
        places = " ".join(code(place) for place in each.get("changed_by", ()))
        yield each["id"], each["statement"], each["source"], places or f"nothing: {each['fixed']}"
