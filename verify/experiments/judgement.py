"""The verdict on each curve, with what the same data could have refuted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from verify.experiments.measurements import Sample
from verify.verdicts.agreement import Agreement, summary, told_apart, within
from verify.verdicts.verdict import Verdict, combine


@dataclass(frozen=True)
class JudgedCurve:
    """One subject, one comparison, an agreement at each place of a grid.

    Attributes
    ----------
    subject
        Which curve, such as ``k = 3``.
    comparison
        What is compared with what.
    grid
        Where: numbers of points, widths, modes.
    agreements
        One for each place.
    name
        What the grid is called.
    expected
        Places at which a refutation is expected, each with the reason; they are known
        beforehand and change no verdict.
    """

    subject: str
    comparison: str
    grid: tuple[Any, ...]
    agreements: tuple[Agreement, ...]
    name: str = "n"
    expected: Mapping[Any, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The verdict by place, in words."""
        return summary(self.grid, [a.verdict for a in self.agreements], self.name)

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of the curve."""
        return combine(a.verdict for a in self.agreements)

    @property
    def detectable(self) -> float:
        """Minimum detectable effect at the least favorable place."""
        return max(a.detectable for a in self.agreements)


@dataclass(frozen=True)
class Control:
    """A theory that is wrong on purpose, and where the data refute it.

    A place counts only where the right theory was confirmed with the same data.
    """

    name: str
    refuted_at: tuple[str, ...]

    @property
    def told_apart(self) -> bool:
        """Whether the data tell it from the right theory anywhere."""
        return bool(self.refuted_at)

    @classmethod
    def against(
        cls, name: str, wrong: Iterable[JudgedCurve], right: Iterable[JudgedCurve]
    ) -> Control:
        """Where the wrong theory is refuted and the right one confirmed.

        Curves belong together by their subject.
        """
        by_place = lambda curves: {
            (curve.subject, curve.name, place): agreement
            for curve in curves
            for place, agreement in zip(curve.grid, curve.agreements, strict=True)
        }
        found = [
            f"{subject}, {grid} = {place}"
            for subject, grid, place in told_apart(by_place(right), by_place(wrong))
        ]
        return cls(name, tuple(found))


@dataclass(frozen=True)
class Judgement:
    """All verdicts and all controls of a run."""

    curves: tuple[JudgedCurve, ...]
    controls: tuple[Control, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Confirmed only if every curve is, and every control was told apart."""
        missed = any(not control.told_apart for control in self.controls)
        found = combine(curve.verdict for curve in self.curves)
        return Verdict.INCONCLUSIVE if missed and found is Verdict.CONFIRMED else found

    def of(self, comparison: str) -> tuple[JudgedCurve, ...]:
        """The curves of one comparison."""
        return tuple(c for c in self.curves if c.comparison == comparison)

    def as_json(self) -> dict[str, Any]:
        """For machines: every number that the verdicts rest on."""
        return {
            "verdict": str(self.verdict),
            "curves": [
                {
                    "subject": curve.subject,
                    "comparison": curve.comparison,
                    "verdict": curve.words,
                    "points": [
                        {curve.name: place, **_numbers(agreement)}
                        for place, agreement in zip(
                            curve.grid, curve.agreements, strict=True
                        )
                    ],
                }
                for curve in self.curves
            ],
            "controls": [
                {
                    "name": control.name,
                    "told_apart": control.told_apart,
                    "refuted_at": list(control.refuted_at),
                }
                for control in self.controls
            ],
        }


def difference(
    found: Sample, value: float, margin: float, scale: float = 1.0
) -> Agreement:
    """Whether a sample agrees with a value, their difference in units of ``scale``.

    Examples
    --------
    >>> str(difference(Sample(0.5, 0.001, 100), 0.5, margin=0.02).verdict)
    'confirmed'
    """
    error = max(found.error, 1e-14) / scale
    return within((found.mean - value) / scale, error, found.samples, margin)


def ratio(found: Sample, value: float, margin: float) -> Agreement:
    """Whether the ratio of a sample to a value agrees with 1.

    Examples
    --------
    >>> str(ratio(Sample(3.0, 0.001, 100), 2.0, margin=0.1).verdict)
    'refuted'
    """
    gap = found.relative_to(value)
    return within(gap.mean, gap.error, gap.samples, margin)


def _numbers(agreement: Agreement) -> dict[str, Any]:
    def number(value: float) -> float | None:
        return value if abs(value) < float("inf") else None  # JSON has no infinity

    return {
        "difference": number(agreement.difference),
        "standard_error": number(agreement.error),
        "halfwidth": number(agreement.halfwidth),
        "margin": agreement.margin,
        "minimum_detectable_effect": number(agreement.detectable),
        "samples": agreement.samples,
        "verdict": str(agreement.verdict),
    }
