"""Online gradient descent: every step a fresh batch, and an exact recursion for the error.

f̂ ← f̂ − (η/m) Σ_b (f̂(x_b) − y_b) K(·, x_b) on m uniform points x_b that no step before has
seen. On a domain whose levels obey Σ φ(x)² = g for every x, the mean power that is not
learned of one level needs only the powers of all levels: a closed recursion, exact at every
step. Inside a batch points may repeat, or be distinct ones of M.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Rational, Symbol

from theory.constant import total
from theory.errors import OutOfDomain
from theory.formula import formulas
from theory.notation import batch, g, i, lam, momentum, noise, points, rate
from theory.numbers import integer, rational
from theory.source import OURS

left = Symbol("a_i", nonnegative=True)
crossed = Symbol("b_i", real=True)
moved = Symbol("c_i", nonnegative=True)
gradient = Symbol("gamma_i", nonnegative=True)
all_left = Symbol("S", nonnegative=True)
kept, spread = Symbol("A", nonnegative=True), Symbol("B_s", nonnegative=True)
null = Symbol("P_0", nonnegative=True)
stationary = Symbol("S_eta", nonnegative=True)
overlap = Symbol("p_i", real=True)
FRESH = (
    "fresh points in every step; Σ φ(x)² = g for all x in every level; a, b, c the means "
    "over batches and noise of Δ², Δu and u² in level i, Δ the residual, u the direction"
)


STILL = Rational(0)


def _exact(name: str, says: str, lhs: Expr, rhs: Any, given: str = FRESH) -> Any:
    return formulas.declare(
        name=name, says=says, lhs=lhs, rhs=rhs, status="exact", source=OURS, given=given
    )


pairs_kept = _exact(
    "sgd_pairs",
    "What two points of a batch share of a level, points drawn independently.",
    kept,
    1 - 1 / batch,
)
points_spread = _exact(
    "sgd_spread",
    "What one point of a batch spreads over all levels, points drawn independently.",
    spread,
    1 / batch,
)
DISTINCT = FRESH + "; the points of a batch are distinct ones of M"
pairs_kept_distinct = _exact(
    "sgd_pairs_distinct",
    "What two distinct points of a batch share of a level.",
    kept,
    points * (batch - 1) / (batch * (points - 1)),
    DISTINCT,
)
points_spread_distinct = _exact(
    "sgd_spread_distinct",
    "What a point of a batch of distinct points spreads over all levels.",
    spread,
    (points - batch) / (batch * (points - 1)),
    DISTINCT,
)
gradient_power = _exact(
    "sgd_gradient_power",
    "Mean squared gradient in a level.",
    gradient,
    lam[i] ** 2 * (kept * left + g[i] * (spread * all_left + noise / batch)),
)
next_moved = _exact(
    "sgd_direction_power",
    "Mean squared direction of the next step, u′ = β u + gradient.",
    Symbol("c_next"),
    momentum**2 * moved + 2 * momentum * lam[i] * crossed + gradient,
)
next_crossed = _exact(
    "sgd_residual_by_direction",
    "Mean product of residual and direction after the step; c_i is the new one.",
    Symbol("b_next"),
    momentum * crossed + lam[i] * left - rate * moved,
)
next_left = _exact(
    "sgd_unlearned_power",
    "Mean power of a level that is not learned after the step; c_i is the new one.",
    Symbol("a_next"),
    left - 2 * rate * (momentum * crossed + lam[i] * left) + rate**2 * moved,
)
next_overlap = _exact(
    "sgd_overlap_of_iterates",
    "Sum of the mean products of a residual with all before it, for averages.",
    Symbol("p_next"),
    (1 - rate * lam[i]) * overlap + left,
    FRESH + "; no momentum; a_i of the newer residual",
)
stationary_sum = _exact(
    "sgd_stationary_sum",
    "What a constant rate makes of the noise in one round through all levels.",
    stationary,
    total(rate * lam[i] * g[i] * spread / (2 - rate * lam[i] * kept)),
    FRESH + "; stable exactly where it is below 1 and η λ A below 2; no momentum",
)
stationary_excess = _exact(
    "sgd_stationary_excess",
    "The error without fresh noise that a constant rate ends at.",
    all_left,
    (noise / (batch * spread) + null) * stationary / (1 - stationary) + null,
    FRESH + "; P_0 the target's power in levels of eigenvalue 0; no momentum",
)


@dataclass(frozen=True)
class OnlineDescent:
    """Online gradient descent as a rule; n counts the samples that it has seen.

    Attributes
    ----------
    rate
        η, or a function of the number of the step.
    batch
        Points in a batch.
    momentum
        β of the heavy ball.
    averaged
        Whether the predictor is the mean of all iterates, the first included.
    horizon
        Where given, the rate is η/(1 + step/horizon).

    Examples
    --------
    >>> print(OnlineDescent.parse("sgd:rate=1/10,batch=4,averaged"))
    sgd:rate=1/10,batch=4,averaged
    """

    rate: Rational | Callable[[int], Any]
    batch: int = 1
    momentum: Rational = STILL
    averaged: bool = False
    horizon: Rational | None = None

    name = "sgd"
    unit = "steps"

    def __post_init__(self) -> None:
        if not callable(self.rate):
            found = rational(self.rate, "rate", positive=True)
            object.__setattr__(self, "rate", found)
        object.__setattr__(self, "batch", integer(self.batch, "batch", least=1))
        beta = rational(self.momentum, "momentum", least=0)
        object.__setattr__(self, "momentum", beta)
        if beta >= 1:
            raise OutOfDomain(f"momentum = {beta} must be below 1")
        if beta and self.averaged:
            raise OutOfDomain(
                "averaged iterates have a recursion without momentum only"
            )
        if self.horizon is not None:
            found = rational(self.horizon, "horizon", positive=True)
            object.__setattr__(self, "horizon", found)

    @classmethod
    def parse(cls, text: str) -> "OnlineDescent":
        """From text such as "sgd:rate=1/10,batch=4,momentum=1/2".

        Raises
        ------
        OutOfDomain
            When a parameter is unknown, missing or out of range.
        """
        values: dict[str, Any] = {}
        for item in filter(None, text.partition(":")[2].split(",")):
            key, equals, value = (x.strip() for x in item.partition("="))
            known = ("rate", "batch", "momentum", "horizon")
            if key == "averaged" and not equals:
                values[key] = True
            elif key in known and value:
                values[key] = value
            else:
                raise OutOfDomain(
                    f"rule = {text!r}: {item!r} is not one of "
                    f"{', '.join(f'{k}=…' for k in known)}, averaged"
                )
        if "rate" not in values:
            raise OutOfDomain(f"rule = {text!r}: rate = … is missing")
        return cls(**values)

    def rate_at(self, step: int) -> Rational:
        """The learning rate of a step.

        Raises
        ------
        OutOfDomain
            When a schedule of one's own gives no positive number.
        """
        if callable(self.rate):
            return rational(self.rate(step), f"rate at step {step}", positive=True)
        if self.horizon is None:
            return self.rate
        return self.rate / (1 + step / self.horizon)

    def __str__(self) -> str:
        shown = {"rate": "schedule" if callable(self.rate) else self.rate}
        shown |= {"batch": self.batch}
        shown |= {"momentum": self.momentum} if self.momentum else {}
        shown |= {"horizon": self.horizon} if self.horizon is not None else {}
        text = ",".join(f"{name}={value}" for name, value in shown.items())
        return f"sgd:{text}" + (",averaged" if self.averaged else "")
