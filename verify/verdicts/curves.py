"""One verdict a curve: every point of it must agree with theory within the margin."""

from collections.abc import Iterable, Sequence
from time import perf_counter
from typing import Any

from verify.verdicts.agreement import Agreement, agreement
from verify.verdicts.intervals import student_interval
from verify.verdicts.report import Report
from verify.verdicts.verdict import Verdict, combine


def judged(
    measured: Iterable[Any],
    predicted: Iterable[Any],
    margin: float,
    scale: Iterable[Any] | None = None,
) -> list[Agreement]:
    """Each point's agreement, in units of the prediction, or of ``scale``.

    Parameters
    ----------
    measured
        For each point independent values, one for each data set.
    predicted, scale
        A number for each point.

    Raises
    ------
    OutOfDomain
        When the margin is not positive.

    Examples
    --------
    >>> [x.verdict.value for x in judged([[1, 1.01, 1.02], [3, 3.01, 3.02]], [1.0, 1.0], 0.2)]
    ['confirmed', 'refuted']
    """
    rows = list(zip(measured, map(float, predicted), strict=True))
    if scale is None:
        return [
            agreement(student_interval(row), theory, margin, relative=True)
            for row, theory in rows
        ]
    return [
        agreement(student_interval([x / unit for x in row]), theory / unit, margin)
        for (row, theory), unit in zip(rows, map(float, scale), strict=True)
    ]


def curve_report(
    name: str,
    claim: str,
    found: Sequence[Agreement],
    seed: int,
    start: float,
    unit: str = "theory",
) -> Report:
    """The report that theory describes the curve."""
    verdict = combine(x.verdict for x in found)
    return Report(
        claim,
        verdict,
        len(found),
        name,
        _effect(found, unit),
        seed,
        perf_counter() - start,
        reason=""
        if verdict is Verdict.CONFIRMED
        else ", ".join(f"{x.difference:+.2%} ± {x.halfwidth:.2%}" for x in found),
    )


def refutation(
    name: str,
    claim: str,
    found: Sequence[Agreement],
    seed: int,
    start: float,
    unit: str = "theory",
) -> Report:
    """The report that a wrong theory does not: one point of it must be refuted."""
    verdicts = [x.verdict for x in found]
    verdict = (
        Verdict.CONFIRMED
        if Verdict.REFUTED in verdicts
        else Verdict.REFUTED
        if all(x is Verdict.CONFIRMED for x in verdicts)
        else Verdict.INCONCLUSIVE
    )
    seconds = perf_counter() - start
    return Report(claim, verdict, len(found), name, _effect(found, unit), seed, seconds)


def _effect(found: Sequence[Agreement], unit: str) -> str:
    worst = max(found, key=lambda x: abs(x.difference))
    return f"measured − predicted up to {worst.difference:+.2%} ± {worst.error:.2%} of {unit}"
