"""Online gradient descent: the exact recursion, in floats, fractions or balls alike.

The formulas of ``theory.training.online`` use rational operations alone, so one program
serves every kind of number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Indexed, Rational, Symbol, lambdify

from theory import NoConvergence, Unsupported, notation
from theory.training import online as theory_online
from theory.training.online import OnlineDescent

MOST_STEPS = 1_000_000
Number = Callable[[Rational], Any]
"""What makes a number of the kind that is computed with, from a rational."""


def _program(formula: Any, *letters: Any) -> Callable[..., Any]:
    """A formula of one level as plain arithmetic."""
    names = {x: Symbol(f"x{k}") for k, x in enumerate(letters)}
    written = formula.rhs.subs(
        {x: y for x, y in names.items() if isinstance(x, Indexed)}
    )
    written = written.subs({x: y for x, y in names.items() if isinstance(x, Symbol)})
    return lambdify(list(names.values()), written, modules=[])


_LAM, _G = notation.lam[notation.i], notation.g[notation.i]
_A, _B, _C = theory_online.left, theory_online.crossed, theory_online.moved
_ETA, _BETA = notation.rate, notation.momentum
_gradient = _program(
    theory_online.gradient_power,
    *(_LAM, _G, theory_online.kept, theory_online.spread),
    *(_A, theory_online.all_left, notation.noise, notation.batch),
)
_moved = _program(theory_online.next_moved, _LAM, _BETA, _B, _C, theory_online.gradient)
_crossed = _program(theory_online.next_crossed, _LAM, _BETA, _ETA, _A, _B, _C)
_left = _program(theory_online.next_left, _LAM, _BETA, _ETA, _A, _B, _C)
_overlap = _program(theory_online.next_overlap, _LAM, _ETA, _A, theory_online.overlap)


def batch_factors(batch: int, points: int | None = None) -> tuple[Rational, Rational]:
    """A and B of the recursion: what points of a batch share, and what they spread.

    Examples
    --------
    >>> batch_factors(2), batch_factors(2, 3)
    ((1/2, 1/2), (3/4, 1/4))
    """
    pair = (theory_online.pairs_kept, theory_online.points_spread)
    if points is not None:
        pair = (
            theory_online.pairs_kept_distinct,
            theory_online.points_spread_distinct,
        )
    at = {notation.batch: batch, notation.points: points or 0}
    first, second = (Rational(formula.rhs.subs(at)) for formula in pair)
    return first, second


@dataclass(frozen=True, slots=True)
class OnlineCourse:
    """Powers that are not learned, step by step.

    Attributes
    ----------
    left
        E ‖P_k(f − f̂)‖², shape [looked at, run, level].
    unlearned
        What is left of a mode in the mean predictor, shape [looked at, level].
    """

    left: np.ndarray
    unlearned: np.ndarray


def online_course(
    lam: np.ndarray,
    g: np.ndarray,
    powers: np.ndarray,
    noises: Sequence[Any],
    rule: OnlineDescent,
    looked_at: Sequence[int],
    points: int | None = None,
    number: Number = float,
) -> OnlineCourse:
    """Run the recursion.

    Parameters
    ----------
    lam, g
        Eigenvalues and multiplicities, shape [level], of any kind of number.
    powers
        The target's powers of each run, shape [run, level].
    noises
        The noise variance of each run.
    rule
        Rate, batch, momentum, averaging.
    looked_at
        Numbers of steps after which the powers are wanted.
    points
        M, where a batch has distinct points of so many.
    number
        Makes such a number from a rational.

    Raises
    ------
    Unsupported
        For more than 1 000 000 steps, or batches above M points.

    Examples
    --------
    >>> from fractions import Fraction
    >>> exact = lambda x: Fraction(int(x.p), int(x.q))
    >>> one = np.array([Fraction(1)])
    >>> rule = OnlineDescent.parse("sgd:rate=1/2")
    >>> found = online_course(one, 3 * one, one[None], [0], rule, [0, 1, 2], number=exact)
    >>> [str(x) for x in found.left[:, 0, 0]]
    ['1', '3/4', '9/16']
    """
    last = max(looked_at)
    if last > MOST_STEPS:
        raise Unsupported(f"{last} steps: at most {MOST_STEPS} are followed one by one")
    if points is not None and rule.batch > points:
        raise Unsupported(
            f"batch = {rule.batch}: there are {points} distinct points only"
        )
    kept, spread = (number(x) for x in batch_factors(rule.batch, points))
    size, beta = number(Rational(rule.batch)), number(Rational(rule.momentum))
    zero = number(Rational(0))
    noise = np.array([[x] for x in noises], dtype=powers.dtype)
    left = powers.copy()
    crossed, moved = left * zero, left * zero
    mean, before = lam * zero + number(Rational(1)), lam * zero + number(Rational(1))
    overlap, total, sum_of_means = left.copy(), left.copy(), mean.copy()
    wanted, found = set(looked_at), {}
    for step in range(last + 1):
        if step in wanted:
            share = number(Rational(1, step + 1))
            found[step] = (
                (total * share * share, sum_of_means * share)
                if rule.averaged
                else (left, mean)
            )
        if step == last:
            break
        eta = number(rule.rate_at(step))
        every = np.sum(left, axis=1, keepdims=True)
        gradient = _gradient(lam, g, kept, spread, left, every, noise, size)
        moved = _moved(lam, beta, crossed, moved, gradient)
        after = _left(lam, beta, eta, left, crossed, moved)
        crossed = _crossed(lam, beta, eta, left, crossed, moved)
        left = after
        # the mean predictor is the heavy ball on the eigenvalues of the kernel itself
        mean, before = mean - eta * lam * mean + (mean - before) * beta, mean
        if rule.averaged:
            overlap = _overlap(lam, eta, left, overlap)
            total = total + 2 * overlap - left
            sum_of_means = sum_of_means + mean
    rows = [found[step] for step in looked_at]
    return OnlineCourse(np.stack([x for x, _ in rows]), np.stack([y for _, y in rows]))


def stationary_sum(
    lam: np.ndarray, g: np.ndarray, rate: float, batch: int, points: int | None = None
) -> float:
    """S(η): the rule is stable where it is below 1 (and η λ A below 2).

    Examples
    --------
    >>> stationary_sum(np.array([1.0]), np.array([4.0]), 0.25, 1)
    0.5
    """
    from numerics.interpreters.arrays import ARRAYS
    from numerics.interpreters.program import build

    kept, spread = batch_factors(batch, points)
    program = build(theory_online.stationary_sum.rhs, ARRAYS)
    letters = {theory_online.kept: float(kept), theory_online.spread: float(spread)}
    values = letters | {notation.rate: rate, notation.lam: lam, notation.g: g}
    return float(program(values))


def critical_rate(
    lam: np.ndarray, g: np.ndarray, batch: int = 1, points: int | None = None
) -> float:
    """The learning rate above which the error of online gradient descent grows.

    Raises
    ------
    NoConvergence
        When the root is not found.

    Examples
    --------
    >>> critical_rate(np.array([1.0, 0.5]), np.array([1.0, 6.0]))    # 2/K(1)
    0.5
    """
    from scipy.optimize import brentq

    kept, spread = batch_factors(batch, points)
    top = 2 / float(lam.max())
    if kept == 0:
        return float(2 / (lam @ g * float(spread)))
    top = top / float(kept)
    if spread == 0:
        return top
    excess = lambda rate: stationary_sum(lam, g, rate, batch, points) - 1
    root, report = brentq(
        excess, 0.0, top * (1 - 1e-12), xtol=1e-300, rtol=1e-15, full_output=True
    )
    if not report.converged:
        raise NoConvergence(f"critical rate for batch = {batch} was not found")
    return float(root)
