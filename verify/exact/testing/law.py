"""A law, a generator of cases, and what trying it on many of them finds."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from theory.errors import Disagreement, EngineError, OutOfDomain
from verify.exact.testing.case_code import pasteable
from verify.exact.testing.choices import Choose, seeded, shrink
from verify.storage.journal import Journal
from verify.verdicts.report import Report
from verify.verdicts.verdict import Verdict

Progress = Callable[[int, int, str], None]
EXAMPLES = 100
"""Random cases for a claim, where nobody asked for another number."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one case says about a law.

    Attributes
    ----------
    checks
        Comparisons that could have failed; 0 where the case did not apply.
    failure
        What went wrong, in words; empty where the law held.
    undecided
        Why the case says nothing, such as overlapping balls.
    size
        The effect: a difference, a slack, an error over its bound.
    """

    checks: int = 1
    failure: str = ""
    undecided: str = ""
    size: float = 0.0


@dataclass(frozen=True, slots=True)
class Law:
    """A claim with the means to test it.

    Attributes
    ----------
    name, says
        Short name and sentence.
    build
        Makes a case from integer choices.
    test
        What a case says.
    measure
        What the largest ``Finding.size`` of a run is called.
    note
        What a reader of the report should know.
    """

    name: str
    says: str
    build: Callable[[Choose], Any]
    test: Callable[[Any], Outcome]
    measure: str = ""
    note: str = ""


def equal(left: Any, right: Any, what: str) -> Outcome:
    """An equality of exact numbers, or of matrices of them.

    Examples
    --------
    >>> equal(1, 2, "sum").failure
    'sum: 1 ≠ 2'
    """
    return Outcome(failure="" if left == right else f"{what}: {left} ≠ {right}")


def at_most(left: Any, right: Any, what: str) -> Outcome:
    """An inequality of exact numbers.

    Examples
    --------
    >>> at_most(1, 2, "order")
    Outcome(checks=1, failure='', undecided='', size=0.0)
    """
    return Outcome(failure="" if left <= right else f"{what}: {left} > {right}")


def together(findings: list[Outcome]) -> Outcome:
    """Several comparisons on one case: the first failure counts, checks add up."""
    return Outcome(
        sum(f.checks for f in findings),
        next((f.failure for f in findings if f.failure), ""),
        next((f.undecided for f in findings if f.undecided), ""),
        max((f.size for f in findings), default=0.0),
    )


def judged(law: Law, case: Any) -> Outcome:
    """The finding; undecided stays undecided, and an error is a failure."""
    try:
        return law.test(case)
    except Disagreement as error:
        return Outcome(checks=0, undecided=str(error))
    except (ZeroDivisionError, EngineError) as error:
        return Outcome(failure=f"raised {error!r}")


def examine(
    law: Law,
    examples: int,
    seed: int = 0,
    progress: Progress | None = None,
    journal: Journal | None = None,
) -> Report:
    """Try a law on random cases; stop at the first counterexample and shrink it.

    Parameters
    ----------
    law
        The law.
    examples
        How many cases; fixed before looking.
    seed
        Case i of a seed is the same in every run.
    progress
        Called with (done, total, name).
    journal
        Where a run that was interrupted goes on.

    Raises
    ------
    OutOfDomain
        When ``examples`` is not positive.

    Examples
    --------
    >>> halves = Law("halves", "x = 2 (x // 2)", lambda choose: choose(0, 99),
    ...              lambda x: equal(2 * (x // 2), x, "twice half"))
    >>> report = examine(halves, 10)
    >>> print(report.verdict, report.counterexample.splitlines()[-1])
    refuted 1
    """
    if examples < 1:
        raise OutOfDomain(f"examples = {examples} must be at least 1")
    key = f"{law.name} seed={seed} examples={examples}"
    finished = journal.report(key) if journal else None
    if finished is not None:
        return finished
    report = _examine(law, examples, seed, progress, journal, key)
    return journal.finish(key, report) if journal else report


def _examine(
    law: Law,
    examples: int,
    seed: int,
    progress: Progress | None,
    journal: Journal | None,
    key: str,
) -> Report:
    first, checks, size = journal.progress(key) if journal else (0, 0, 0.0)
    start, undecided = perf_counter(), []
    for example in range(first, examples):
        if progress:
            progress(example, examples, law.name)
        choices = seeded(seed, example, law.name)
        finding = judged(law, law.build(choices))
        checks += finding.checks
        if finding.failure:
            fails = lambda other: bool(judged(law, other).failure)
            smallest = shrink(law.build, fails, choices.made)
            return Report(
                law.says,
                Verdict.REFUTED,
                checks,
                law.name,
                effect=f"example {example + 1} of {examples}",
                seed=seed,
                seconds=perf_counter() - start,
                counterexample=pasteable(smallest),
                reason=judged(law, smallest).failure,
            )
        size = max(size, finding.size)
        if finding.undecided:
            undecided.append(finding.undecided)
        elif journal and not undecided:
            journal.keep(key, example + 1, checks, size)
    if progress:
        progress(examples, examples, law.name)
    return Report(
        law.says,
        Verdict.INCONCLUSIVE if undecided else Verdict.CONFIRMED,
        checks,
        law.name,
        effect=f"{law.measure} {size:.3g}" if law.measure else "",
        seed=seed,
        seconds=perf_counter() - start,
        reason=undecided[0] if undecided else law.note,
    )
