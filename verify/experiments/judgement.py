"""The verdict on each curve, with what the same data could have refuted."""

from dataclasses import dataclass, field

import numpy as np

from verify.agreement import Agreement, equivalence, summary
from verify.experiments.curves import Curves, controls
from verify.experiments.outcome import Outcome
from verify.experiments.specification import Experiment
from verify.verdict import Verdict, combine

SMALLEST_MSE = 1e-6


@dataclass(frozen=True)
class Judged:
    """A curve: one target, one comparison, an agreement for each n."""

    target: int
    comparison: str
    agreements: tuple[Agreement, ...]
    sizes: tuple[int, ...]

    @property
    def words(self) -> str:
        """The verdict by n, in words."""
        return summary(self.sizes, [a.verdict for a in self.agreements])

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of the curve."""
        return combine(a.verdict for a in self.agreements)

    @property
    def detectable(self) -> float:
        """Minimum detectable effect at the least favorable n."""
        return max(a.detectable for a in self.agreements)


@dataclass(frozen=True)
class Control:
    """A theory that is wrong on purpose, and where the data refute it.

    A point counts only where the right theory was confirmed with the same data.
    """

    name: str
    refuted_at: tuple[tuple[int, int], ...]

    @property
    def told_apart(self) -> bool:
        """Whether the data tell it from the right theory anywhere."""
        return bool(self.refuted_at)


@dataclass(frozen=True)
class Judgement:
    """All verdicts and all controls of a run."""

    curves: tuple[Judged, ...]
    controls: tuple[Control, ...]
    net_controls: tuple[Control, ...] = field(default=())

    @property
    def verdict(self) -> Verdict:
        """Confirmed only if every curve is, and every control was told apart."""
        missed = any(not control.told_apart for control in self.controls)
        found = combine(curve.verdict for curve in self.curves)
        return Verdict.INCONCLUSIVE if missed and found is Verdict.CONFIRMED else found


def judge(experiment: Experiment, theory: Curves, outcome: Outcome) -> Judgement:
    """Compare kernel regression with theory, and nets with kernel regression."""
    judged, margins = [], experiment.margins
    for column, target in enumerate(experiment.targets):
        kernel_l = [
            equivalence(
                cell.learnability[:, column] - theory.learnability[row, column],
                margins.learnability,
            )
            for row, cell in enumerate(outcome.kernel)
        ]
        kernel_e = [
            equivalence(
                _relative(cell.test_mse[:, column], theory.test_mse[row, column]),
                margins.mse,
            )
            for row, cell in enumerate(outcome.kernel)
        ]
        judged += [
            Judged(
                target,
                "kernel − theory, learnability",
                tuple(kernel_l),
                experiment.sizes,
            ),
            Judged(target, "kernel/theory − 1, MSE", tuple(kernel_e), experiment.sizes),
        ]
        if outcome.nets:
            paired = [
                _paired(outcome, row, column, margins.nets) for row in _rows(outcome)
            ]
            judged.append(
                Judged(
                    target,
                    "nets − kernel, learnability",
                    tuple(paired),
                    experiment.sizes,
                )
            )
    wrong = controls(experiment, theory)
    return Judgement(
        tuple(judged),
        tuple(
            _kernel_control(experiment, outcome, judged, *item)
            for item in wrong.items()
        ),
        _net_controls(experiment, outcome, judged),
    )


def _rows(outcome: Outcome) -> range:
    return range(len(outcome.kernel))


def _relative(measured: np.ndarray, predicted: float) -> np.ndarray:
    return (measured - predicted) / max(float(predicted), SMALLEST_MSE)


def _paired(outcome: Outcome, row: int, column: int, margin: float) -> Agreement:
    """Nets minus kernel regression on the same data sets; a diverged net counts as far."""
    nets = outcome.nets[row].learnability[:, column]
    kernel = outcome.kernel[row].learnability[: len(nets), column]
    sound = np.isfinite(nets)
    if sound.sum() < 2 or not sound.all():
        return Agreement(
            float("nan"),
            float("inf"),
            float("inf"),
            margin,
            float("inf"),
            int(sound.sum()),
            Verdict.INCONCLUSIVE,
        )
    return equivalence(nets - kernel, margin)


def _confirmed(judged: list[Judged], comparison: str) -> dict[tuple[int, int], bool]:
    return {
        (curve.target, n): agreement.verdict is Verdict.CONFIRMED
        for curve in judged
        if curve.comparison == comparison
        for n, agreement in zip(curve.sizes, curve.agreements, strict=True)
    }


def _kernel_control(
    experiment: Experiment,
    outcome: Outcome,
    judged: list[Judged],
    name: str,
    wrong: np.ndarray,
) -> Control:
    right = _confirmed(judged, "kernel − theory, learnability")
    refuted = []
    for row, n in enumerate(experiment.sizes):
        for column, target in enumerate(experiment.targets):
            differences = (
                outcome.kernel[row].learnability[:, column] - wrong[row, column]
            )
            found = equivalence(differences, experiment.margins.learnability)
            if found.verdict is Verdict.REFUTED and right[target, n]:
                refuted.append((target, n))
    return Control(name, tuple(refuted))


def _net_controls(
    experiment: Experiment, outcome: Outcome, judged: list[Judged]
) -> tuple[Control, ...]:
    """Nets against the NNGP's regression on the same data sets."""
    if not outcome.nets:
        return ()
    refuted = []
    for row, n in enumerate(experiment.sizes):
        for column, target in enumerate(experiment.targets):
            nets = outcome.nets[row].learnability[:, column]
            other = outcome.nngp[row].learnability[: len(nets), column]
            if np.all(np.isfinite(nets)):
                found = equivalence(nets - other, experiment.margins.nets)
                if found.verdict is Verdict.REFUTED:
                    own = _confirmed(judged, "nets − kernel, learnability")[target, n]
                    if own:
                        refuted.append((target, n))
    return (Control("NNGP for NTK (nets)", tuple(refuted)),)
