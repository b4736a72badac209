"""What a theory claims about regression: the right one, and wrong ones as controls."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from theory import Kernel, OutOfDomain, kernels
from theory.numbers import integer, rational
from verify.regression.comparison.toml_fields import (
    Table,
    choice,
    fraction,
    known,
    listed,
    text_of,
)
from verify.regression.comparison.wrong_kernels import other_nets, other_norm
from verify.regression.measured import BY_TARGET
from verify.regression.predicted import EQUATIONS, Predicted, predicted
from verify.regression.regression_problem import WITH, WITHOUT, RegressionProblem

FIVE = Fraction(1, 20)
REPEATED = 0.03
"""Share of repeated points below which ways of drawing are not told apart."""


@dataclass(frozen=True)
class TheoryClaim:
    """How a prediction is made; the default is our theory.

    Attributes
    ----------
    kernel, norms
        Another kernel than the one that learns, other norms of the inputs (of data).
    constant_factor, n_factor
        Factors on C and on the number of points.
    sampling
        Another way of drawing than the real one.
    equation
        ``eigenlearning`` or ``finite_population``; by default the one that applies.
    levels
        Where the spectrum is cut off.
    values
        Statistic → rows, one for each n, of numbers, one for each target: a user's own
        predictions in place of ours.
    """

    kernel: Kernel | None = None
    norms: str | None = None
    constant_factor: Fraction = Fraction(1)
    n_factor: Fraction = Fraction(1)
    sampling: str | None = None
    equation: str | None = None
    levels: int | None = None
    values: Mapping[str, tuple[tuple[float, ...], ...]] = field(default_factory=dict)

    def predict(self, asked: RegressionProblem) -> Predicted:
        """What this claim predicts for a problem, its own numbers aside."""
        n = None if self.n_factor == 1 else float(asked.n * self.n_factor)
        return predicted(
            asked,
            kernel=self.kernel,
            equation=self.equation,
            sampling=self.sampling,
            n=n,
            constant_factor=float(self.constant_factor),
            levels=self.levels,
        )


SHIFTED_C = {
    "C + 5 %": TheoryClaim(constant_factor=1 + FIVE),
    "C − 5 %": TheoryClaim(constant_factor=1 - FIVE),
}
FEWER = {"n − 5 %": TheoryClaim(n_factor=1 - FIVE)}


def controls(
    asked: RegressionProblem, repeated: float = REPEATED
) -> dict[str, TheoryClaim]:
    """Theories that are wrong on purpose; the data must refute each.

    Parameters
    ----------
    asked
        The problem.
    repeated
        The wrong way of drawing is offered where it changes the number of distinct
        points by at least this share.

    Examples
    --------
    >>> from verify.regression.regression_problem import problem
    >>> list(controls(problem("gaussian:width=2", "hypercube:8", {1: 1}, 20)))
    ['wrong norm', 'wrong sampling', 'C + 5 %', 'C − 5 %', 'n − 5 %']
    """
    # points of norm 1 where the kernel means norm √d, and the other way round
    d = int(asked.domain.ambient or 1)
    wrong = other_nets(asked.kernel) | other_norm(asked.kernel, d)
    found = {name: TheoryClaim(kernel=kernel) for name, kernel in wrong.items()}
    points = asked.place.points
    if points is not None and asked.n < points:
        distinct = points * -math.expm1(asked.n * math.log1p(-1 / points))
        if 1 - distinct / asked.n >= repeated:
            other = WITH if asked.sampling == WITHOUT else WITHOUT
            found["wrong sampling"] = TheoryClaim(sampling=other)
    if asked.n != points or asked.ridge:  # else everything is learned, and C is 0
        found |= SHIFTED_C
    return found | FEWER


def read_claim(
    table: Any, words: Mapping[str, Collection[str]], more: Collection[str] = ()
) -> dict[str, Any]:
    """What the table ``theory`` of a specification claims, as arguments of ``TheoryClaim``.

    Parameters
    ----------
    table
        The table.
    words
        Fields that hold one of some words.
    more
        Fields that the caller reads.

    Raises
    ------
    OutOfDomain
        Naming the field, its value and what is allowed.
    """
    factors = ("constant_factor", "n_factor")
    known(table, ("kernel", *factors, *words, *more), "theory")
    made: dict[str, Any] = {}
    if "kernel" in table:
        made["kernel"] = kernels.parse(text_of(table["kernel"], "theory.kernel"))
    for name in factors:
        if name in table:
            made[name] = fraction(table[name], f"theory.{name}", positive=True)
    for name, allowed in words.items():
        if name in table:
            made[name] = choice(table, name, allowed, None)
    return made


def claim_about(
    table: Table,
    problems: tuple[RegressionProblem, ...],
    statistics: tuple[str, ...],
) -> TheoryClaim:
    """What a specification claims about regression on a domain.

    Raises
    ------
    OutOfDomain
        Naming the field, its value and what is allowed.
    """
    finite = problems[0].place.points is not None
    words = {"sampling": (WITHOUT, WITH), "equation": EQUATIONS} if finite else {}
    made = read_claim(table, words, ("levels", "values"))
    if "levels" in table:
        made["levels"] = integer(table["levels"], "theory.levels")
    if "values" in table:
        made["values"] = _values(table["values"], problems, statistics)
    return TheoryClaim(**made)


def _values(
    table: Table,
    problems: tuple[RegressionProblem, ...],
    statistics: tuple[str, ...],
) -> dict[str, tuple[tuple[float, ...], ...]]:
    known(table, statistics, "theory.values")
    targets, made = len(problems[0].targets), {}
    for name, rows in table.items():
        columns = targets if name in BY_TARGET else 1
        shaped = [row if isinstance(row, list) else [row] for row in listed(rows, name)]
        if len(shaped) != len(problems) or any(len(r) != columns for r in shaped):
            raise OutOfDomain(
                f"theory.values.{name}: {len(problems)} rows, one for each n, of "
                f"{columns} number{'s' if columns > 1 else ''} are needed"
            )
        made[name] = tuple(
            tuple(float(rational(v, f"theory.values.{name}")) for v in row)
            for row in shaped
        )
    return made
