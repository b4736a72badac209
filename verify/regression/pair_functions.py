"""Functions of a pair of points: the kernel, its square, and its gradient's product.

K² = ∫ K(x, z) K(z, x′) gives ‖f̂‖² = αᵀ K² α exactly, without test points; −ΔK² gives
the mean squared gradient the same way. Both are sums over levels. On a finite domain
they are tables; on the circle and the sphere, piecewise polynomials in the angle, their
distance from what they stand for measured, and the levels left out are known exactly at
t = 1 and bounded by that elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray
from sympy import Rational
from threadpoolctl import threadpool_limits

from numerics import Spectrum, spectrum
from numerics.duals.numeric_kernels import needs_tables
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from numerics.kernel_matrices.entries import at_angles
from theory import Kernel, NoConvergence, OutOfDomain, Unsupported, formulas
from theory.notation import d as symbol_d
from theory.notation import k as symbol_k
from theory.notation import u
from verify.networks.data_sources.modes import legendre
from verify.regression.domains.arrays import FiniteArrays, arrays_of

CELLS = 4096
DEGREE = 6
LEVELS = (60, 120, 240, 400)
SMALL_TAIL = 1e-15
SMOOTH = 1e-11
_PROBE = 160
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ValuesByCode:
    """Values by code, for finite domains."""

    values: Floats

    def __call__(self, code: Any, xp: Any) -> Any:
        """Values at codes, in NumPy or JAX."""
        return xp.asarray(self.values)[code]


@dataclass(frozen=True)
class Piecewise:
    """A function of the angle as polynomials on equal cells; ``at_zero`` at t = 1.

    ``error`` is the largest deviation that was measured between the nodes.
    """

    coefficients: Floats
    at_zero: float
    error: float

    def __call__(self, half: Any, xp: Any) -> Any:
        """Values at u = (1 − t)/2, in NumPy or JAX."""
        place = (2 * CELLS / np.pi) * xp.arcsin(xp.sqrt(xp.clip(half, 0.0, 1.0)))
        cell = xp.minimum(place.astype(int), CELLS - 1)
        offset = place - cell
        columns = xp.asarray(self.coefficients)
        value = columns[DEGREE][cell]
        for power in range(DEGREE - 1, -1, -1):
            value = value * offset + columns[power][cell]
        return xp.where(half == 0, self.at_zero, value)

    @classmethod
    def fit(
        cls, function: Callable[[Floats], Floats], at_zero: float | None = None
    ) -> "Piecewise":
        """Interpolate a function of θ in [0, π] at Chebyshev's nodes of every cell."""
        nodes = (1 - np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1))) / 2
        start = np.arange(CELLS)[:, None]
        width = np.pi / CELLS
        inverse = np.linalg.inv(np.vander(nodes, increasing=True))
        values = function((start + nodes) * width)
        coefficients = (values @ inverse.T).T.copy()
        found = cls(coefficients, 0.0, 0.0)
        middle: Floats = np.asarray((np.arange(CELLS) + 0.37) * width, np.float64)
        error = np.max(np.abs(found(np.sin(middle / 2) ** 2, np) - function(middle)))
        zero = float(function(np.zeros(1))[0]) if at_zero is None else at_zero
        return cls(coefficients, zero, float(error))


@dataclass(frozen=True)
class Direct:
    """The kernel itself, where it is not smooth enough in the angle for a table."""

    program: Any

    def __call__(self, half: Any, xp: Any) -> Any:
        """Values at u = (1 − t)/2; OutOfDomain for JAX."""
        if xp is not np:
            raise OutOfDomain(
                "this kernel is not smooth in the angle: use the NumPy backend"
            )
        return np.broadcast_to(self.program({u: half}), np.shape(half))


@dataclass(frozen=True)
class Pairs:
    """What a kernel says about pairs of points of a domain.

    Attributes
    ----------
    kernel, square, gradient
        K, K² and −ΔK² as functions of a pair's code; ``gradient`` is None where the
        domain has none.
    spectrum
        The levels that were summed.
    eigenvalues
        λ of those levels in float64.
    square_at_one
        K² of a point with itself.
    square_error, gradient_error
        Bounds of what the values of K² and −ΔK² may be off by between different points.
    """

    kernel: Any
    square: Any
    gradient: Any
    spectrum: Spectrum
    eigenvalues: Floats
    square_at_one: float
    square_error: float
    gradient_error: float


@lru_cache(maxsize=16)
def pairs_of(kernel: Kernel, domain: Any, least: int = 0) -> Pairs:
    """The functions of pairs of a kernel on a domain.

    Parameters
    ----------
    kernel, domain
        What is paired, and where.
    least
        A level that must be listed, on infinite domains.

    Raises
    ------
    NotPositiveDefinite
        When the kernel has a negative eigenvalue there.

    Examples
    --------
    >>> from theory import domains, kernels
    >>> found = pairs_of(kernels.polynomial(1), domains.parse("hypercube:4"))
    >>> found.kernel.values, found.square.values
    (array([ 1. ,  0.5,  0. , -0.5, -1. ]), array([ 0.25 ,  0.125,  0.   , -0.125, -0.25 ]))
    """
    arrays: Any = arrays_of(domain)
    if arrays.points is not None:
        return _finite(kernel, domain, arrays)
    if not domain.is_sphere:
        raise Unsupported(
            f"{domain}: functions of pairs are known on spheres and finite domains"
        )
    # matrices here are small: BLAS threads would only wait for each other
    with threadpool_limits(1):
        return _infinite(kernel, domain, least)


