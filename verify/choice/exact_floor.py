"""The exact floor of all equivariant linear rules: enumerated in ℚ, or measured.

On every data set the floor needs one regression, with the best kernel and the ridge σ²:
σ² + Σ v² (1 − L̄), L̄_k = λ_k tr (K_* + σ²)⁻¹ Z_k, where Z_k is the level's zonal function
between the data. So it is found on infinite domains too, without a test point.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import comb
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat
from scipy.special import eval_chebyt, eval_gegenbauer
from sympy import Poly, interpolate, sympify
from sympy import Rational as SymPyRational
from threadpoolctl import threadpool_limits

from numerics.implicit_equation.compressed_sums import Atoms
from numerics.implicit_equation.float_solver import solve_constant
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from numerics.targets.target_reading import read_target
from theory import OutOfDomain, Unsupported, domains, formulas, kernels, notation
from theory.choice.floor import learned
from theory.domains import Domain
from theory.notation import t
from theory.numbers import integer, rational
from theory.statistics.questions.sampling import DISTINCT, INDEPENDENT, SAMPLINGS
from verify.exact.laws.expectations import cube_orbits
from verify.exact.problems.rational_matrices import rows_of, trace
from verify.exact.testing.evaluation import evaluate
from verify.regression.domains.arrays import arrays_of
from verify.verdicts.intervals import Interval, student_interval

_floor = formulas["error_floor"].rhs
_floats = build(_floor, ARRAYS)
TOLERANCE = 1e-10
"""Eigenvalues of a data set's K_* below this share of the largest are 0 without noise."""
MOST_SETS = 1500
MOST_ENTRIES = 60_000
DRAWS = 400
BLOCK = 1 << 22
CONFIDENCE = 0.95


@dataclass(frozen=True)
class ErrorFloor:
    """What no equivariant linear rule can beat in the mean; see ``error_floor``.

    Attributes
    ----------
    domain, powers, n, noise, sampling
        The problem.
    value
        The floor: a Fraction where it was enumerated, else the mean over data sets.
    interval
        Its confidence interval; None where it is exact.
    framework
        n C of the best kernel: the framework's optimum, which bounds nothing measured.
    level_bound
        Σ v² (1 − n/g) over levels with g > n, and σ²: what every linear rule leaves.
    """

    domain: Domain
    powers: dict[int, Fraction]
    n: int
    noise: Fraction
    sampling: str
    value: Fraction | float
    interval: Interval | None
    framework: float
    level_bound: Fraction

    @property
    def is_exact(self) -> bool:
        """Whether it was enumerated."""
        return self.interval is None

    @property
    def lower(self) -> float:
        """Where its interval begins; the value itself where it is exact."""
        if self.interval is None:
            return float(self.value)
        return max(self.interval.lower, float(self.level_bound))

    @property
    def upper(self) -> float:
        """Where its interval ends."""
        return float(self.value) if self.interval is None else self.interval.upper

    @cached_property
    def kernel(self) -> Any:
        """The best kernel K_* as a polynomial in t, on domains whose levels are such.

        With the ridge σ² it reaches the floor.

        Raises
        ------
        Unsupported
            Where levels are no polynomials in the cosine.
        """
        if not (self.domain.graded or self.domain.is_sphere):
            raise Unsupported(f"{self.domain}: levels are no polynomials in the cosine")
        total = sympify(0)
        for k, power in self.powers.items():
            zonal = self.domain.zonal(k, t)
            if not zonal.is_polynomial(t):
                d = int(self.domain.ambient)
                places = [SymPyRational(d - 2 * m, d) for m in range(k + 1)]
                values = [self.domain.zonal(k, x) for x in places]
                zonal = interpolate(list(zip(places, values, strict=True)), t)
            total += SymPyRational(power.numerator, power.denominator) * zonal
        return kernels.from_expression(Poly(total, t).as_expr())

    def __str__(self) -> str:
        if self.interval is None:
            return f"{self.value} = {float(self.value):.10g}, exact"
        x = self.interval
        return (
            f"{self.value:.4g}, between {self.lower:.4g} and {x.upper:.4g} "
            f"({x.confidence:.0%}, {x.samples} data sets)"
        )


