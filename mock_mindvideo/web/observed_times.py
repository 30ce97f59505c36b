"""Times that were seen, in a CSV file, as a distribution: `csv(FILE)`, or `csv(FILE, COLUMN)`.

It is read once, when the mock starts, and becomes a `percentiles(…)` that stands for it: so what a
world keeps needs no file, and every process draws the same times. Only who starts the mock can name
a file; a script that comes with a request cannot.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from mock_mindvideo.domain.script import MOST_STAY, ScriptError
from mock_mindvideo.system.files import read_file

#: Bytes and rows of the largest file.
MOST_BYTES, MOST_ROWS = 64 * 1024 * 1024, 1_000_000

#: At which percentages the times are kept: closer to each other where few are, at the ends.
PERCENTS = (
    *(0, 1, 2, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90),
    *(92.5, 95, 96, 97, 98, 99, 99.5, 99.8, 99.9, 99.99, 100),
)

_CSV = re.compile(r"csv\(\s*([^(),]{1,500}?)\s*(?:,\s*([^(),]{1,100}?)\s*)?\)")
_SECONDS = re.compile(r"[0-9]{1,8}(\.[0-9]{1,12})?(e-?[0-9]{1,2})?", re.ASCII | re.IGNORECASE)


def without_files(text: str, word: str, folder: Path) -> str:
    """A script's text, or a word's value, with the files in it read; paths begin in `folder`.

    `word` names the column where none is named. Raises ScriptError with file, line and what was
    expected.
    """

    def read(found: re.Match[str]) -> str:
        column = found[2] or _word_before(text[: found.start()]) or word
        return percentiles(_times(folder / found[1], column, named=found[2] is not None))

    return _CSV.sub(read, text)


def percentiles(times: Sequence[float]) -> str:
    """The distribution of times in seconds, as scripts write it."""
    ordered = sorted(times)
    last = len(ordered) - 1
    points = []
    for percent in PERCENTS:
        place = percent / 100 * last
        below = int(place)
        above = min(below + 1, last)
        seconds = ordered[below] + (ordered[above] - ordered[below]) * (place - below)
        points.append(f"{percent:g}:{seconds:.6f}".rstrip("0").rstrip("."))
    return f"percentiles({','.join(points)})"


def _word_before(text: str) -> str | None:
    """The word of a script whose value begins where `text` ends."""
    name = text.rpartition(";")[2].partition("=")[0].strip()
    return name or None


def _times(file: Path, column: str, *, named: bool) -> list[float]:
    """The seconds in a column; with a single column there may be no line that names it."""
    rows = _rows(file)
    line, first = next(rows, (1, []))
    if not first:
        raise ScriptError(f"{file}: is empty; each line has seconds, like 31.5")
    times = []
    if len(first) == 1 and _SECONDS.fullmatch(first[0].strip()) and not named:
        place = 0
        times.append(_seconds(file, line, first[0]))
    else:
        place = _place(file, line, first, column, named=named)
    for line, row in rows:
        if row:
            times.append(_seconds(file, line, row[place] if place < len(row) else ""))
        if len(times) > MOST_ROWS:
            raise ScriptError(f"{file}: line {line}: has more than {MOST_ROWS} times")
    if not times:
        raise ScriptError(f"{file}: has no time below its first line")
    return times


def _place(file: Path, line: int, head: Sequence[str], column: str, *, named: bool) -> int:
    """Where the column is: by its name, the word's, `seconds`, or as the only one."""
    names = [each.strip() for each in head]
    wanted = (column,) if named else (column, "seconds")
    for name in wanted:
        if names.count(name) == 1:
            return names.index(name)
    if len(names) == 1 and not named:
        return 0
    shown = ", ".join(names)[:200]
    raise ScriptError(
        f"{file}: line {line}: expected a column {' or '.join(wanted)}, once, among its names; they"
        f" are {shown}; csv(FILE, COLUMN) names another"
    )


def _seconds(file: Path, line: int, text: str) -> float:
    value = text.strip()
    if not _SECONDS.fullmatch(value) or not float(value) < MOST_STAY:
        raise ScriptError(
            f"{file}: line {line}: expected seconds from 0, like 31.5, below {MOST_STAY:.0f};"
            f" it is {value[:60]!r}"
        )
    return float(value)


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The number of each line, and what stands in it."""
    try:
        text = read_file(file, MOST_BYTES).decode("utf-8-sig")
    except OSError as problem:
        raise ScriptError(f"{file}: cannot be read: {problem.strerror or problem}") from None
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise ScriptError(f"{file}: line {line}: is not UTF-8") from None
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        for row in reader:
            if any(each.strip() for each in row):
                yield reader.line_num, row
    except csv.Error as problem:
        raise ScriptError(f"{file}: line {reader.line_num}: is no CSV: {problem}") from None
