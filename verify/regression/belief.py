"""What a theory believes about a problem: the right one, and wrong ones as controls."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sympy import Rational

from theory import Kernel, OutOfDomain, kernels
from theory.domains import UnitCircle
from verify.sampling.predicted import Predicted, predicted
from verify.sampling.problem import WITH, WITHOUT, Problem

FIVE = Fraction(1, 20)
REPEATED = 0.03
"""Share of repeated points below which ways of drawing are not told apart."""


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

    def predict(self, asked: Problem) -> Predicted:
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


def controls(asked: Problem, repeated: float = REPEATED) -> dict[str, Belief]:
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
    >>> from verify.sampling.problem import problem
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
    found["C + 5 %"] = Belief(constant_factor=1 + FIVE)
    found["C − 5 %"] = Belief(constant_factor=1 - FIVE)
    found["n − 5 %"] = Belief(n_factor=1 - FIVE)
    return found


def _kernels(asked: Problem) -> dict[str, Kernel]:
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
