"""The suites that ``learnability verify`` runs, by name."""

from collections.abc import Callable
from pathlib import Path

from theory.errors import OutOfDomain
from verify.exact.journal import Journal
from verify.exact.law import Progress
from verify.report import Report

Suite = Callable[[int, int, Progress | None, Journal | None], list[Report]]


def _conservation(
    examples: int, seed: int, progress: Progress | None, journal: Journal | None
) -> list[Report]:
    from verify.exact import least_squares
    from verify.exact.conservation import check_conservation
    from verify.exact.law import examine

    reports = check_conservation(examples, seed, progress, journal=journal)
    listed = least_squares.laws()
    return reports + [examine(x, examples, seed, progress, journal) for x in listed]


def _theorems(
    examples: int, seed: int, progress: Progress | None, journal: Journal | None
) -> list[Report]:
    from verify.exact import closed_forms, definitions, engine, implicit_facts
    from verify.exact.beliefs import refute_all
    from verify.exact.law import examine
    from verify.exact.theorems import laws
    from verify.mutants.suite import all_formulas, judges_of

    listed = laws() + implicit_facts.laws()
    for formula in all_formulas():
        listed += [make(formula) for make in judges_of(formula.name)]
    reports = [examine(law, examples, seed, progress, journal) for law in listed]
    few = min(examples, MOST_SUMS)
    found = engine.laws() + definitions.laws() + closed_forms.laws()
    reports += [examine(law, few, seed, progress, journal) for law in found]
    reports.append(examine(implicit_facts.square_law(), few, seed, progress, journal))
    return reports + refute_all(seed, progress)


def _mutants(
    examples: int, seed: int, progress: Progress | None, journal: Journal | None
) -> list[Report]:
    from verify.mutants.suite import check_mutants

    del journal  # seconds, not hours
    return check_mutants(min(examples, MOST_CASES), seed, progress)


MOST_CASES = 200
MOST_SUMS = 20
SUITES: dict[str, Suite] = {
    "conservation": _conservation,
    "theorems": _theorems,
    "mutants": _mutants,
}


def run(
    suite: str = "all",
    examples: int = 100,
    seed: int = 0,
    progress: Progress | None = None,
    journal: str | Path | None = None,
) -> list[Report]:
    """The reports of a suite, or of all of them.

    Parameters
    ----------
    suite
        ``conservation``, ``theorems``, ``mutants`` or ``all``.
    examples
        Random cases for each claim.
    seed
        The same seed tests the same cases.
    progress
        Called with (done, total, name of the claim).
    journal
        A file in which finished work is kept; with the same file a run that was
        interrupted goes on.

    Raises
    ------
    OutOfDomain
        When there is no such suite, or ``examples`` is not positive.

    Examples
    --------
    >>> [report.name for report in run("conservation", examples=2)][:2]
    ['conservation/definite', 'conservation/ridge']
    """
    if suite != "all" and suite not in SUITES:
        msg = f"suite {suite!r} is unknown (known: {', '.join(SUITES)}, all)"
        raise OutOfDomain(msg)
    if examples < 1:
        msg = f"examples = {examples} must be at least 1"
        raise OutOfDomain(msg)
    chosen = list(SUITES) if suite == "all" else [suite]
    kept = Journal(Path(journal)) if journal is not None else None
    reports: list[Report] = []
    for name in chosen:
        reports += SUITES[name](examples, seed, progress, kept)
    return reports
