"""The best member of the cone of fully connected nets, as an activation.

The kernel of every such net of any depth is Σ a_p t^p with a_p ≥ 0, and every such sum is
a net of one hidden layer: φ = Σ √a_p He_p/√p! has the kernel Σ a_p t^p. So the best one
is sought in log a, with many starts; the problem is not convex, and what is found bounds
the cone's optimum from above only. High powers stand for the rays that are white on even
or on odd levels.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from numerics.choice.level_transform import level_transform
from numerics.choice.search import SearchProblem
from theory import Kernel
from theory import kernels as families

POWERS = (*range(13), 16, 20, 200, 201)
FLOOR = 1e-7
"""Coefficients below this share of their sum are left out."""
LEAST = 1e-300
STEPS = 60
DIFFERENCE = 1e-4
Objective = Callable[[list[np.ndarray]], np.ndarray]


@dataclass(frozen=True)
class ConeMember:
    """Σ a_p t^p, and the activation of one hidden layer that has it.

    Attributes
    ----------
    powers, coefficients
        P and a_p, Σ a_p = 1.
    value
        What was minimised: an upper bound on the cone's optimum inside the theory.
    """

    powers: tuple[int, ...]
    coefficients: tuple[float, ...]
    value: float

    @property
    def hermite(self) -> dict[int, float]:
        """P → √a_p: coefficients of φ in He_p/√p!, of unit norm under the Gaussian."""
        rows = zip(self.powers, self.coefficients, strict=True)
        return {p: a**0.5 for p, a in rows}

    @property
    def kernel(self) -> Kernel:
        """The kernel, its coefficients rounded to three digits."""
        total = sum(
            families.parse(f"expr:{a:.3g}*t^{p}").parameters[0][1]
            for p, a in zip(self.powers, self.coefficients, strict=True)
        )
        return families.from_expression(total)

    def __str__(self) -> str:
        parts = ", ".join(f"He_{p}: {h:.3g}" for p, h in self.hermite.items())
        return (
            f"best member of the cone of nets that was found: {self.value:.4g}, one hidden "
            f"layer with Hermite coefficients {parts}"
        )

    def records(self) -> dict[str, Any]:
        """As data for json."""
        return {
            "value": repr(self.value),
            "hermite": {str(p): repr(h) for p, h in self.hermite.items()},
        }


def best_in_cone(problem: SearchProblem, merit: Objective) -> ConeMember:
    """Minimise over coefficients, from every ray and from mixtures.

    Parameters
    ----------
    problem
        Domain, targets, n, noise, sampling and ridge.
    merit
        Errors of each target → what is minimised.
    """
    plan = level_transform(problem.domain)
    cosine = 1 - 2 * plan.half
    highest = max(k for x in problem.powers for k, v in x.items() if v)
    powers = [p for p in POWERS if p <= 12 or plan.complete or p < 100]
    powers = sorted({*powers, *range(highest, highest + 3, 1)})
    rays = np.array([cosine**p for p in powers])

    def values(logarithms: np.ndarray) -> np.ndarray:
        a = np.exp(logarithms - logarithms.max(axis=1, keepdims=True))
        lam, g = plan.levels(a / a.sum(axis=1, keepdims=True) @ rays)
        found = merit(problem.errors(lam, g, plan))
        return np.where(np.isfinite(found), np.maximum(found, LEAST), 1e6)

    count = len(powers)
    low = np.log(FLOOR)
    alone = (
        np.full((count, count), low) - 4.0 * (1 - np.eye(count)) - low * np.eye(count)
    )
    pairs = np.maximum(alone[:, None], alone[None, :]).reshape(-1, count)
    starts = np.concatenate([alone, pairs, np.zeros((1, count))])
    order = np.argsort(values(starts))[:3]
    best, least = starts[order[0]], float(values(starts[order[:1]])[0])

    def with_slope(x: np.ndarray) -> tuple[float, np.ndarray]:
        found = np.log(
            values(np.concatenate([x[None], x + DIFFERENCE * np.eye(count)]))
        )
        return float(found[0]), (found[1:] - found[0]) / DIFFERENCE

    for k in order:
        found = minimize(
            with_slope,
            np.maximum(starts[k], low),
            jac=True,
            method="L-BFGS-B",
            bounds=[(2 * low, 0.5)] * count,
            options={"maxiter": STEPS},
        )
        if np.exp(found.fun) < least:
            best, least = found.x, float(np.exp(found.fun))
    a = np.exp(best - best.max())
    a /= a.sum()
    kept = [k for k in range(count) if a[k] > FLOOR * 100]
    return ConeMember(
        tuple(powers[k] for k in kept), tuple(float(a[k]) for k in kept), least
    )
