"""Spaces: all values that some schema documents describe together, and all ways to miss them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from hypothesis import strategies as st

from .compiler import SchemaCompiler
from .documents import Document, Path
from .extents import farthest
from .goals import Goal, goal
from .leanings import Leaning, uniform
from .oracle import names, reported
from .rules import ImpliedRule, Rule, Violation, rules_of
from .shapes import NOTHING
from .supported import check
from .values import Json

_WAYS_UP = 3  # of alternatives that reach different upper bounds, so many count


@dataclass(frozen=True, slots=True)
class InvalidInput:
    """A value with exactly the named rules broken.

    Attributes:
        value: the value, valid but for that.
        violation: the broken rule, or the first of several in the order of the schema.
        violations: all broken rules; more than one only if `max_violations` allows it.
    """

    value: Json
    violation: Violation
    violations: tuple[Violation, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        """Count the one violation among all of them."""
        if not self.violations:
            object.__setattr__(self, "violations", (self.violation,))


class Space:
    """What several documents allow together, with one compiler for all questions about it."""

    def __init__(
        self, *documents: Document, leaves: dict[str, st.SearchStrategy[Json]] | None = None
    ) -> None:
        """Check that every keyword is within reach.

        Raises:
            Unsupported: a keyword is not, named with its pointer.
        """
        for document in documents:
            check(document)
        self.documents = documents
        self.compiler = SchemaCompiler(leaves)
        self.high = self.compiler.leaning_to(Leaning.HIGH)
        self.low = self.compiler.leaning_to(Leaning.LOW)
        self._breaking: dict[tuple[Rule, ...], st.SearchStrategy[Json]] = {}

    def __repr__(self) -> str:
        """Name the documents; strategies show it."""
        return f"<{', '.join(document.name for document in self.documents)}>"

    def goal(self, broken: Iterable[Rule] = ()) -> Goal:
        """Ask for values that hold in every document but for the broken rules."""
        paths: dict[Document, set[Path]] = {document: set() for document in self.documents}
        for rule in broken:
            paths[rule.document].add(rule.path)
        return frozenset().union(*(goal(doc.root, found) for doc, found in paths.items()))

    def valid(self) -> st.SearchStrategy[Json]:
        """Draw values that hold in every document; nothing if there are none.

        Some are drawn evenly, some lie on as many lower bounds as they can, some on upper ones.
        """
        return in_turn([each.strategy(self.goal()) for each in self.compilers])

    @cached_property
    def compilers(self) -> tuple[SchemaCompiler, ...]:
        """One draws evenly, one leans low, and one leans high for each way up."""
        ways = min(len(farthest(self.high.living(self.goal()), self.high)), _WAYS_UP)
        return (self.compiler, self.low, *[self.high] * ways)

    def possible(self, *broken: Rule) -> bool:
        """Tell whether some value breaks just these rules."""
        return self.compiler.height(self.goal(broken)) < NOTHING

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, in the order of the documents, each by a way that works if there is one."""
        ways = [rules for document in self.documents for rules in rules_of(document)]
        return tuple(map(self._best, ways))

    def _best(self, ways: tuple[Rule, ...]) -> Rule:
        return ways[0] if len(ways) == 1 else next(filter(self.possible, ways), ways[0])

    @cached_property
    def breakable(self) -> tuple[Rule, ...]:
        """The rules that can be broken alone."""
        return tuple(r for r in self.rules if r.within is None and self.possible(r))

    @cached_property
    def implied(self) -> tuple[ImpliedRule, ...]:
        """The rules that cannot be broken alone."""
        alone = set(self.breakable)
        return tuple(self._implied(rule) for rule in self.rules if rule not in alone)

    def _implied(self, rule: Rule) -> ImpliedRule:
        if rule.within is not None:
            reason = f"stands inside {rule.within}, which reports in its stead"
            return ImpliedRule(rule.violation, rule.within, reason)
        for other in self._nearest(rule):
            if self.possible(rule, other):
                reason = f"whatever breaks it breaks {other.violation} too"
                return ImpliedRule(rule.violation, other.violation, reason)
        return ImpliedRule(rule.violation, None, "no value can break it")

    def _nearest(self, rule: Rule) -> Sequence[Rule]:
        """Order the other rules by how much of the way through the schema they share."""
        others = [r for r in self.rules if r.within is None and r != rule]
        return sorted(others, key=lambda r: -_shared(r, rule))

    def invalid(
        self, rules: Sequence[Rule] | None = None, max_violations: int = 1
    ) -> st.SearchStrategy[InvalidInput]:
        """Draw a rule (or several that go together), then a value that breaks just those."""
        wanted = Choice(self.breakable if rules is None else rules)
        return _invalid(self, wanted, max_violations) if wanted.rules else st.nothing()

    def breaking(self, broken: tuple[Rule, ...]) -> st.SearchStrategy[Json]:
        """Draw values that break just these rules."""
        known = self._breaking.get(broken)
        if known is None:
            known = self._breaking[broken] = self.compiler.strategy(self.goal(broken))
        return known

    def labelled(self, value: Json, broken: Sequence[Rule]) -> InvalidInput:
        """Put the labels on a value; where an index was drawn, the judge says which it was."""
        labels = tuple(self._label(value, rule) for rule in broken)
        return InvalidInput(value, labels[0], labels)

    def _label(self, value: Json, rule: Rule) -> Violation:
        if "*" not in rule.violation.pointer:
            return rule.violation
        return next(v for v in reported(rule.document, value) if names(v, rule.violation))


class Choice:
    """The rules that a strategy chooses from; Hypothesis shows it, and should not show them all."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Take at least one."""
        self.rules = tuple(rules)
        self.drawn = st.sampled_from(self.rules)

    def __repr__(self) -> str:
        """Count the rules."""
        return f"<{len(self.rules)} rules>"


def _shared(one: Rule, two: Rule) -> int:
    if one.document is not two.document:
        return -1
    pairs = list(zip(one.path, two.path, strict=False))
    return next((i for i, (a, b) in enumerate(pairs) if a != b), len(pairs))


@st.composite
def _invalid(draw: st.DrawFn, space: Space, choice: Choice, most: int) -> InvalidInput:
    broken = [draw(choice.drawn)]
    for _ in range(draw(st.integers(0, most - 1)) if most > 1 else 0):
        more = draw(st.sampled_from(space.breakable))
        if more not in broken and space.possible(*broken, more):
            broken.append(more)
    if len(broken) > 1:
        broken.sort(key=space.rules.index)
    return space.labelled(draw(space.breaking(tuple(broken))), broken)


@st.composite
def in_turn(draw: st.DrawFn, ways: list[st.SearchStrategy[Json]]) -> Json:
    """Draw from each way alike, however many strategies it joins; `one_of` would mix them all."""
    return draw(ways[draw(uniform(0, len(ways) - 1))])
