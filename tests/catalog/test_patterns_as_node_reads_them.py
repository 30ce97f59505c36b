"""Node's RegExp, an engine by others, gives every pattern and text the same verdict."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_mindvideo.catalog.patterns import BadPattern, compiled
from mock_mindvideo.strategies import Unsupported
from mock_mindvideo.strategies.json_schema.reading import Pattern
from mock_mindvideo.strategies.json_schema.rule_space import Space
from mock_mindvideo.strategies.json_schema.string_drawing import matching
from mock_mindvideo.strategies.reading import READING, document
from tests.catalog.test_patterns import DIALECT, QUICK, REFUSED
from tests.effort import examples

pytestmark = pytest.mark.slow

JUDGE = Path(__file__).with_name("ecma.mjs")

#: Words that newer editions of ECMA-262 have, and Node 20 has not: modifiers, doubled names.
NEWER = ("(?i", "(?-i", "(?m", "(?s", "(?-")

#: Hypothesis draws what stands before a word's end without a thought of it; and Python has no
#: look-behind of several lengths, which is refused.
UNDRAWN = (r"\bé", r"(?<=\$\d{1,3})!")

ATOMS = st.sampled_from(
    [
        "a", "b", "A", "é", "图", "😀", "1", "_", "-", " ", ".", "^", "$", r"\d", r"\D", r"\w",
        r"\W", r"\s", r"\S", r"\b", r"\B", r"\n", r"\t", r"\v", r"\0", r"\cJ", r"\x41", r"\u0061",
        r"\u{1F600}", r"\ud83d\ude00", r"\ud83d", r"\p{L}", r"\P{L}", r"\p{Lu}", r"\p{Script=Han}",
        r"\p{Nd}", r"\p{Emoji}", r"\/", r"\.", r"\-", r"\\", r"\Z", r"\A", r"\1", r"\2", r"\k<n>",
        "[", "]", "(", ")", "{", "}", "{1", "&&", "[^]", "[]", "[[]", "[a-c]", "[^a-c]",
        r"[\w-]", r"[\d\s]", r"[^\p{L}]", r"[\b]", "[a&&b]", "[--b]", "(?<n>a)", "(?:b)", "(a)",
        "(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?P<n>a)", "(?i)", "(?>a)", "(?#a)",
    ]
)  # fmt: skip
QUANTIFIERS = st.sampled_from(["", "", "", "?", "*", "+", "??", "*?", "{2}", "{1,2}", "{,2}", "++"])
PIECES = st.builds(str.__add__, ATOMS, QUANTIFIERS)
PATTERNS = st.recursive(
    st.lists(PIECES, min_size=1, max_size=4).map("".join),
    lambda inner: st.one_of(
        st.builds("({})".format, inner),
        st.builds("(?:{}|{})*".format, inner, inner),
        st.builds("^{}$".format, inner),
        st.builds("{}|{}".format, inner, inner),
        st.builds("(?<n>{})".format, inner),
        st.builds("(?!{}){}".format, inner, inner),
        st.builds("(?<={}){}".format, inner, inner),
    ),
    max_leaves=4,
)
CHARACTERS = "aabbcAé图😀1_- .\n\t\r\x0b\0\\/^$[]{}&k\u2028\u00a0\ufeff\u0130\u017f\u212a٣ßIV"
TEXTS = st.lists(st.text(CHARACTERS, max_size=8), min_size=4, max_size=8)
PAIRS = st.lists(st.tuples(PATTERNS, TEXTS), min_size=60, max_size=80)


def node(pairs):
    """Node's verdicts, None where it is no pattern."""
    command = [shutil.which("node") or "node", str(JUDGE)]
    done = subprocess.run(
        command, input=json.dumps(pairs), capture_output=True, text=True, check=True, timeout=300
    )
    return json.loads(done.stdout)


def ours(pattern, texts):
    """The verdicts of the engine that both validators ask."""
    try:
        return [compiled(pattern).test(text) for text in texts]
    except BadPattern:
        return None


@settings(max_examples=examples(40), suppress_health_check=list(HealthCheck))
@given(PAIRS)
def test_any_pattern_and_any_text_get_the_same_verdict(pairs):
    for (pattern, texts), theirs in zip(pairs, node(pairs), strict=True):
        if theirs is None and (pattern.count("(?<n>") > 1 or any(w in pattern for w in NEWER)):
            continue
        assert ours(pattern, texts) == theirs, pattern


def test_the_tables_of_the_quick_tests_are_right():
    pairs = [(pattern, [found, missed]) for pattern, found, missed in DIALECT]
    assert node(pairs) == [[True, False]] * len(pairs)
    assert node([(pattern, []) for pattern in REFUSED]) == [None] * len(REFUSED)
    assert all(verdict == [] for verdict in node([(pattern, []) for pattern, _ in QUICK]))


def drawn(pattern):
    """Some texts for a pattern."""
    texts = []

    @settings(max_examples=30, deadline=None, database=None)
    @given(matching(Pattern(pattern, READING)))
    def collect(text):
        texts.append(text)

    collect()
    return texts


def test_what_is_drawn_for_a_pattern_is_found_by_node_too():
    pairs = [(pattern, drawn(pattern)) for pattern, _, _ in DIALECT if pattern not in UNDRAWN]
    for (pattern, texts), verdict in zip(pairs, node(pairs), strict=True):
        assert verdict == [True] * len(texts), (pattern, texts)


@settings(max_examples=examples(200))
@given(PATTERNS)
def test_a_pattern_can_be_drawn_for_or_is_refused_by_its_place(pattern):
    refused = None
    try:
        Space(document({"properties": {"a": {"pattern": pattern}}}, "x"))
    except Unsupported as error:
        refused = error
    assert refused is None or refused.keyword == "pattern"
    assert refused is None or refused.pointer.endswith("#/properties/a")