def error_floor(
    domain: Any,
    target: Any,
    n: Any,
    noise: Any = 0,
    sampling: str | None = None,
    *,
    draws: Any = DRAWS,
    seed: Any = 0,
) -> ErrorFloor:
    """The least mean error of all linear rules that are equivariant under the domain.

    Regression with any dot-product kernel and ridge, every filter of it, smoothing and
    nearest neighbors are such rules; trained nets are not, and may go below. The six
    conditions are ``theory.choice.floor.CONDITIONS``. Exact on small hypercubes, where
    all data sets are enumerated up to symmetry; elsewhere a mean over random data sets
    with its interval.

    Parameters
    ----------
    domain
        A domain with a transitive group, or its text.
    target
        Level → power, as for ``predict``.
    n
        Training points.
    noise
        Variance σ² of the label noise.
    sampling
        ``distinct`` (default on finite domains), ``replacement``, or ``independent``,
        which is the same as ``replacement`` on finite domains.
    draws, seed
        Random data sets, where not all are enumerated.

    Raises
    ------
    OutOfDomain
        When an argument is malformed.
    Unsupported
        When the domain has no group, or no draws.

    Examples
    --------
    >>> found = error_floor("hypercube:3", "0=0.1,1=0.5,2=0.1,3=0.3", 2, "0.1")
    >>> print(f"{float(found.value):.10f}", found.is_exact)
    0.7797783552 True
    """
    place = domains.parse(domain) if isinstance(domain, str) else domain
    if not isinstance(place, Domain):
        raise OutOfDomain(f"domain = {domain!r:.60} is no domain")
    if not place.group or not place.addition_theorem:
        raise Unsupported(
            f"{place}: no group is known under which its levels are irreducible, so no "
            "rule is equivariant and there is no floor"
        )
    arrays = arrays_of(place)
    usual = INDEPENDENT if arrays.points is None else DISTINCT
    law = usual if sampling is None else sampling
    if law not in SAMPLINGS or (arrays.points is None and law != INDEPENDENT):
        known = ", ".join(SAMPLINGS if arrays.points else (INDEPENDENT,))
        raise OutOfDomain(f"sampling = {law!r} on {place}: must be one of {known}")
    most = None if arrays.points is None or law != DISTINCT else arrays.points
    size = integer(n, "n", least=1, most=most)
    read = read_target(target, place).powers
    powers = {int(k): _fraction(v) for k, v in read.items() if v}
    sigma = _fraction(rational(noise, "noise", least=0))
    counts = {k: int(place.multiplicity(k)) for k in powers}
    trials = integer(draws, "draws", least=10)
    interval: Interval | None = None
    value: Any = 0.0
    sets = _enumerated(place, size, law)
    if sets is not None:
        value = _exact(place, powers, counts, size, sigma, sets)
    else:
        chance = integer(seed, "seed", most=2**63 - 1)
        values = _drawn(arrays, place, powers, counts, size, sigma, law, trials, chance)
        interval = student_interval(values, CONFIDENCE)
    bound = sigma + sum(
        (
            v * max(Fraction(0), 1 - Fraction(size, counts[k]))
            for k, v in powers.items()
        ),
        Fraction(0),
    )
    if interval is not None:  # rounding may take a floor of 0 below it
        value = max(interval.value, float(bound))
    framework = framework_optimum(
        [float(v) for v in powers.values()],
        [float(counts[k]) for k in powers],
        size,
        float(sigma),
    )
    return ErrorFloor(
        place, powers, size, sigma, law, value, interval, framework, bound
    )


def framework_optimum(powers: Any, counts: Any, n: float, noise: float) -> float:
    """The least test MSE inside the framework: n C of λ = v²/g at δ = σ².

    Examples
    --------
    >>> round(framework_optimum([0.6, 0.1, 0.3], [6, 15, 20], 16, 0.05), 8)
    0.4638649
    """
    v, g = np.asarray(powers, dtype=np.float64), np.asarray(counts, dtype=np.float64)
    kept = v > 0
    v, g = v[kept], g[kept]
    if noise == 0 and n >= g.sum():
        return 0.0
    one = np.ones(1)
    c = solve_constant(Atoms.of(v / g, g), n * one, 0 * one, noise * one)
    return float(n * c[0])


def _fraction(x: Any) -> Fraction:
    return Fraction(int(x.p), int(x.q))


Sets = list[tuple[tuple[int, ...], int]]


def _enumerated(place: Domain, n: int, law: str) -> Sets | None:
    """All data sets up to symmetry with their numbers; None where there are too many."""
    found = ENUMERATIONS.get(place.kind)
    return None if found is None else found(place, n, law)


def _sets_of_corners(place: Domain, n: int, law: str) -> Sets | None:
    d = int(place.ambient)
    if d > 6:
        return None
    if law == DISTINCT:
        if comb(2**d - 1, n - 1) * n**3 > MOST_ENTRIES * 8:
            return None
        return list(cube_orbits(d, n))
    if 2 ** (d * (n - 1)) > MOST_SETS:
        return None
    found: Counter[tuple[int, ...]] = Counter()
    for rest in product(range(2**d), repeat=n - 1):
        found[tuple(sorted((0, *rest)))] += 1
    return list(found.items())


