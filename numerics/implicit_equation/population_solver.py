"""C for n distinct points of a domain of M, in float64 arrays and as balls.

With a ridge the equation is Σ g L + (δ/C)(1 − Σ g L/M) = n. Its left side is M at
C = δ/M and falls from there on, so there is one root above δ/M for every n below M, and
C = δ/M at n = M. Without ridge it is the usual equation.
"""

from typing import Any

import numpy as np
from flint import arb, fmpq
from sympy import Symbol

from numerics.implicit_equation.compressed_sums import Atoms
from numerics.implicit_equation.float_solver import (
    MAX_STEPS,
    solve_balance,
    solve_constant,
    unlearned_modes,
)
from numerics.interpreters.balls import BALLS, as_ball
from numerics.interpreters.program import build
from numerics.numbers.ball import Ball
from numerics.numbers.precision import bits_for, working_precision
from numerics.spectra.spectrum import Spectrum
from theory import NoConvergence, notation
from theory.chain import Chain
from theory.numbers import shortened
from theory.statistics.finite_population import balance

METHOD = "bisection and Newton in log C; sign change proved by balls"
MAX_RAISES = 6
_F, _SLOPE = Symbol("F"), Symbol("F_C")
_chain = Chain(
    ((_F, balance.lhs), (_SLOPE, -notation.C * balance.lhs.diff(notation.C))), _F
)
_balls = build(_chain, BALLS)


def _values(lam: Any, g: Any, c: Any, ridge: Any, points: Any) -> dict[Any, Any]:
    return {
        notation.lam: lam,
        notation.g: g,
        notation.C: c,
        notation.ridge: ridge,
        notation.points: points,
    }


def solve_population(
    levels: Atoms, n: Any, rest: Any, ridge: Any, points: Any, progress: Any = None
) -> np.ndarray:
    """C for every problem of an array; see ``solve_constant``.

    ``points`` is M, shape [problem]; n + rest ≤ M.

    Raises
    ------
    NoConvergence
        When a root leaves the range of float64.

    Examples
    --------
    >>> one, white = np.ones(1), Atoms.of(2 * np.ones(1), 4 * np.ones(1))
    >>> solve_population(white, 2 * one, 0 * one, one, 4 * one)     # L = nλ/(Mλ + δ)
    array([2.5])
    """
    c = solve_constant(levels, n, rest, ridge, progress)
    total = n + rest
    left = np.flatnonzero((ridge > 0) & (points < np.inf))
    full = left[total[left] == points[left]]
    c[full] = ridge[full] / points[full]
    left = np.setdiff1d(left, full)
    low = ridge / points
    high = (float(levels.lam @ levels.g) + ridge) / total * (1 + 1e-9)
    c[left] = np.clip(c[left], low[left], high[left])
    spare = points - float(levels.g.sum())

    def shared(active: Any, at: Any) -> tuple[Any, Any]:
        """(δ/C)(1 − Σ g L/M) as positive terms, and how fast it falls with log C."""
        unlearned, rises = unlearned_modes(levels, at)
        share = ridge[active] / (at * points[active])
        found = share * (unlearned + np.maximum(spare[active], 0.0))
        return found, found - share * rises

    if len(left):
        none = np.zeros_like(ridge)
        solve_balance(levels, n, rest, none, c, low, high, left, shared)
    return c


def population_ball(
    s: Spectrum, n: fmpq, ridge: fmpq, points: fmpq, digits: int
) -> Ball:
    """C with a ridge, enclosed to ``digits`` digits, from all levels of the domain.

    Raises
    ------
    NoConvergence
        When the eigenvalues have too few digits.

    Examples
    --------
    >>> white = Spectrum.from_levels([(2, 4)])
    >>> population_ball(white, fmpq(2), fmpq(1), fmpq(4), 20).contains("5/2")
    True
    """
    if n == points:
        return Ball.exact(ridge / points, "C = δ/M at n = M")
    for raised in range(MAX_RAISES):
        bits = bits_for(digits) + 30 + 64 * (2**raised - 1)
        with working_precision(bits):
            lam = s.enclosures(bits)
            g = [fmpq(x.multiplicity) for x in s.levels]
            trace = sum((x * count for x, count in zip(lam, g, strict=True)), arb(0))
            low = arb(ridge / points)
            high = ((trace.upper() + ridge) / n * (1 + arb(2) ** -20)).mid()
            c = high
            for _ in range(MAX_STEPS):
                found = _balls.bound(_values(lam, g, c, ridge, points))
                f, slope = as_ball(found[_F]).mid(), as_ball(found[_SLOPE]).mid()
                low, high = (c, high) if f > n else (low, c)
                step = ((f / n).log() * f / slope).mid()
                after = (c * step.exp()).mid() if abs(step) < 1000 else arb(0)
                inside = low <= after and after <= high
                c = after if inside else (low * high).sqrt().mid()
                if inside and abs(step) < arb(10) ** -(digits + 2):
                    break
            width = arb(10) ** -digits / 4
            ends = [(c * (1 + side * width)).mid() for side in (-1, 1)]
            signs = [
                as_ball(_balls.bound(_values(lam, g, x, ridge, points))[_F]) - n
                for x in ends
            ]
            if ends[0] > ridge / points and signs[0] > 0 and signs[1] < 0:
                return Ball(ends[0].union(ends[1]), None, METHOD)
    asked = f"C at n = {shortened(n)}, ridge = {shortened(ridge)}"
    raise NoConvergence(f"{asked}: {digits} digits could not be proved")
