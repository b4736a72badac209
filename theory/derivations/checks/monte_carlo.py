"""Checks of approximations: how good they are, measured on random data sets.

The features are independent signs, the arithmetic has 30 digits, the seed is fixed:
the measurement is a number that anybody gets again.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any

from mpmath import mpf, workdps
from sympy import Basic, Eq, S

from theory.data_set.symbols import Phi, lam, modes, ridge
from theory.derivations.checks.evaluation import Point, evaluate
from theory.derivations.checks.exact_fields import FieldDualNumber
from theory.derivations.checks.random_problems import regression
from theory.derivations.steps.step import StepReport
from theory.errors import NotEvaluable
from theory.notation import C, i
from theory.verdict import Verdict

DIGITS = 30
HALVINGS = 100


def constant_of(eigenvalues: list[Any], samples: int, delta: Any) -> Any:
    """C to many digits, by bisection.

    Examples
    --------
    >>> abs(constant_of([mpf(1)] * 4, 2, mpf(0)) - 1) < mpf(10) ** -12
    True
    """
    low, high = mpf(0), (sum(eigenvalues) + delta) / samples
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        left = sum(x / (x + middle) for x in eigenvalues) + delta / middle
        low, high = (middle, high) if left > samples else (low, middle)
    return high


def signs(random: Random, size: tuple[int, int]) -> Point:
    """A data set whose features are independent signs; λ_i = 1/i², δ = 1/10."""
    samples, many = size
    point = regression(random, Fraction, size, rotated=False)
    spectrum = [mpf(1) / (k * k) for k in range(1, many + 1)]
    numbers: dict[Any, Any] = {(lam, k): x for k, x in enumerate(spectrum, 1)}
    numbers[ridge] = mpf(1) / 10
    numbers[C] = constant_of(spectrum, samples, numbers[ridge])
    features = [
        [mpf(random.choice((-1, 1))) for _ in range(many)] for _ in range(samples)
    ]
    matrices = {Phi: features}
    return replace(point, field=mpf, numbers=numbers, matrices=matrices, seen={})


@dataclass(frozen=True, slots=True)
class MeasuredMean:
    """An approximation a ≈ b: the mean of a over data sets and modes, relative to b.

    Attributes
    ----------
    tolerance
        The largest relative error of the mean that still confirms.
    size
        Samples and modes.
    draws
        Data sets.

    Examples
    --------
    >>> from theory.data_set.symbols import C_D
    >>> MeasuredMean(Fraction(1, 5))(Eq(C_D(i), 3 * C, evaluate=False)).verdict
    <Verdict.REFUTED: 'refuted'>
    """

    tolerance: Fraction
    size: tuple[int, int] = (8, 16)
    draws: int = 6

    @property
    def how(self) -> str:
        """On what it is measured."""
        samples, many = self.size
        allowed = f"mean within {float(self.tolerance):.0%}"
        return (
            f"measured: {self.draws} sets of {samples} samples, {many} modes, "
            f"random signs, {allowed}"
        )

    def __call__(self, statement: Basic) -> StepReport:
        """Average both sides over data sets, and over modes if there is an index."""
        if not isinstance(statement, Eq):
            verdict = Verdict.REFUTED if statement == S.false else Verdict.INCONCLUSIVE
            return StepReport(verdict, self.how, f"{statement} is not an equation")
        with workdps(DIGITS):
            return self._measure(statement)

    def _measure(self, statement: Any) -> StepReport:
        random = Random(f"{self.size}")
        ratios: list[Any] = []
        for _ in range(self.draws):
            point = signs(random, self.size)
            try:
                ratios += self._ratios(statement, point)
            except NotEvaluable as error:
                return StepReport(Verdict.INCONCLUSIVE, self.how, str(error))
            except ZeroDivisionError:
                return StepReport(Verdict.REFUTED, self.how, "one side vanishes")
        mean = sum(ratios) / len(ratios)
        spread = sum((r - mean) ** 2 for r in ratios) / len(ratios)
        detail = (
            f"ratio of the sides {float(mean):.3f} on average, "
            f"{float(spread) ** 0.5:.3f} standard deviation"
        )
        good = (
            abs(mean - 1) <= mpf(self.tolerance.numerator) / self.tolerance.denominator
        )
        return StepReport(
            Verdict.CONFIRMED if good else Verdict.REFUTED, self.how, detail
        )

    def _ratios(self, statement: Any, point: Point) -> list[Any]:
        indexed = i in statement.free_symbols or i in statement.atoms(type(i))
        values = range(1, point.sizes[modes] + 1) if indexed else (1,)
        result = []
        for value in values:
            left, right = (evaluate(side, point, {i: value}) for side in statement.args)
            assert isinstance(left, FieldDualNumber)
            assert isinstance(right, FieldDualNumber)
            result.append(left.value / right.value)
        return result
