"""Predictions in float64 arrays, all problems at once, with an error statement."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from numerics.implicit_equation.compressed_sums import compress
from numerics.implicit_equation.float_solver import (
    BLOCK_BYTES,
    EPS,
    RELATIVE_ERROR,
    TINY,
    sides,
    solve_constant,
)
from numerics.implicit_equation.population_solver import solve_population
from numerics.implicit_equation.roots import require_decided
from numerics.implicit_equation.rough_solver import rough_constant
from numerics.implicit_equation.width_solver import (
    smaller,
    solve_width,
    spare_modes,
)
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import Program, build
from numerics.spectra.floats.float_spectrum import ROOM, FloatSpectrum
from numerics.statistics.limits import ALL, BEYOND, NONE, float_limits
from numerics.statistics.parameter_grid import Grid
from theory import NoConvergence, Unsupported, formulas, notation
from theory.statistics.registry import Equations, Statistic

Progress = Callable[[int, int, str], None]
GROUP = 512
"""Problems whose C differ by less than 2^GROUP share one unit."""

_learnability = build(formulas["learnability"].lhs, ARRAYS)
_susceptibility = build(formulas["susceptibility"].rhs, ARRAYS)
_train_mse = build(formulas["train_mse"].rhs, ARRAYS)
SMALL_ERRORS = 1e-200
"""Smaller errors are summed in larger units, and brought back."""
WHOLE = 2.0**53
"""Whole numbers below have no rounding error."""
LARGEST_E0 = 1e140
MOST_ERROR = 1e-2
"""A larger relative error is not stated but refused."""
PUBLISHED = Equations(formulas["implicit_equation"])
Given = Mapping[Any, np.ndarray]


def _usual(atoms, n, rest, ridge, _given: Given, progress) -> tuple[Any, Any]:
    return solve_constant(atoms, n, rest, ridge, progress), 0.0


def _population(atoms, n, rest, ridge, given: Given, progress) -> tuple[Any, Any]:
    """C on M points, and what digits statistics lose to 1 − Σ g L/M."""
    points = given[notation.points]
    c = solve_population(atoms, n, rest, ridge, points, progress)
    left = np.maximum(points - n, 1.0)
    return c, 8 * EPS * points / left


def _width(atoms, n, rest, ridge, given: Given, progress) -> tuple[Any, Any]:
    return solve_width(atoms, n, rest, ridge, given[notation.width], progress), 0.0


SOLVERS: dict[str, Callable[..., tuple[Any, Any]]] = {
    "implicit_equation": _usual,
    "finite_population_equation": _population,
    "width_balance": _width,
}
"""Name of an equation → (levels, n, rest, ridge, given, progress) → C, its error."""
SLOWER = 2
"""Spare modes fall half as fast as a ridge's share, so that errors count twice."""


@lru_cache(maxsize=32)
def _statistics(equations: Equations, rows: tuple[Statistic, ...]) -> Program:
    """All statistics as one program, which shares their sums."""
    assert rows == equations.rows()  # what the registry holds now
    return build(equations.chain(), ARRAYS)


