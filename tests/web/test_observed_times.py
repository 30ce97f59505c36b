"""Times from a CSV file: what a world draws is distributed as they were, and bad files are told."""

import statistics
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.domain.script import ScriptError, drawn
from mock_mindvideo.web import observed_times
from mock_mindvideo.web.observed_times import percentiles, without_files
from mock_mindvideo.web.script_file import read_script_file

TIMES = st.lists(st.floats(0, 9_000).map(lambda each: round(each, 3)), min_size=1, max_size=300)


@given(times=TIMES)
def test_what_is_drawn_lies_where_the_times_did(times: list[float]) -> None:
    text, ordered = percentiles(times), sorted(times)
    for chance in (0.0, 0.05, 0.5, 0.95, 0.99, 0.999999):
        seconds = drawn(text, chance, 1e8) / 1e6
        assert ordered[0] - 0.002 <= seconds <= ordered[-1] + 0.002
    if len(times) > 1:
        middle = drawn(text, 0.5, 1e8) / 1e6
        assert middle == pytest.approx(statistics.median(ordered), abs=0.002)


@pytest.mark.parametrize(
    ("content", "script"),
    [
        ("31\n29\n30\n", "queued=csv(times.csv)"),
        ("seconds\n31\n29\n30\n", "queued=csv(times.csv)"),
        ("id,queued\na,31\nb,29\nc,30\n", "queued=csv(times.csv)"),
        ('id,"wait, s"\na,31\nb,29\nc,30\n', "processing=4; queued = csv( times.csv )"),
        ("id,wait\r\na,31\r\n\r\nb,29\r\nc, 30 \r\n", "queued=csv(times.csv, wait)"),
    ],
)
def test_a_column_is_found_by_its_name_or_as_the_only_one(
    tmp_path: Path, content: str, script: str
) -> None:
    (tmp_path / "times.csv").write_bytes(content.replace('"wait, s"', "queued").encode())
    text = without_files(script, "", tmp_path)
    assert "percentiles(0:29," in text
    assert "50:30," in text
    assert ",100:31)" in text


def test_a_script_file_reads_times_that_lie_beside_it(tmp_path: Path) -> None:
    (tmp_path / "times.csv").write_text("queued,processing\n1,20\n3,40\n")
    file = tmp_path / "scripts.toml"
    file.write_text(
        'scripts = ["queued=csv(times.csv); processing=csv(times.csv)",'
        ' {processing = "csv(times.csv)"}]'
    )
    both, one = read_script_file(file)("any")
    assert "queued=percentiles(0:1," in both.text
    assert "processing=percentiles(0:20," in both.text
    assert one.text.startswith("processing=percentiles(0:20,")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b"seconds\n", "has no time below its first line"),
        (b"seconds\n1\n-2\n", "line 3: expected seconds from 0"),
        (b"seconds\n1\n1.5s\n", "line 3: expected seconds from 0, like 31.5"),
        (b"seconds\nnan\n", "line 2: expected seconds"),
        (b"seconds\n1e30\n", "line 2: expected seconds"),
        (b"a,b\n1,2\n", "line 1: expected a column queued or seconds, once.* they are a, b"),
        (b"queued,queued\n1,2\n", "line 1: expected a column"),
        (b"id,queued\nx\n", "line 2: expected seconds"),
        (b"seconds\n1\n\xff\n", "line 3: is not UTF-8"),
        (b'seconds\n"1\n', "line 2: is no CSV"),
        (b"seconds\n" + b"1\n" * 30, "line 22: has more than 20 times"),
    ],
)
def test_a_file_that_has_no_times_is_told_by_line_and_what_was_expected(
    tmp_path: Path, content: bytes, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observed_times, "MOST_ROWS", 20)
    (tmp_path / "times.csv").write_bytes(content)
    with pytest.raises(ScriptError, match=rf"times.csv: .*{problem}"):
        without_files("queued=csv(times.csv)", "", tmp_path)


def test_a_file_that_is_not_there_or_too_large_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ScriptError, match=r"none.csv: cannot be read: No such file"):
        without_files("queued=csv(none.csv)", "", tmp_path)
    (tmp_path / "times.csv").write_text("1\n" * 100)
    monkeypatch.setattr(observed_times, "MOST_BYTES", 50)
    with pytest.raises(ScriptError, match=r"times.csv: cannot be read: has over 50 bytes"):
        without_files("queued=csv(times.csv)", "", tmp_path)


@given(text=st.text(max_size=60))
def test_a_script_without_files_stays_as_it_is(text: str) -> None:
    if "csv(" not in text:
        assert without_files(text, "", Path("/nowhere")) == text