ENUMERATIONS: dict[str, Callable[[Domain, int, str], Sets | None]] = {
    "hypercube": _sets_of_corners
}
"""Kind of domain → its data sets, where all are enumerated."""


def _exact(place, powers, counts, n: int, sigma: Fraction, sets: Sets) -> Fraction:
    """The mean of the floor over data sets, in rational arithmetic."""
    d = int(place.ambient)
    noise = fmpq(sigma.numerator, sigma.denominator)
    tables = {
        k: [_as_fmpq(place.zonal(k, 1 - SymPyRational(2 * m, d))) for m in range(d + 1)]
        for k in powers
    }
    total, whole = {k: fmpq(0) for k in powers}, 0
    weights = {k: fmpq(v.numerator, v.denominator) for k, v in powers.items()}
    for data, count in sets:
        far = [(x ^ y).bit_count() for x in data for y in data]
        Z = {k: fmpq_mat(n, n, [row[m] for m in far]) for k, row in tables.items()}
        K = fmpq_mat(n, n)
        for k, zonal in Z.items():
            K = K + zonal * weights[k]
        if noise:
            for a in range(n):
                K[a, a] += noise
        else:
            kept = _independent(K)
            K, Z = _inner(K, kept), {k: _inner(x, kept) for k, x in Z.items()}
        R = K.inv()
        for k, zonal in Z.items():
            total[k] += weights[k] / counts[k] * trace(R * zonal) * count
        whole += count
    levels = list(powers)
    values = {
        notation.noise: noise,
        notation.levels: len(levels),
        notation.power: [weights[k] for k in levels],
        learned: [total[k] / whole for k in levels],
    }
    found = evaluate(_floor, values)
    return Fraction(int(found.p), int(found.q))


def _as_fmpq(x: Any) -> fmpq:
    y = SymPyRational(x)
    return fmpq(int(y.p), int(y.q))


def _independent(K: fmpq_mat) -> list[int]:
    """Points whose rows of K span all others; repeated ones are left out."""
    kept: list[int] = []
    for a in range(K.nrows()):
        some = [*kept, a]
        if rows_of(K, some).rank() == len(some):
            kept = some
    return kept


def _inner(K: fmpq_mat, kept: list[int]) -> fmpq_mat:
    return fmpq_mat(len(kept), len(kept), [K[a, b] for a in kept for b in kept])


def _drawn(
    arrays, place, powers, counts, n: int, sigma, law: str, trials: int, seed: int
) -> np.ndarray:
    """The floor of each of many random data sets, [trial]."""
    levels = list(powers)
    v = np.array([float(powers[k]) for k in levels])
    g = np.array([float(counts[k]) for k in levels])
    noise, block = float(sigma), max(1, BLOCK // (n * n * (len(levels) + 2)))
    found = []
    with threadpool_limits(1):
        for start in range(0, trials, block):
            some = range(start, min(start + block, trials))
            x = arrays.draw(n, some, seed, replace=law != DISTINCT)
            codes = arrays.pair(x, x, np)
            Z = np.stack([_zonal(arrays, place, k, codes) for k in levels])
            K = np.tensordot(v, Z, 1)
            values, vectors = np.linalg.eigh(K)
            low = TOLERANCE * values[:, -1:] if noise == 0 else -np.inf
            inverse = np.where(
                values > low, 1 / np.where(values > low, values + noise, 1), 0
            )
            R = np.einsum("bij,bj,bkj->bik", vectors, inverse, vectors, optimize=True)
            L = (v / g)[:, None] * np.einsum("bij,lbij->lb", R, Z, optimize=True)
            at = {notation.noise: noise, notation.power: v, learned: L.T}
            found.append(np.asarray(_floats(at)))
    return np.concatenate(found)


def _zonal(arrays: Any, place: Domain, level: int, codes: Any) -> np.ndarray:
    """A level's zonal function between points, by the codes of pairs."""
    if arrays.points is not None:
        return arrays.zonal[level][codes]
    cosine = 1 - 2 * np.asarray(codes)
    alpha = float(place.ambient) / 2 - 1
    if alpha == 0:
        return eval_chebyt(level, cosine)
    return eval_gegenbauer(level, alpha, cosine) / eval_gegenbauer(level, alpha, 1.0)


__all__ = ["CONFIDENCE", "ErrorFloor", "error_floor", "framework_optimum"]