def float_columns(
    s: FloatSpectrum,
    targets: Sequence[np.ndarray],
    grid: Grid,
    progress: Progress | None = None,
    equations: Equations = PUBLISHED,
    given: Given | None = None,
) -> tuple[list[dict[str, np.ndarray]], np.ndarray, np.ndarray]:
    """All statistics of every target, each array flat over the grid.

    Parameters
    ----------
    s
        Eigenvalues and multiplicities.
    targets
        Powers of each target by position, shape [level].
    grid
        n, ridge and noise.
    progress
        Called with (done, total, what).
    equations
        The equation for C, and the statistics that follow from it.
    given
        Values of further letters that they hold, flat over the grid.

    Returns
    -------
    tuple
        For each target a mapping from name to array; then C and the relative error of
        everything, both shape [problem].

    Raises
    ------
    Disagreement
        When it is open, without ridge, whether n reaches the number of modes.
    Unsupported
        When n or C leaves the range of float64.

    Examples
    --------
    >>> one = FloatSpectrum.from_arrays([1.0], [4.0])
    >>> found, c, _ = float_columns(one, [np.ones(1)], Grid.of(n=2, ridge=0, noise=0))
    >>> found[0]["test_mse"].tolist(), c.tolist()
    ([0.5], [1.0])
    """
    grid.require_range()
    n, rest, cut = grid.floats("n"), grid.rest(), grid.is_cut()
    ridge, noise = grid.floats("ridge"), grid.floats("noise")
    given = {k: np.broadcast_to(x, n.shape) for k, x in (given or {}).items()}
    width = given.get(notation.width)
    size, more = (n, rest) if width is None else smaller(n, rest, width)
    past = s.beyond(size, more)
    _require_decided(s, size, more, ridge, past, grid)
    if width is not None:
        # features that span all modes leave the limits to n
        past = np.where(past >= 0, s.beyond(n, rest), past)
    none = n + rest == 0
    full = ~none & (ridge == 0) & (past == 0)
    if np.any(cut & full):
        raise Unsupported(
            f"n = {n[cut & full][0]:.17g}{grid.places(cut & full)} is nearer to the number "
            "of modes than float64 holds; ask for proved digits instead (digits=15)"
        )
    over = ~none & (ridge == 0) & (past > 0)
    rows = equations.rows()
    columns = [{row.name: np.full(len(n), np.nan) for row in rows} for _ in targets]
    constants, error = np.full(len(n), np.nan), np.full(len(n), RELATIVE_ERROR)
    if np.any(over & (n + rest <= s.modes)):
        raise Unsupported(
            "n exceeds N by less than float64 holds; ask for proved digits (digits=15)"
        )
    # beyond N the formulas hold n − N, and n enters as one float
    error[over] += 8 * EPS * (n[over] + past[over]) / past[over]
    if np.any(error > MOST_ERROR):
        raise Unsupported(
            "n exceeds N by too little for float64; ask for proved digits (digits=15)"
        )
    everything = {notation.n: n + rest, notation.ridge: ridge, notation.noise: noise}
    everything |= given
    for mask, place, c in ((none, NONE, np.inf), (full, ALL, 0.0), (over, BEYOND, 0.0)):
        constants[mask] = c
        case = {name: x[mask] for name, x in everything.items()}
        for power, column in zip(targets, columns, strict=True) if mask.any() else ():
            for name, values in float_limits(rows, place, s, power, case).items():
                column[name][mask] = values
    program = _statistics(equations, rows)
    regular = np.flatnonzero(~(none | full | over))
    for power_of_two, chosen in _groups(s, size, more, ridge, regular):
        part = _Problems(s, power_of_two, targets, progress)
        here = {name: x[chosen] for name, x in given.items()}
        scaled = part.scaled(ridge[chosen])
        solve = SOLVERS[equations.balance.name]
        c, lost = solve(part.atoms, n[chosen], rest[chosen], scaled, here, progress)
        error[chosen] += lost
        # random features: the kernel's equation for min(n, w) points and the ridge C r
        pull, times = scaled, 1
        if width is not None:
            total = n[chosen] + rest[chosen]
            pull, times = c * spare_modes(total, width[chosen], scaled, c)[0], SLOWER
        part.require_room(size[chosen], more[chosen], pull, c)
        counted = part.count_error(size[chosen], cut[chosen], pull, c)
        error[chosen] += times * counted
        values = {name: x[chosen] for name, x in everything.items()}
        values |= {notation.ridge: scaled, notation.C: c}
        block = max(16, BLOCK_BYTES // (8 * len(part.atoms.lam)))
        for start in range(0, len(chosen), block):
            if progress is not None:
                progress(start, len(chosen), "statistics")
            run = slice(start, start + block)
            some = {name: x[run] for name, x in values.items()}
            for power, column in zip(part.powers, columns, strict=True):
                found = part.statistics(program, power, some)
                if equations.balance is PUBLISHED.balance and not equations.replaced:
                    _mend(found, part, program, power, some)
                for row in rows:
                    column[row.name][chosen[run]] = found[row.symbol]
        constants[chosen] = _unscaled(c, power_of_two, n[chosen])
        if power_of_two or not s.is_plain:
            for power, column in zip(targets, columns, strict=True):
                if "target_learnability" in column:
                    column["target_learnability"][chosen] = _of_target(
                        s, power, constants[chosen]
                    )
        if s.tail is not None:
            error[chosen] += times * part.tail_error(c, pull)
        if s.open_mass is not None:
            error[chosen] += times * part.open_error(c, pull, power_of_two)
    if s.relative_error > EPS:
        error += 6 * s.relative_error
    if s.absolute_error:
        # every mode moves L and the balance by at most this share, to first order
        with np.errstate(divide="ignore"):
            share = s.absolute_error * len(s) / np.maximum(constants, 0.0)
        error += np.where(np.isfinite(share), np.minimum(share, 1.0), 0.0)
    return columns, constants, error


def learned(s: FloatSpectrum, position: int, c: np.ndarray) -> np.ndarray:
    """The learnability of one level at every C.

    Raises
    ------
    NoConvergence
        When the sign of its eigenvalue is open.
    """
    if s.source is not None and s.source.levels[position].eigenvalue.sign is None:
        level = s.source.levels[position]
        raise NoConvergence(
            f"level {level.index} of the target has the eigenvalue {level.eigenvalue}, whose "
            "sign is open: float64 has no learnability for it"
        )
    value = s.eigenvalues[position : position + 1]
    shift = int(-value.exponent[0]) if not s.is_plain else 0
    lam = value.shifted(shift)[0] if value.mantissa[0] else 0.0
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        found = _learnability(
            {notation.lam[notation.i]: lam, notation.C: np.ldexp(c, shift)}
        )
    found = np.where(np.isinf(c), 0.0, found)
    return np.where((c == 0) & (lam > 0), 1.0, np.where(lam > 0, found, 0.0))


class _Problems:
    """A spectrum in units near the C of some problems, compressed where it is long."""

    def __init__(
        self,
        s: FloatSpectrum,
        power_of_two: int,
        targets: Sequence[np.ndarray],
        progress: Progress | None,
    ) -> None:
        lam, g = s.at_scale(power_of_two)
        self.s, self.power_of_two = s, power_of_two
        loads = [
            x if len(x) == len(lam) else np.append(x, np.zeros(len(lam) - len(x)))
            for x in targets
        ]
        kept = slice(None) if lam.min() > 0 else np.flatnonzero(lam > 0)
        self.atoms = compress(
            lam[kept], g[kept], tuple(x[kept] for x in loads), progress
        )
        lost = [
            0.0 if isinstance(kept, slice) else float(x.sum() - x[kept].sum())
            for x in loads
        ]
        # power in modes of eigenvalue 0, which are never learned
        self.powers = list(zip(self.atoms.loads, lost, strict=True))

    def statistics(self, program: Program, load, case) -> dict[Any, np.ndarray]:
        """The value of every symbol that the program binds, shape [problem]."""
        power, lost = load
        lam, g = self.atoms.lam, self.atoms.g
        if lost:
            lam, g = np.append(lam, 0.0), np.append(g, 0.0)
            power = np.append(power, lost)
        levels = {notation.lam: lam, notation.g: g, notation.power: power}
        with np.errstate(
            under="ignore", over="ignore", invalid="ignore", divide="ignore"
        ):
            found = program.bound(levels | case)
        shape = case[notation.C].shape
        return {symbol: np.broadcast_to(x, shape) for symbol, x in found.items()}

    def scaled(self, ridge: np.ndarray) -> np.ndarray:
        """The ridge in units of these problems."""
        with np.errstate(under="ignore"):
            return np.ldexp(ridge, self.power_of_two)

    def require_room(self, n, rest, ridge, c) -> None:
        """Refuse where eigenvalues beyond the unit's range are what decides C.

        They stand at the end of the range, and so leave 1 − L too large.
        """
        cut = self.atoms.lam >= 2.0**ROOM
        if not cut.any():
            return
        _, right, _ = sides(self.atoms, n, rest, ridge, c)
        excess = float(self.atoms.g[cut].sum()) * (c / 2.0**ROOM)
        if np.any(excess > EPS * right):
            worst = int(np.argmax(excess / right))
            raise Unsupported(
                f"C at n = {n[worst]:g} lies between eigenvalues further apart than "
                "float64 holds; ask for proved digits instead (digits=15)"
            )

    def count_error(self, n, cut, ridge, c) -> np.ndarray:
        """What rounded counts of modes, or a rounded n, may change relatively.

        Relative errors of n enter C times n/Σ g L (1 − L), which is E₀.
        """
        values = {
            notation.lam: self.atoms.lam,
            notation.g: self.atoms.g,
            notation.C: c,
            notation.ridge: ridge,
        }
        coarse = (n >= WHOLE) | (not self.s.is_counted)
        share = np.where(coarse, 8 * EPS * np.log2(len(self.s) + 2.0), 0.0)
        share = np.where(cut, np.maximum(share, EPS**2), share)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            e0 = n / _susceptibility(values)
            lost = share * e0
        wrong = ~((lost < MOST_ERROR) & (e0 < LARGEST_E0))
        if wrong.any():
            raise Unsupported(
                f"n = {n[wrong][0]:.17g} is nearer to a number of leading modes than "
                "float64 holds; ask for proved digits instead (digits=15)"
            )
        return lost

    def open_error(self, c, ridge, power_of_two: int) -> np.ndarray:
        """What levels of open sign, which count as 0, may change relatively.

        They add at most Σ g λ/C to n, as much to n/E₀, and λ/C to a learnability.
        """
        assert self.s.open_mass is not None  # the caller has looked
        total = self.s.open_mass.shifted(power_of_two) / c
        values = {
            notation.lam: self.atoms.lam,
            notation.g: self.atoms.g,
            notation.C: c,
            notation.ridge: ridge,
        }
        return 7 * total / _susceptibility(values) + 2 * total

    def tail_error(self, c, ridge) -> np.ndarray:
        """What the tail leaves open of any statistic, relatively.

        C moves by at most the spread of the tail's sum over n/E₀; bias and errors hold
        C at most to the third power, and n/E₀ has a spread of its own.
        """
        assert self.s.tail is not None  # the caller has looked
        values = {
            notation.lam: self.atoms.lam,
            notation.g: self.atoms.g,
            notation.C: c,
            notation.ridge: ridge,
        }
        slope = _susceptibility(values)
        total, steep = self.s.tail.spread(np.ldexp(c, -self.power_of_two))
        return 6 * total / slope + steep / slope


def _mend(found: dict, part: _Problems, program: Program, load, case) -> None:
    """Train MSE, and errors that are tiny, without underflow on the way."""
    power, lost = load
    noise = case[notation.noise]
    small = found[notation.bias] + noise < SMALL_ERRORS
    if np.any(small):
        # bias, variance and MSE are linear in the target's power and the noise
        with np.errstate(over="ignore"):
            larger = case | {notation.noise: np.ldexp(noise, ROOM)}
            more = np.ldexp(power, ROOM), float(np.ldexp(lost, ROOM))
        again = part.statistics(program, more, larger)
        for name in (notation.bias, notation.variance, notation.test_mse):
            with np.errstate(under="ignore"):
                found[name] = np.where(small, np.ldexp(again[name], -ROOM), found[name])
        faint = found[notation.bias] + noise < 1e-290
        gone = faint & (found[notation.overfitting] > 2)
        if np.any(gone):
            raise Unsupported(
                f"bias at n = {case[notation.n][gone][0]:.17g} is below the range of "
                "float64; ask for proved digits instead (digits=15)"
            )
    found[notation.train_mse] = train_mse(
        case[notation.n],
        case[notation.ridge],
        case[notation.C],
        found[notation.test_mse],
    )


def train_mse(n: Any, ridge: Any, c: Any, test_mse: Any) -> np.ndarray:
    """The train MSE without under- or overflow on the way.

    Theory's formula is of degree 2 in δ/C, so the exponent of δ/C is put aside first.

    Examples
    --------
    >>> one = np.ones(1)
    >>> train_mse(2 * one, 1e-200 * one, 1e-200 * one, 4 * one)
    array([1.])
    """
    top, exponent = np.frexp(ridge)
    below, deeper = np.frexp(c)
    values = {
        notation.n: n,
        notation.ridge: top,
        notation.C: below,
        notation.test_mse: test_mse,
    }
    with np.errstate(under="ignore", over="ignore"):
        return np.ldexp(_train_mse(values), 2 * (exponent - deeper))


def _of_target(s: FloatSpectrum, power: np.ndarray, c: np.ndarray) -> np.ndarray:
    """The target's learnability as a mean over its levels, each in units of its own."""
    rows = np.flatnonzero(power)
    shares = [learned(s, int(row), c) for row in rows]
    return np.average(shares, axis=0, weights=power[rows])


def _groups(s: FloatSpectrum, n, rest, ridge, regular) -> list[tuple[int, np.ndarray]]:
    """Powers of two that bring C near 1, each with the problems it serves."""
    if not len(regular):
        return []
    if s.is_plain and _mild(s, ridge[regular]):
        return [(0, regular)]
    if n[regular].max() >= 2.0 ** (ROOM - 100):
        worst = int(regular[np.argmax(n[regular])])
        raise Unsupported(
            f"n = {n[worst]:.3g} is beyond what float64 sums hold; ask for digits=15"
        )
    about = rough_constant(s, n[regular], rest[regular], ridge[regular])
    units = -np.round(about / GROUP).astype(np.int64) * GROUP
    return [(int(x), regular[units == x]) for x in np.unique(units)]


def _mild(s: FloatSpectrum, ridge: np.ndarray) -> bool:
    """Whether sums and C are well inside float64 without another unit."""
    lam = s.eigenvalue
    least = float(lam.min()) if lam.min() > 0 else float(lam[lam > 0].min(initial=1.0))
    most = float(ridge.max())
    return least > 1e-200 and float(lam.max()) < 1e200 and most < 1e200


def _unscaled(c: np.ndarray, power_of_two: int, n: np.ndarray) -> np.ndarray:
    if power_of_two == 0:
        return c
    with np.errstate(over="ignore", under="ignore"):
        found = np.ldexp(c, -power_of_two)
    wrong = ~((found > TINY) & (found < np.inf))
    if wrong.any():
        worst = int(np.flatnonzero(wrong)[0])
        size = float(np.log10(c[worst]) - power_of_two * np.log10(2.0))
        raise Unsupported(
            f"C at n = {n[worst]:g} is about 1e{size:.0f} and leaves the range of float64; "
            "ask for proved digits instead (digits=15)"
        )
    return found


def _require_decided(s: FloatSpectrum, n, rest, ridge, past, grid: Grid) -> None:
    if s.source is None or not s.source.is_open:
        return
    beyond = (ridge == 0) & (n + rest > 0) & (past >= 0)
    if beyond.any():
        require_decided(s.source, n[beyond].max(), grid.places(beyond))
