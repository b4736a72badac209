"""Predictions as balls: precision is raised until every statistic has its digits."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from math import inf
from typing import Any

from flint import fmpq
from sympy import Rational, Sum, Symbol

from numerics.implicit_equation.population_solver import population_ball
from numerics.implicit_equation.proved_solver import proved_constant
from numerics.interpreters.balls import BALLS, rational
from numerics.interpreters.program import Program, build
from numerics.numbers.ball import Ball
from numerics.numbers.precision import bits_for, working_precision
from numerics.spectra import refinement
from numerics.spectra.spectrum import Spectrum
from numerics.statistics.limits import as_answer, ball_limits, place_of
from theory import NoConvergence, Unsupported, formulas, notation
from theory.chain import Chain
from theory.constant import L, U, total
from theory.statistics.registry import Equations, Statistic

MAX_RAISES = 6
METHOD = "theory's formula in ball arithmetic"
PUBLISHED = Equations(formulas["implicit_equation"])
Powers = Mapping[int, Rational]
Given = Mapping[Any, Any]

_learnability = build(formulas["learnability"].lhs, BALLS)
_susceptibility = build(formulas["susceptibility"].rhs, BALLS)
steepness = Symbol("chi", positive=True)
"""n/E₀, where the modes of a tail enter it."""
rise = Symbol("chi_0", positive=True)
"""Σ g L(1 − L) with the modes of a tail, and Σ g L with them."""
learned_modes = Symbol("z_0", positive=True)
_rise = build(total(notation.g[notation.i] * L * U), BALLS)
_learned = build(total(notation.g[notation.i] * L), BALLS)


def _usual(s: Spectrum, size, delta, _given: Given, digits: int) -> Ball:
    return proved_constant(s, size, delta, digits)


def _population(s: Spectrum, size, delta, given: Given, digits: int) -> Ball:
    """Without ridge both equations are the same."""
    if delta == 0:
        return proved_constant(s, size, delta, digits)
    points = rational(given[notation.points])
    return population_ball(s, rational(size), rational(delta), points, digits)


def _width(s: Spectrum, size, delta, given: Given, digits: int) -> Ball:
    return proved_constant(s, size, delta, digits, given[notation.width])


SOLVERS: dict[str, Callable[..., Ball]] = {
    "implicit_equation": _usual,
    "finite_population_equation": _population,
    "width_balance": _width,
}
"""Name of an equation → (spectrum, n, ridge, given, digits) → C."""


@lru_cache(maxsize=32)
def _program(
    equations: Equations, rows: tuple[Statistic, ...], *, tailed: bool
) -> Program:
    """All statistics of a complete spectrum, or of one with a tail."""
    assert rows == equations.rows()  # what the registry holds now
    chain = equations.chain()
    kernel = equations.balance.name == PUBLISHED.balance.name
    return build(with_tail(chain, kernel=kernel) if tailed else chain, BALLS)


def with_tail(chain: Chain, *, kernel: bool = True) -> Chain:
    """The chain in which sums over all modes are letters, which a tail enters.

    The target lives in listed levels, so its own sums stay as they are. ``kernel`` says
    that C solves the kernel's equation, by which Σ g L² is n less n/E₀.

    Raises
    ------
    Unsupported
        When another sum over modes is left.

    Examples
    --------
    >>> from theory.statistics import chain
    >>> print(with_tail(chain("test_mse")).bindings[0][1])
    n/chi
    """
    squares = total(notation.g[notation.i] * L**2)
    known = {
        formulas["susceptibility"].rhs: steepness,
        total(notation.g[notation.i] * L * U): rise,
        squares: notation.n - steepness if kernel else learned_modes - rise,
    }
    found = chain.map(lambda e: e.xreplace(known))
    for e in (*(e for _, e in found.bindings), found.result):
        for sum_ in e.atoms(Sum):
            if sum_.has(notation.g):
                raise Unsupported(
                    f"{sum_} sums over the modes of a tail, of which only the sums for C "
                    "and E_0 are known"
                )
    return found


def proved_columns(
    s: Spectrum,
    powers: Powers,
    grid: Mapping[str, Any],
    digits: int,
    progress: Callable[[int, int, str], None] | None = None,
    equations: Equations = PUBLISHED,
    given: Given | None = None,
) -> dict[str, list[Any]]:
    """All statistics as columns of Balls, case by case.

    Parameters
    ----------
    powers
        Level → power of the target.
    grid
        ``n``, ``ridge`` and ``noise`` as object arrays of rationals, broadcast.
    progress
        Called with (cases done, cases, what).
    equations
        The equation for C, and the statistics that follow from it.
    given
        Rational values of further letters that they hold, flat over the grid.

    Raises
    ------
    NoConvergence
        When a statistic does not reach its digits.

    Examples
    --------
    >>> import numpy as np
    >>> grid = {k: np.array([Rational(v)]) for k, v in (("n", 2), ("ridge", 0), ("noise", 0))}
    >>> one = Spectrum.from_levels([(1, 4)])
    >>> proved_columns(one, {0: Rational(1)}, grid, 10)["test_mse"][0].contains("1/2")
    True
    """
    columns: dict[str, list[Any]] = {}
    cases = zip(grid["n"].flat, grid["ridge"].flat, grid["noise"].flat, strict=True)
    for done, (size, delta, sigma2) in enumerate(cases):
        if progress is not None:
            progress(done, grid["n"].size, f"n = {size}")
        case = {notation.n: size, notation.ridge: delta, notation.noise: sigma2}
        case |= {name: values[done] for name, values in (given or {}).items()}
        place = place_of(s, size, delta, case.get(notation.width, inf))
        if place is None:
            row = _proved(s, powers, case, digits, equations)
        else:
            row = ball_limits(equations.rows(), place, s, powers, case)
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return columns


def _proved(
    s: Spectrum, powers: Powers, case: Given, digits: int, equations: Equations
) -> dict[str, Ball]:
    """All statistics of one case; precision and levels grow until each has its digits."""
    row: dict[str, Ball] = {}
    size, delta = case[notation.n], case[notation.ridge]
    solve = SOLVERS[equations.balance.name]
    s = refinement.completed(s)
    for guard in range(4, 4 + 12 * MAX_RAISES, 12):
        s = s.refine(digits + guard + 2)
        c = solve(s, size, delta, case, digits + guard)
        while True:
            try:
                found = proved_statistics(s, powers, case, c, digits + guard, equations)
            except NoConvergence:  # a divisor's ball holds 0: more digits are needed
                if guard + 12 >= 4 + 12 * MAX_RAISES:
                    raise
                break
            row = {"C": c} | found
            if all(ball.digits >= digits for ball in row.values()):
                return row
            finer = refinement.refined(s)
            if finer is None:
                break
            s = finer
        if s.undecided and guard > 4:  # all bits were spent on the signs already
            break
    weakest = min(row, key=lambda name: row[name].digits)
    raise NoConvergence(
        f"{weakest} at n = {size}, ridge = {delta} reached {row[weakest].digits:.0f} of "
        f"{digits} digits with {len(s.levels)} levels; give the spectrum more"
    )


def level_values(
    s: Spectrum, powers: Powers, case: Given, c: Ball, bits: int
) -> dict[Any, Any]:
    """What the letters of the formulas mean; where a tail is, n/E₀ too."""
    values: dict[Any, Any] = {
        notation.lam: s.enclosures(bits),
        notation.g: [fmpq(level.multiplicity) for level in s.levels],
        notation.power: [rational(powers.get(x.index, Rational(0))) for x in s.levels],
        notation.C: c.value,
        **{name: rational(x) for name, x in case.items()},
    }
    if not s.is_complete:
        beyond = s.tail.slope(values[notation.C], bits)
        values[steepness] = _susceptibility(values) + beyond
        values[rise] = _rise(values) + beyond
        more = s.tail.learned(values[notation.C], bits)
        values[learned_modes] = _learned(values) + more
    return values


def proved_statistics(
    s: Spectrum,
    powers: Powers,
    case: Given,
    c: Ball,
    digits: int,
    equations: Equations = PUBLISHED,
) -> dict[str, Ball]:
    """All statistics, and the learnability of the target's levels, at a C."""
    bits = bits_for(digits) + 64
    rows = equations.rows()
    with working_precision(bits):
        values = level_values(s, powers, case, c, bits)
        program = _program(equations, rows, tailed=not s.is_complete)
        found = program.bound(values)
        named: dict[str, Any] = {row.name: found[row.symbol] for row in rows}
        for k in powers:
            at = {
                notation.lam[notation.i]: s.level(k).at(bits),
                notation.C: c.value,
            }
            named[f"L{k}"] = _learnability(at)
        return {name: as_answer(value, METHOD) for name, value in named.items()}
