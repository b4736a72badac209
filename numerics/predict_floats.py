"""Predictions in float64 arrays, all cases at once, with an error statement."""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from sympy import Rational

from numerics.curves import solve_constant
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import Program, build
from numerics.limits import is_limit, limits
from numerics.prediction import STATISTICS
from numerics.spectrum import Spectrum
from theory import Unsupported, formulas, notation
from theory import statistics as theory_statistics

FLOAT_RANGE = (Fraction(1, 10**300), Fraction(10**300))
Powers = Mapping[int, Rational]

_learnability = build(formulas["learnability"].lhs, ARRAYS)


@lru_cache(maxsize=1)
def _programs() -> dict[str, Program]:
    return {
        name: build(theory_statistics.chain(formula), ARRAYS)
        for name, formula in STATISTICS.items()
    }


def float_columns(
    s: Spectrum, powers: Powers, grid: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """All statistics as columns of floats, each within ``RELATIVE_ERROR``.

    Parameters
    ----------
    powers
        Level → power of the target.
    grid
        ``n``, ``ridge`` and ``noise`` as object arrays of rationals, broadcast.

    Raises
    ------
    Unsupported
        When an eigenvalue or a multiplicity leaves the range of float64.

    Examples
    --------
    >>> grid = {k: np.array([Rational(v)]) for k, v in (("n", 2), ("ridge", 0), ("noise", 0))}
    >>> one = Spectrum.from_levels([(1, 4)])
    >>> [float(x) for x in float_columns(one, {0: Rational(1)}, grid)["test_mse"]]
    [0.5]
    """
    lam, g = _float_levels(s)
    power = np.array([float(powers.get(x.index, 0)) for x in s.levels])
    sizes, deltas, noises = (list(grid[name].flat) for name in ("n", "ridge", "noise"))
    regular = [i for i in range(len(sizes)) if not is_limit(s, sizes[i], deltas[i])]
    n = np.array([float(sizes[i]) for i in regular])
    rest = np.array(
        [
            float(sizes[i] - Rational(*float(sizes[i]).as_integer_ratio()))
            for i in regular
        ]
    )
    ridge = np.array([float(deltas[i]) for i in regular])
    positive = lam > 0
    c = (
        solve_constant(lam[positive], g[positive], n, rest, ridge)
        if regular
        else np.empty(0)
    )
    values = {
        notation.lam: lam,
        notation.g: g,
        notation.power: power,
        notation.C: c,
        notation.n: n,
        notation.ridge: ridge,
        notation.noise: np.array([float(noises[i]) for i in regular]),
    }
    found = {"C": c}
    for name, run in _programs().items():
        found[name] = np.broadcast_to(run(values), c.shape)
    for k in powers:
        row = [x.index for x in s.levels].index(k)
        at = {notation.lam[notation.i]: lam[row], notation.C: c}
        found[f"L{k}"] = np.broadcast_to(_learnability(at), c.shape)
    columns = {name: np.empty(len(sizes)) for name in found}
    for i in set(range(len(sizes))) - set(regular):
        for name, ball in limits(s, powers, sizes[i], deltas[i], noises[i]).items():
            columns[name][i] = float(ball)
    for name, result in found.items():
        columns[name][regular] = result
    return {name: list(values) for name, values in columns.items()}


def _float_levels(s: Spectrum) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues and multiplicities as floats, refused where float64 cannot hold them."""
    least, most = FLOAT_RANGE
    for level in s.levels:
        value, count = level.eigenvalue, level.multiplicity
        if value.sign and not (least < value.midpoint < most and count < most):
            msg = (
                f"level {level.index} (eigenvalue {value}, multiplicity of "
                f"{len(str(count))} digits) leaves the range of float64; "
                "ask for proved digits instead (digits=15)"
            )
            raise Unsupported(msg)
        if value.sign and value.digits < 16:
            return _float_levels(s.refine(17))
    lam = np.array(
        [float(x.eigenvalue) if x.eigenvalue.sign else 0.0 for x in s.levels]
    )
    return lam, np.array([float(x.multiplicity) for x in s.levels])
