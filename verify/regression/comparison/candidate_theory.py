"""What a theory believes about a problem: the right one, and wrong ones as controls."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sympy import Rational

from theory import Kernel, OutOfDomain, kernels
from theory.domains import UnitCircle
from theory.numbers import integer, rational
from verify.regression.comparison.toml_fields import known, listed, text_of
from verify.regression.measured import BY_TARGET
from verify.regression.predicted import EQUATIONS, Predicted, predicted
from verify.regression.regression_problem import WITH, WITHOUT, RegressionProblem

FIVE = Fraction(1, 20)
REPEATED = 0.03
"""Share of repeated points below which ways of drawing are not told apart."""


BELIEFS = (
    "kernel",
    "constant_factor",
    "n_factor",
    "sampling",
    "equation",
    "levels",
    "values",
)


@dataclass(frozen=True)
class Belief:
    """How a prediction is made; the default is our theory.

    Attributes
    ----------
    kernel
        Another kernel than the one that learns.
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
    constant_factor: Fraction = Fraction(1)
    n_factor: Fraction = Fraction(1)
    sampling: str | None = None
    equation: str | None = None
    levels: int | None = None
    values: Mapping[str, tuple[tuple[float, ...], ...]] = field(default_factory=dict)

    def predict(self, asked: RegressionProblem) -> Predicted:
        """What this belief predicts for a problem, its own numbers aside."""
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


def controls(asked: RegressionProblem, repeated: float = REPEATED) -> dict[str, Belief]:
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
    found = {name: Belief(kernel=k) for name, k in _kernels(asked).items()}
    points = asked.place.points
    if points is not None and asked.n < points:
        distinct = points * -math.expm1(asked.n * math.log1p(-1 / points))
        if 1 - distinct / asked.n >= repeated:
            other = WITH if asked.sampling == WITHOUT else WITHOUT
            found["wrong sampling"] = Belief(sampling=other)
    if asked.n != points or asked.ridge:  # else everything is learned, and C is 0
        found["C + 5 %"] = Belief(constant_factor=1 + FIVE)
        found["C − 5 %"] = Belief(constant_factor=1 - FIVE)
    found["n − 5 %"] = Belief(n_factor=1 - FIVE)
    return found


def _kernels(asked: RegressionProblem) -> dict[str, Kernel]:
    kernel, found = asked.kernel, {}
    parameters = dict(kernel.parameters)
    if kernel.family in ("ntk", "nngp"):
        other = "nngp" if kernel.family == "ntk" else "ntk"
        name = f"{other.upper()} for {kernel.family.upper()}"
        found[name] = _with(other, parameters)
        depth = int(parameters["depth"])
        found["one layer more"] = _with(
            kernel.family, parameters | {"depth": depth + 1}
        )
        if depth > 1:
            less = parameters | {"depth": depth - 1}
            found["one layer less"] = _with(kernel.family, less)
    if "input_variance" in parameters:
        # points of norm 1 where the kernel means norm √d, and the other way round
        d = 2 if isinstance(asked.domain, UnitCircle) else int(asked.domain.d)
        norm = parameters["input_variance"]
        swapped = Rational(1, d) if norm == 1 else Rational(1)
        changed = _with(kernel.family, parameters | {"input_variance": swapped})
        if str(changed) != str(kernel):
            found["wrong norm"] = changed
    return found


def _with(family: str, parameters: Mapping[str, Any]) -> Kernel:
    given = {name: value for name, value in parameters.items() if name != "activation"}
    head = [parameters["activation"]] if "activation" in parameters else []
    read = kernels.FAMILIES[family].read
    try:
        return read(*head, **given)
    except TypeError as error:
        msg = f"kernel family {family!r}: {error}"
        raise OutOfDomain(msg) from None


def read_belief(
    table: Mapping[str, Any],
    problems: tuple[RegressionProblem, ...],
    statistics: tuple[str, ...],
) -> Belief:
    """What a table of a specification says is believed.

    Raises
    ------
    OutOfDomain
        Naming the field, its value and what is allowed.
    """
    known(table, BELIEFS, "theory")
    made: dict[str, Any] = {}
    if "kernel" in table:
        made["kernel"] = kernels.parse(
            text_of(table["kernel"], "theory.kernels.kernel")
        )
    for name in ("constant_factor", "n_factor"):
        if name in table:
            exact = rational(table[name], f"theory.{name}", positive=True)
            made[name] = Fraction(int(exact.p), int(exact.q))
    for name, allowed in (("sampling", (WITHOUT, WITH)), ("equation", EQUATIONS)):
        if name in table:
            if table[name] not in allowed or problems[0].place.points is None:
                msg = (
                    f"theory.{name} = {table[name]!r} must be {' or '.join(allowed)}, "
                    "on a finite domain"
                )
                raise OutOfDomain(msg)
            made[name] = table[name]
    if "levels" in table:
        made["levels"] = integer(table["levels"], "theory.levels")
    if "values" in table:
        made["values"] = _values(table["values"], problems, statistics)
    return Belief(**made)


def _values(
    table: Mapping[str, Any],
    problems: tuple[RegressionProblem, ...],
    statistics: tuple[str, ...],
) -> dict[str, tuple[tuple[float, ...], ...]]:
    known(table, statistics, "theory.values")
    targets, made = len(problems[0].targets), {}
    for name, rows in table.items():
        columns = targets if name in BY_TARGET else 1
        shaped = [row if isinstance(row, list) else [row] for row in listed(rows, name)]
        if len(shaped) != len(problems) or any(len(r) != columns for r in shaped):
            msg = (
                f"theory.values.{name}: {len(problems)} rows, one for each n, of "
                f"{columns} number{'s' if columns > 1 else ''} are needed"
            )
            raise OutOfDomain(msg)
        made[name] = tuple(
            tuple(float(rational(v, f"theory.values.{name}")) for v in row)
            for row in shaped
        )
    return made
