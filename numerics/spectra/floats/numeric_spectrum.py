"""Spectra in float64 of nets whose activation's dual is a number, or a slow series.

The kernel is read from tables at the points of a finite domain, or at the nodes of a
quadrature in the angle; its error moves an eigenvalue by no more than itself (and on the
hypercube by 1/√C(d, k) of itself). Levels that this leaves without digits are not listed:
on an infinite domain they belong to the tail, on a finite one the spectrum is refused.
"""

from functools import lru_cache
from math import lgamma, pi

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from numerics.duals.numeric_kernels import (
    NumericKernel,
    has_series,
    needs_tables,
    numeric_kernel,
)
from numerics.spectra.domains.harmonics import multiplicities
from numerics.spectra.domains.hypercube import binomials, exact_eigenvalues
from numerics.spectra.floats.float_spectrum import EPS, FloatSpectrum
from numerics.spectra.floats.float_tail import FloatTail
from theory import Kernel, NoConvergence, Unsupported
from theory.domains import Domain
from theory.domains.weights import weights
from theory.kernels.vanishing_levels import vanishing_levels

Floats = NDArray[np.float64]
SIX_DIGITS, ALLOWED = 1e-6, 1e-3
"""Relative errors: of the last level of an open list, and of any level at all."""
FIRST_LAST = 50
MAX_LAST = 2000
PANELS, NODES = 48, 24


def is_numeric(kernel: Kernel) -> bool:
    """Whether float64 spectra of the kernel come from tables."""
    return needs_tables(kernel) or has_series(kernel)


def numeric_spectrum(
    kernel: Kernel, domain: Domain, wanted: list[int] | None
) -> FloatSpectrum:
    """Levels with a relative error that is stated; all of a finite domain.

    Raises
    ------
    NoConvergence
        When a level of a finite domain, or one that was asked for, has no three digits.
    Unsupported
        When the domain is infinite and no sphere, or a level is too high.

    Examples
    --------
    >>> from theory import Hypercube, kernels
    >>> s = numeric_spectrum(kernels.ntk("arctan"), Hypercube(5), None)
    >>> len(s), s.relative_error < 1e-10
    (6, True)
    """
    tail: FloatTail | None = None
    if domain.size.is_finite:
        known = FINITE.get(domain.kind, _by_definition)
        values, errors, counts = known(kernel, domain)
    elif domain.is_sphere:
        last = max(wanted) if wanted else FIRST_LAST
        if last > MAX_LAST:
            raise Unsupported(
                f"{kernel} on {domain}: levels up to {MAX_LAST}, not {last}"
            )
        d = int(domain.ambient)
        values, errors, counts, tail = _on_sphere(
            kernel, domain, d, last, wanted is None
        )
    else:
        raise Unsupported(
            f"{kernel} on {domain}: numeric duals have spectra on spheres and on finite "
            "domains"
        )
    zeros = vanishing_levels(kernel, domain)
    for k in range(len(values)):
        if any(z.covers(k) for z in zeros):
            values[k] = errors[k] = 0.0
    kept = np.arange(len(values)) if wanted is None else np.array(wanted)
    found, off = values[kept], errors[kept]
    relative = np.full(len(kept), np.inf)
    np.divide(off, found, out=relative, where=found > 0)
    relative[(found == 0) & (off == 0)] = 0.0
    worst = int(np.argmax(relative))
    if not relative[worst] <= (ALLOWED if needs_tables(kernel) else SIX_DIGITS):
        raise NoConvergence(
            f"{kernel} on {domain}: level {kept[worst]} is {values[kept[worst]]:.3g} ± "
            f"{errors[kept[worst]]:.1g}, which float64 does not resolve"
        )
    g = np.array([float(x) for x in counts])[kept]
    return FloatSpectrum(values[kept], g, kept, tail, max(EPS, float(relative[worst])))


Finite = tuple[Floats, Floats, list[int]]
"""Levels, absolute errors and multiplicities."""


def _on_cube(kernel: Kernel, domain: Domain) -> Finite:
    d = int(domain.ambient)
    K = numeric_kernel(kernel, d)
    samples = K(np.arange(d + 1) / d)
    exact = [fmpq(*map(int, x.as_integer_ratio())) for x in samples.tolist()]
    balls = exact_eigenvalues(lambda u: exact[int(u * d)], d)
    if balls is None:
        raise NoConvergence(f"{kernel}: samples span too many orders of magnitude")
    values = np.array([float(x.midpoint) for x in balls])
    roots = np.array([float(x) ** -0.5 for x in binomials(d)])
    error = K.error + EPS * float(np.abs(samples).max()) + K.opposite_error / 2.0**d
    return values, error * roots, list(binomials(d))


