"""A folder of schemas with what was learned, which `serve --schemas` takes."""

import csv
import io
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mock_mindvideo.catalog import load
from mock_mindvideo.catalog.files import CatalogError, read_object
from mock_mindvideo.catalog.platforms import read_platform
from mock_mindvideo.learning.durations import BY
from mock_mindvideo.learning.learned import Learned
from mock_mindvideo.learning.patches import applied, changed, difference
from mock_mindvideo.learning.proposal import PLATFORM_FILE, Proposal, Remark

LIFECYCLE_FILE, TIMES = "platform/lifecycle.json", "times.csv"


def write_folder(learned: Learned, folder: Path) -> tuple[Path, ...]:
    """Write the schemas there, and return the files; nothing is left behind if that fails.

    The folder must be new, or empty, so that nobody's work is lost. Raises CatalogError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CatalogError(folder, "", "is there already; name a folder that is new or empty")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".learned-") as made:
            place = Path(made) / "schemas"
            for name, text in _files(learned):
                _write(place / name, text)
            load([place])
            files = [each.relative_to(place) for each in sorted(place.rglob("*.*"))]
            if folder.exists():
                folder.rmdir()
            shutil.move(str(place), str(folder))
    except OSError as problem:
        raise CatalogError(folder, "", f"cannot be written: {problem.strerror}") from None
    return tuple(folder / each for each in files)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def _files(learned: Learned) -> Iterator[tuple[str, str]]:
    yield PLATFORM_FILE, _json(_platform(learned))
    if any(each.file == LIFECYCLE_FILE for each in learned.proposals):
        yield LIFECYCLE_FILE, _json(learned.lifecycle)
    yield "platform/fidelity.json", _json(_fidelity(learned))
    for slug in sorted(learned.catalog.models):
        mine = [each for each in learned.proposals if each.file.startswith(f"models/{slug}/")]
        if mine:
            yield from _model(learned.catalog.models[slug].folder, slug, mine)
    if learned.times:
        yield TIMES, _times(learned)


def _platform(learned: Learned) -> Mapping[str, Any]:
    """What is otherwise than in the packaged file, whatever folders the comparison was with."""
    about = {
        "title": f"As it was observed in {', '.join(map(_base, learned.exchanges))}",
        "fidelity": "observed",
        "source": "mock-mindvideo learn",
    }
    own = read_platform((), learned.catalog.lifecycle, {})
    return {"about": about, **difference(own, _unnamed(learned.platform))}


def _unnamed(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in raw.items() if name != "about"}


def _model(folder: Path, slug: str, mine: list[Proposal]) -> Iterator[tuple[str, str]]:
    """A model's folder with its files as they are, but for what is proposed."""
    for file in sorted(folder.glob("*.json")):
        name = f"models/{slug}/{file.name}"
        content: Mapping[str, Any] = read_object(file)
        for each in mine:
            if each.file == name:
                content = applied(content, changed(each))
        yield name, _json(content)


def _fidelity(learned: Learned) -> Mapping[str, Any]:
    """Each thing learned as a behaviour of the kind `observed`."""
    rows = [
        {
            "id": f"O{number:02}",
            "kind": "observed",
            "statement": each.statement,
            "source": source(each),
            "changed_by": [_named(each)],
            **({"settles": list(each.settles)} if each.settles else {}),
        }
        for number, each in enumerate(learned.proposals, 1)
    ]
    return {"title": "What was learned of recorded traffic", "behaviours": rows}


def _named(each: Proposal) -> str:
    """The place as fidelity.json names it: as deep as members have plain names."""
    plain = re.match(r"(?:/[a-z0-9_]+(?=/|$))*", each.pointer)
    return f"{each.file}#{plain[0] if plain else ''}"


def source(each: Proposal | Remark) -> str:
    """Where it was seen, for a person."""
    places = [f"{_base(one.file)}: entry {one.entry}, {one.pointer}" for one in each.evidence]
    more = each.count - len(places)
    return "; ".join(places) + (f"; and {more} more" if more else "")


def _base(file: str) -> str:
    return Path(file).name


def _times(learned: Learned) -> str:
    """A row for each task that was followed, for `queued=csv(times.csv)`."""
    states = learned.catalog.lifecycle.waiting
    made = io.StringIO()
    rows = csv.writer(made, lineterminator="\n")
    rows.writerow(["model", *BY, *states])
    for each in learned.times:
        kind = [each.kind.get(name, "") for name in ("model", *BY)]
        rows.writerows([*kind, *stays] for stays in zip(*each.stays.values(), strict=True))
    return made.getvalue()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"
