"""Making findings: at their line, under their own facts, and without any key in them."""

from collections.abc import Iterator
from dataclasses import replace

from mock_mindvideo.contract.arazzo.document import Criterion, Facts, Workflow, WorkflowStep
from mock_mindvideo.contract.arazzo.expressions import Context
from mock_mindvideo.contract.arazzo.judging import expected, holds, saw
from mock_mindvideo.contract.deviation import Deviation
from mock_mindvideo.contract.exchange import Roundtrip
from mock_mindvideo.contract.masking import Masking
from mock_mindvideo.contract.own_words import OwnWords
from mock_mindvideo.contract.results import Finding


class Notes:
    """Finds the words for what goes wrong in one workflow."""

    def __init__(
        self, workflow: Workflow, context: Context, masking: Masking, words: OwnWords | None = None
    ) -> None:
        self._words = words
        self._workflow = workflow
        self._context = context
        self._masking = masking

    def broken_criteria(self, step: WorkflowStep) -> Iterator[Finding]:
        """A finding for each criterion that does not hold."""
        for criterion in step.criteria:
            facts = criterion.proves or step.proves or self._workflow.proves
            if not self._holds(criterion, facts):
                wanted, seen = expected(criterion), saw(criterion, self._context)
                yield self._finding(step, "criterion", wanted, seen, facts, criterion)

    def _holds(self, criterion: Criterion, facts: Facts) -> bool:
        """Whether it is true; what the vendor does not document, in any words that mean it."""
        exchange = self._context.exchange
        if holds(criterion, self._context):
            return True
        documented = any(fact.startswith("D") for fact in facts) or not facts
        if self._words is None or exchange is None or documented:
            return False
        return any(
            holds(criterion, replace(self._context, exchange=Roundtrip(exchange.request, reading)))
            for reading in self._words.readings(exchange.response)
        )

    def deviation(self, step: WorkflowStep, each: Deviation) -> Finding:
        """What the answer does against documents, or against what was seen before."""
        return self._finding(
            step, each.check, each.pointer, each.message, each.proves or self._chosen(step)
        )

    def missing(self, step: WorkflowStep, problem: LookupError) -> Finding:
        """A value that is needed and is not there."""
        name = str(problem.args[0])
        return self._finding(step, "value", name, f"{name} has no value", self._chosen(step))

    def timeout(self, step: WorkflowStep, seconds: float, last: list[Finding]) -> Finding:
        """What was still not so when the time was over: the heaviest of the last try's findings."""
        first = next((each for each in last if each.documented), last[0])
        words = f"not within {seconds:g} s; {first.saw}"
        return self._finding(step, "timeout", first.expected, words, first.proves)

    def open_stream(self, step: WorkflowStep, seconds: float) -> Finding:
        """A stream that stayed open."""
        words = f"the stream was still open after its last event, or after {seconds:g} s"
        return self._finding(step, "stream", "a stream that ends", words, ("X21",))

    def _chosen(self, step: WorkflowStep) -> Facts:
        """What a step proves and the vendor does not document, if it proves such things at all."""
        facts = step.proves or self._workflow.proves
        return tuple(fact for fact in facts if not fact.startswith("D")) or facts

    def _finding(
        self,
        step: WorkflowStep,
        check: str,
        wanted: str,
        seen: str,
        proves: Facts,
        criterion: Criterion | None = None,
    ) -> Finding:
        exchange = self._context.exchange
        return Finding(
            file=self._workflow.file,
            line=criterion.line if criterion else step.line,
            step=step.id,
            step_line=step.line,
            check=check,
            expected=wanted,
            saw=self._masking.text(seen),
            proves=proves,
            exchange=self._masking.shown(exchange) if exchange else None,
        )