def _weights(s: Spectrum) -> tuple[Floats, Floats]:
    """λ and g λ² of every level."""
    lam = np.array([max(float(x.eigenvalue), 0.0) for x in s.levels])
    return lam, np.array([float(x.multiplicity) for x in s.levels]) * lam**2


def _finite(kernel: Kernel, domain: Any, arrays: FiniteArrays) -> Pairs:
    s = _listed(kernel, domain)
    lam, weight = _weights(s)
    values = at_angles(kernel, int(domain.ambient or 0), arrays.half)
    square = weight @ arrays.zonal
    rounding = 8 * np.finfo(float).eps * float(square[0])
    return Pairs(
        ValuesByCode(values),
        ValuesByCode(square),
        None,
        s,
        lam,
        float(square[0]),
        rounding,
        0.0,
    )


def _listed(kernel: Kernel, domain: Any) -> Spectrum:
    """All levels; where duals are numbers, those of float64, whose errors are far smaller
    than what is measured.
    """
    if not needs_tables(kernel):
        return spectrum(kernel, domain, digits=20)
    found = spectrum(kernel, domain, digits=None)
    numbers = [Rational(x) for x in found.eigenvalue.tolist()]
    counts = [int(x) for x in found.multiplicity.tolist()]
    s = Spectrum.from_levels(list(zip(numbers, counts, strict=True)))
    return replace(s, kernel=kernel, domain=domain)


def _half_program(kernel: Kernel, domain: Any) -> Any:
    chain = kernel.half().subs({symbol_d: domain.ambient})
    loose = chain.free_symbols - {u}
    if loose:
        names = ", ".join(sorted(map(str, loose)))
        raise OutOfDomain(
            f"kernel {kernel} has the symbols {names}; numbers are needed"
        )
    return build(chain, ARRAYS)


def _infinite(kernel: Kernel, domain: Any, least: int) -> Pairs:
    run = _half_program(kernel, domain)
    d = int(domain.ambient)

    def by_angle(theta: Floats) -> Floats:
        return np.broadcast_to(run({u: np.sin(theta / 2) ** 2}), np.shape(theta))

    own: Any = Piecewise.fit(by_angle)
    if own.error > SMOOTH * abs(own.at_zero):
        own = Direct(run)
    s, lam, weight = _enough(kernel, domain, least)
    top = len(lam) - 1
    rough = build(formulas["roughness_of_a_level"].rhs, ARRAYS)
    radius = next(
        x for x in formulas["roughness_of_a_level"].rhs.free_symbols if str(x) == "rho"
    )
    gamma = np.broadcast_to(
        rough({symbol_k: np.arange(top + 1.0), symbol_d: float(d), radius: 1.0}),
        (top + 1,),
    )
    tail = max(float(s.tail_square.upper), 0.0)
    total = _mean_squared_slope(by_angle, d)
    slopes = gamma * weight
    rest = max(total - float(slopes.sum()), 0.0)

    def summed(values: Floats) -> Callable[[Floats], Floats]:
        def at(theta: Floats) -> Floats:
            flat = np.cos(theta).ravel()
            result = np.empty_like(flat)
            for start in range(0, len(flat), 4096):
                part = slice(start, start + 4096)
                if d == 2:
                    zonal = np.cos(np.outer(np.arange(top + 1), theta.ravel()[part]))
                else:
                    zonal = legendre(d, top, flat[part])
                result[part] = values @ zonal
            return result.reshape(theta.shape)

        return at

    at_one = float(weight.sum()) + float(s.tail_square)
    square = Piecewise.fit(summed(weight), at_one)
    gradient = Piecewise.fit(summed(slopes), float(slopes.sum()) + rest)
    return Pairs(
        own,
        square,
        gradient,
        s,
        lam,
        at_one,
        square.error + tail,
        gradient.error + rest,
    )


def _enough(kernel: Kernel, domain: Any, least: int) -> tuple[Spectrum, Floats, Floats]:
    """Levels until what is left of Σ g λ² is negligible, or until there are many."""
    for last in [*(x for x in LEVELS if x > least), max(LEVELS[-1], least)]:
        try:
            s = spectrum(kernel, domain, levels=range(last + 1), digits=16)
        except NoConvergence:
            s = spectrum(kernel, domain, levels=range(last + 1), digits=8)
        lam, weight = _weights(s)
        if float(s.tail_square.upper) <= SMALL_TAIL * float(weight.sum()):
            break
    return s, lam, weight  # pyright: ignore[reportPossiblyUnboundVariable]


def _mean_squared_slope(by_angle: Callable[[Floats], Floats], d: int) -> float:
    """E |∇K(x, ·)|² = E (dK/dθ)² over the sphere, from a Chebyshev fit in θ."""
    grid = np.cos(np.pi * (np.arange(_PROBE) + 0.5) / _PROBE)
    fit = chebyshev.chebfit(grid, by_angle(np.pi * (grid + 1) / 2), _PROBE - 1)
    slope = chebyshev.chebder(fit) * (2 / np.pi)
    nodes, weights = np.polynomial.legendre.leggauss(2 * _PROBE)
    density = weights * np.sin(np.pi * (nodes + 1) / 2) ** (d - 2)
    return float(np.sum(density * chebyshev.chebval(nodes, slope) ** 2) / density.sum())
