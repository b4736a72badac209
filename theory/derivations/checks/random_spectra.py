"""A check on random spectra that are parametrized by C, so that all numbers are exact."""

from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from sympy import Basic

from theory.constant import balance
from theory.data_set.symbols import g, lam, ridge
from theory.derivations.checks.evaluation import Point, evaluate
from theory.derivations.checks.exact_fields import FieldDualNumber
from theory.derivations.checks.random_identities import COMPARE
from theory.derivations.steps.step import StepReport
from theory.errors import NotEvaluable
from theory.notation import C, j, levels, n
from theory.verdict import Verdict

MODE = 1
FAR = 10**12
"""How far above the eigenvalues C is in some of the spectra."""
RIDGES = (1, 1, 30, 10**6)
"""Ridges up to these sizes: where δ/C outweighs all modes, and where it does not."""


def spectrum(random: Random, size: int) -> Point:
    """Random levels, ridge and C; mode 1 has at least S_2/(2(S_1 + δ)); n follows."""
    value = [
        Fraction(random.randint(1, 30), random.randint(1, 12)) for _ in range(size)
    ]
    many = [Fraction(random.randint(1, 9)) for _ in range(size)]
    delta = Fraction(random.randint(0, 5), 3) * random.choice(RIDGES)
    rest = list(zip(value, many, strict=True))[1:]
    first = sum(m * x for x, m in rest) + delta
    second = sum(m * x * x for x, m in rest)
    value[0] = second / (2 * first) if first else value[0]
    while (
        2 * value[0] * (first + many[0] * value[0]) < second + many[0] * value[0] ** 2
    ):
        value[0] *= Fraction(9, 8)
    numbers: dict[Any, Any] = {(lam, k): x for k, x in enumerate(value, 1)}
    numbers |= {(g, k): x for k, x in enumerate(many, 1)}
    numbers[ridge] = delta
    numbers[C] = Fraction(random.randint(1, 40), random.randint(1, 40))
    if random.randrange(4) == 0:  # n → 0, where nothing is learned
        numbers[C] *= FAR
    return Point(field=Fraction, numbers=numbers, sizes={levels: size}, means={n: F})


F: Any = balance.lhs


@dataclass(frozen=True, slots=True)
class SampledSpectra:
    """A relation holds on random spectra, in exact fractions; no more is claimed.

    The free index j is the mode whose eigenvalue is at or above the threshold.

    Examples
    --------
    >>> from sympy import Ge
    >>> SampledSpectra()(Ge(C, 100, evaluate=False)).verdict
    <Verdict.REFUTED: 'refuted'>
    """

    draws: int = 200

    @property
    def how(self) -> str:
        """On how many spectra."""
        return f"sampled: {self.draws} spectra in exact fractions"

    def __call__(self, statement: Basic) -> StepReport:
        """Compare both sides on every spectrum."""
        compare = COMPARE.get(statement.func)
        if compare is None:
            return StepReport(
                Verdict.INCONCLUSIVE, self.how, f"{statement} is no relation"
            )
        random = Random(self.draws)
        for draw in range(self.draws):
            point = spectrum(random, 1 + draw % 5)
            sides = []
            for side in statement.args:
                try:
                    value = evaluate(side, point, {j: MODE})
                except NotEvaluable as error:
                    return StepReport(Verdict.INCONCLUSIVE, self.how, str(error))
                assert isinstance(value, FieldDualNumber)
                sides.append(value.value)
            if not compare(*sides):
                return StepReport(
                    Verdict.REFUTED, self.how, f"fails at spectrum {draw + 1}"
                )
        return StepReport(Verdict.CONFIRMED, self.how)
