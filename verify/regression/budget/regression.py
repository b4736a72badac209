"""The error budget of kernel regression: from the theory as used to what is measured.

A chain of worlds, each with one more cause: theory in float64 with a cut spectrum;
theory as proved; Gaussian features; a random rotation of M modes; the domain's own
eigenfunctions; draws with replacement. Each step is measured on data sets of its own.
"""

from collections.abc import Callable
from typing import Any

from numerics import predict
from theory import NoConvergence, OutOfDomain
from theory.numbers import integer
from verify.regression.budget.error_budget import Budget, Part
from verify.regression.budget.intermediate_models import Modes, modes_of, surrogate
from verify.regression.mean import Mean
from verify.regression.measured import Measured
from verify.regression.predicted import USUAL, Predicted, predicted
from verify.regression.regression_problem import (
    WITH,
    WITHOUT,
    RegressionProblem,
    problem,
)
from verify.regression.simulation import simulate

STATISTICS = ("learnability", "test_mse")
MOST_ROTATED = 1024
PROVED = 8
Progress = Callable[[int, int, str], object]


def regression_budget(
    asked: RegressionProblem,
    trials: Any = 1000,
    seed: Any = 0,
    *,
    levels: int | None = None,
    measured: Measured | None = None,
    progress: Progress | None = None,
) -> tuple[Budget, ...]:
    """Split the gap between theory and kernel regression by cause.

    Parameters
    ----------
    asked
        The problem. The theory it is held against is the usual one: the implicit
        equation without a finite domain, at n points.
    trials, seed
        Data sets of every world, an even number; all worlds are independent.
    levels
        Where the theory's spectrum was cut off, or None for all of it.
    measured
        Regressions that were run already with another seed; run now by default.
    progress
        Called with worlds done, worlds in all, and the name of the next.

    Returns
    -------
    tuple of Budget
        For every target its learnability, then its test MSE.

    Raises
    ------
    OutOfDomain
        When n exceeds the points of a finite domain, or the domain has more than 1024
        points that are drawn without replacement.

    Examples
    --------
    >>> asked = problem("gaussian:width=2", "hypercube:4", {1: 1}, 5)
    >>> first, second = regression_budget(asked, trials=200)
    >>> first.adds_up, [part.cause for part in first.parts]
    (True, ['rounding', 'finite data', 'finite domain', 'eigenfunctions'])
    """
    count = integer(trials, "trials", least=4)
    points = asked.place.points
    if points is not None and asked.n > points:
        raise OutOfDomain(
            f"n = {asked.n} exceeds the {points} points of {asked.domain}"
        )
    if points is not None and points > MOST_ROTATED:
        raise OutOfDomain(
            f"{asked.domain}: rotations of more than {MOST_ROTATED} modes are too much"
        )
    steps = _Steps(progress, 4 + (points is not None) + (asked.sampling == WITH))
    modes = modes_of(asked, asked.pairs)
    usual = predicted(asked, equation=USUAL, sampling=_distinct(asked))
    used = usual
    if levels is not None:
        used = predicted(
            asked, equation=USUAL, sampling=_distinct(asked), levels=levels
        )
    steps.say("the problem itself")
    found = measured or simulate(asked, count, _apart(seed, 0))
    parts = _chain(asked, modes, usual, count, seed, steps)
    budgets = []
    for target, goal in enumerate(asked.targets):
        for row, name in enumerate(STATISTICS):
            proved = _proved(asked, goal, name, usual.value(name, target))
            cut = usual.value(name, target) - used.value(name, target)
            first = [proved]
            if levels is not None:
                why = f"levels above {levels} left out"
                first.append(Part("truncated spectrum", cut, 0.0, why, cut))
            budgets.append(
                Budget(
                    name,
                    str(goal),
                    used.value(name, target),
                    found.mean(name, target),
                    (*first, *(make(row, target) for make in parts)),
                    found.beside(),
                )
            )
    return tuple(budgets)