def _on_points(kernel: Kernel, domain: Domain) -> Finite:
    points = int(domain.size)
    K = numeric_kernel(kernel, 2)
    samples = K(np.sin(np.pi * np.arange(points) / points) ** 2)
    values = np.fft.rfft(samples).real / points
    counts = [1 if k == 0 or 2 * k == points else 2 for k in range(len(values))]
    error = K.error + 8 * EPS * float(np.abs(samples).max()) + K.opposite_error / points
    return values, np.full(len(values), error), counts


def _by_definition(kernel: Kernel, domain: Domain) -> Finite:
    """The sum that defines every level; an error of K is weighted as K is."""
    last = int(domain.last_level)
    rows = [weights(domain, k) for k in range(last + 1)]
    cosines = sorted({at for row in rows for at, _ in row}, key=float)
    K = numeric_kernel(kernel, int(domain.ambient or 1))
    samples = K(np.array([float((1 - at) / 2) for at in cosines]))
    column = {at: j for j, at in enumerate(cosines)}
    w = np.zeros((last + 1, len(cosines)))
    for k, row in enumerate(rows):
        for at, weight in row:
            w[k, column[at]] += float(weight)
    error = K.error + 8 * EPS * float(np.abs(samples).max())
    counts = [int(domain.multiplicity(k)) for k in range(last + 1)]
    return w @ samples, np.abs(w).sum(axis=1) * error, counts


FINITE = {"hypercube": _on_cube, "circle_points": _on_points}
"""Kind of domain → its levels; of any other kind by the sums that define them."""


@lru_cache(maxsize=8)
def _angles(d: int) -> tuple[Floats, Floats]:
    """θ, shape [node], and the weights of the sphere's measure."""
    x, w = np.polynomial.legendre.leggauss(NODES)
    edges = np.linspace(0, pi, PANELS + 1)
    low, high = edges[:-1, None], edges[1:, None]
    theta = ((low + high) / 2 + (high - low) / 2 * x).ravel()
    weights = ((high - low) / 2 * w).ravel() * np.sin(theta) ** (d - 2)
    whole = lgamma((d - 1) / 2) + lgamma(0.5) - lgamma(d / 2)
    return theta, weights / np.exp(whole)


def _on_sphere(
    kernel: Kernel, domain: Domain, d: int, last: int, trim: bool
) -> tuple[Floats, Floats, list[int], FloatTail]:
    K: NumericKernel = numeric_kernel(kernel, d)
    theta, weights = _angles(d)
    samples, t = K(np.sin(theta / 2) ** 2), np.cos(theta)
    load = samples * weights
    values = np.empty(last + 1)
    below, here = np.ones_like(t), t
    values[0] = load.sum()
    for k in range(1, last + 1):
        values[k] = load @ here
        below, here = here, ((2 * k + d - 2) * t * here - k * below) / (k + d - 2)
    size = float(np.abs(samples).max())
    error = K.error + 8 * EPS * size
    counts = multiplicities(d, last)
    zeros = vanishing_levels(kernel, domain)
    if trim:
        known = [
            any(z.covers(k) for z in zeros) or error <= SIX_DIGITS * values[k]
            for k in range(last + 1)
        ]
        top = known.index(False) if False in known else last + 1
        values, counts = values[: max(top, 1)], counts[: max(top, 1)]
    g = np.array([float(x) for x in counts])
    at_one = float(K(np.array(0.0)))
    mass = at_one - float(g @ values)
    square = float((samples * samples) @ weights) - float(g @ values**2)
    mass_error = K.error + float(g.sum()) * error
    bound = float(np.max(values[-2:])) + error
    if not mass > 0:
        mass = max(mass_error, EPS * at_one)
    mean = min(max(square / mass, 0.0), bound)
    spread = (4 * size * error + mass_error * mean) / mass
    mean = mean if mean > 0 else bound / 2
    tail = FloatTail(mass, mean, bound, mass_error, min(spread, bound))
    return values, np.full(len(values), error), counts, tail