class _Steps:
    """Progress over the worlds that are simulated."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.done = progress, total, 0

    def say(self, what: str) -> None:
        if self.progress is not None:
            self.progress(self.done, self.total, f"error budget: {what}")
        self.done += 1


Make = Callable[[int, int], Part]


def _distinct(asked: RegressionProblem) -> str | None:
    """The believed draws that leave n as it is."""
    return WITHOUT if asked.sampling == WITH else None


def _apart(seed: Any, world: int) -> int:
    """A seed of its own for every world."""
    return 1000 * integer(seed, "seed", most=2**50) + world


def _chain(
    asked: RegressionProblem,
    modes: Modes,
    usual: Predicted,
    count: int,
    seed: Any,
    steps: _Steps,
) -> list[Make]:
    finite = asked.place.points is not None
    surrogate_theory = _of_modes(asked, modes)

    def rows(world: int, *, rotate: bool) -> dict[str, Any]:
        return surrogate(asked, modes, count, _apart(seed, world), rotate=rotate)

    steps.say("Gaussian features")
    gaussian = rows(1, rotate=False)["gaussian"]

    def finite_data(row: int, target: int) -> Part:
        mean = Mean.of(gaussian[:, row, target])
        base = surrogate_theory.value(STATISTICS[row], target)
        how = f"{count} data sets of {len(modes.eigenvalues)} Gaussian features"
        return Part("finite data", mean.value - base, mean.error, how)

    makes: list[Make] = [finite_data]
    single = problem(
        asked.kernel,
        asked.domain,
        list(asked.targets),
        asked.n,
        asked.ridge,
        asked.noise,
    )
    if finite:
        steps.say("random rotations")
        both = rows(2, rotate=True)
        population = predicted(single)

        def finite_domain(row: int, target: int) -> Part:
            shift = Mean.of(
                both["rotated"][:, row, target] - both["gaussian"][:, row, target]
            )
            name = STATISTICS[row]
            known = population.value(name, target) - usual.value(name, target)
            how = f"{count} random rotations of M modes, paired with Gaussian features"
            return Part("finite domain", shift.value, shift.error, how, known)

        makes.append(finite_domain)
    steps.say("the domain's eigenfunctions")
    own = simulate(single, count, _apart(seed, 3))
    kind = "rotated" if finite else "gaussian"
    before = rows(4, rotate=finite)[kind]

    def eigenfunctions(row: int, target: int) -> Part:
        name = STATISTICS[row]
        # features that were left out of the surrogate are put back by theory
        back = usual.value(name, target) - surrogate_theory.value(name, target)
        mean = Mean.of(before[:, row, target] + back)
        how = f"{count} data sets of the domain against {count} without structure"
        return Part.between("eigenfunctions", mean, own.mean(name, target), how)

    makes.append(eigenfunctions)
    if asked.sampling == WITH:
        steps.say("repeated points")
        again = simulate(asked, count, _apart(seed, 5))
        once = simulate(single, count, _apart(seed, 6))
        theory = predicted(asked), predicted(single)

        def repeated(row: int, target: int) -> Part:
            name = STATISTICS[row]
            known = theory[0].value(name, target) - theory[1].value(name, target)
            return Part.between(
                "repeated points",
                once.mean(name, target),
                again.mean(name, target),
                f"{count} data sets with and {count} without replacement",
                known,
            )

        makes.append(repeated)
    return makes


def _of_modes(asked: RegressionProblem, modes: Modes) -> Predicted:
    """Usual theory of the surrogate's own spectrum: what was left out is ridge."""
    if modes.extra == 0:
        return predicted(asked, equation=USUAL, sampling=_distinct(asked))
    return predicted(
        asked,
        equation=USUAL,
        sampling=_distinct(asked),
        levels=modes.levels - 1,
        extra_ridge=modes.extra,
    )


def _proved(asked: RegressionProblem, goal: Any, name: str, value: float) -> Part:
    """What float64, and a tail taken as one level, are off by."""
    title = {"learnability": "target_learnability"}.get(name, name)
    try:
        found: Any = getattr(
            predict(
                asked.pairs.spectrum,
                dict(goal.powers),
                asked.n,
                asked.ridge,
                asked.noise,
                digits=PROVED,
            ),
            title,
        )
        ball = found.item() if hasattr(found, "item") else found
        shift = float(ball) - value
        return Part(
            "rounding",
            shift,
            float(ball.radius),
            f"{PROVED} proved digits",
        )
    except NoConvergence as error:
        return Part("rounding", 0.0, 0.0, f"not proved: {error}")
