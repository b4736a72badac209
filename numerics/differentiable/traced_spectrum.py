"""Eigenvalues in JAX: compiled, and differentiable in every parameter of the kernel.

On the hypercube, and on spheres of high dimension, positive Taylor series run in JAX
itself. On other spheres and the circle quadrature in the angle runs on the host, in
pairs of floats: the compiled program calls it back, and derivatives of any order are
quadratures of the chain's symbolic derivatives. Both evaluate the chain that ``theory``
writes for the kernel, with symbols for its parameters.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from functools import partial
from math import ceil, log10
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer
from sympy import Rational, Symbol

from numerics.differentiable.angle_moments import AngleMoments
from numerics.differentiable.positive_series import (
    cube_weights,
    sphere_terms,
    sphere_weights,
)
from numerics.interpreters import double_double as dd
from numerics.interpreters.jax_arrays import TRACED
from numerics.interpreters.program import Program, build
from numerics.interpreters.series.float_series import FloatSeries, PowerSeries
from numerics.spectra.domains import harmonics
from numerics.spectra.domains.hypercube import binomials
from numerics.spectra.spectrum import FIRST_LAST, _sorted_pair
from numerics.spectra.spectrum import spectrum as enclosed
from theory import (
    Kernel,
    NoConvergence,
    NotEvaluable,
    OutOfDomain,
    Unsupported,
    notation,
)
from theory.chain import Chain
from theory.domains import Domain
from theory.kernels.vanishing_levels import vanishing_levels
from theory.notation import u
from theory.numbers import integer

WHOLE = ("depth", "degree", "order")
SERIES_FROM = 40
WARN_ABOVE = 1e-9
REFUSED_ABOVE = 1e-6
ROUNDED = 18


def _recur(a: Any, first: Any, slant: float, level: float) -> Any:
    """``power_series.recur`` as a scan; the carry holds y_{n−1}, y_{n−2}, …"""
    n = jnp.arange(a.shape[0])
    moved, flat = (slant * n * a)[1:], (level * a)[1:]
    start = jnp.zeros(a.shape[0] - 1).at[0].set(first)

    def step(recent: Any, at: Any) -> tuple[Any, Any]:
        y = jnp.sum((moved / at + flat) * recent)
        return jnp.concatenate([y[None], recent[:-1]]), y

    _, found = jax.lax.scan(step, start, n[1:].astype(a.dtype))
    return jnp.concatenate([jnp.ones(1) * first, found])


def _convolve(a: Any, b: Any) -> Any:
    return jnp.convolve(a, b, precision=jax.lax.Precision.HIGHEST)[: a.shape[0]]


SERIES = PowerSeries(jnp, jax.scipy.special, _recur, _convolve, TRACED).arithmetic(
    "power series in float64 (JAX)"
)


class TracedSpectrum:
    """Eigenvalues as a function of a kernel's parameters; ``spectrum`` makes it.

    Attributes
    ----------
    kernel, domain
        What it belongs to.
    parameters
        Name → value in ``kernel``, for the parameters that can move.
    index
        The level of each entry; on an infinite domain one entry more stands for all
        higher levels: it has their Σ g λ and Σ g λ².
    relative_error
        The largest relative difference from enclosures, measured at ``parameters``.
    """

    def __init__(self, kernel: Kernel, domain: Domain, top: int) -> None:
        self.kernel, self.domain = kernel, domain
        self.parameters = {
            name: float(value)
            for name, value in kernel.parameters
            if isinstance(value, Rational) and name not in WHOLE
        }
        self.index = np.arange(top + 1)
        self._levels = _levels(kernel, domain, top)
        self.relative_error = 0.0

    @property
    def has_tail(self) -> bool:
        """Whether an entry stands for the levels that are not listed."""
        return self.domain.is_sphere

    def __call__(self, parameters: Mapping[str, Any] | None = None) -> tuple[Any, Any]:
        """(λ, g), shape [level], at given parameters; those not given stay.

        The multiplicity of a level that vanishes is given as 0: N does not count it.
        Use it inside jit, vmap, grad and hessian.

        Raises
        ------
        OutOfDomain
            When a name is no parameter, or JAX has no float64 here.
        NoConvergence
            When values at given numbers are off by more than 1e-6, measured against
            enclosures; inside jit or grad parameters are unknown and this is not done.
        """
        given = dict(parameters or {})
        unknown = set(given) - set(self.parameters)
        if unknown:
            names = ", ".join(self.parameters) or "none"
            raise OutOfDomain(
                f"kernel {self.kernel} has no parameter {min(unknown)!r} (it has {names})"
            )
        if jnp.zeros(()).dtype != jnp.float64:
            raise OutOfDomain(
                "JAX computes in float32 here; enable float64 (jax_enable_x64)"
            )
        merged = self.parameters | given
        point = jnp.array(
            [jnp.asarray(merged[x], jnp.float64) for x in self.parameters]
        )
        found = self._levels(point)
        if given and not isinstance(point, Tracer):
            self._require_accuracy([float(x) for x in point], np.asarray(found[0]))
        return found

    def _require_accuracy(self, point: list[float], lam: Any) -> None:
        """Refuse values that enclosures at these parameters contradict.

        Outside of jit only: inside, parameters are not known.
        """
        values = {
            name: Rational(*x.as_integer_ratio())
            for name, x in zip(self.parameters, point, strict=True)
        }
        pairs = ((k, values.get(k, x)) for k, x in self.kernel.parameters)
        kernel = Kernel(self.kernel.family, tuple(pairs))
        error = _deviation(kernel, self.domain, len(self.index), lam)
        if error > REFUSED_ABOVE:
            raise NoConvergence(
                f"{kernel} on {self.domain}: float64 is off by {error:.1e} relative at "
                "these parameters, measured against enclosures; take numerics.spectrum "
                "and numerics.spectra.gradients.gradient there"
            )

    def power(self, target: Mapping[int, float]) -> Any:
        """A target's powers as an array that goes with the entries.

        Raises
        ------
        OutOfDomain
            When a level is not listed.
        """
        found = np.zeros(len(self.index) + self.has_tail)
        for level, power in target.items():
            k = integer(level, "target level", most=int(self.index[-1]))
            found[k] = float(power)
        return jnp.array(found)


def spectrum(a: Any, b: Any, last: int | None = None) -> TracedSpectrum:
    """A kernel's eigenvalues on a domain as a function of its parameters, in JAX.

    Parameters
    ----------
    a, b
        A kernel and a domain, in either order; texts are parsed.
    last
        The last level listed on an infinite domain, by default 50.

    Returns
    -------
    TracedSpectrum
        Call it with a mapping from parameter to value, inside jit, vmap or grad.

    Raises
    ------
    Unsupported
        When no method in float64 reaches the levels, or the kernel holds a function
        without a rule in pairs of floats; the message says which.

    Warns
    -----
    UserWarning
        When the values differ from enclosures by more than 1e-9, at the kernel's own
        parameters.

    Examples
    --------
    >>> with jax.enable_x64(True):
    ...     run = spectrum("exponential:beta=1", "hypercube:3")
    ...     slope = jax.jacobian(lambda beta: run({"beta": beta})[0])(1.0)
    >>> bool(abs(slope[3] - np.sinh(1 / 3) ** 2 * np.cosh(1 / 3)) < 1e-16)
    True
    """
    kernel, domain = _sorted_pair(a, b)
    if domain.by_angle and domain.size.is_finite:
        raise Unsupported(
            f"{domain}: JAX has no spectrum on points of the circle; take the circle"
        )
    if not domain.is_cube and not domain.is_sphere:
        raise Unsupported(
            f"{domain}: JAX has spectra on the hypercube, the sphere and the circle"
        )
    if domain.is_cube:
        top = int(domain.last_level)
    else:
        top = FIRST_LAST if last is None else integer(last, "last", least=1)
    with jax.enable_x64(True):
        found = TracedSpectrum(kernel, domain, top)
        found.relative_error = _measured(found)
    if found.relative_error > WARN_ABOVE:
        lost = ceil(16 + log10(found.relative_error))
        warnings.warn(
            f"{kernel} on {domain}: float64 loses {lost} of 16 digits "
            f"(relative error {found.relative_error:.1e}, measured against enclosures)",
            stacklevel=2,
        )
    return found


def _measured(found: TracedSpectrum) -> float:
    lam = np.asarray(jax.jit(found)()[0])
    return _deviation(found.kernel, found.domain, len(found.index), lam)


def _deviation(kernel: Kernel, domain: Domain, count: int, lam: Any) -> float:
    """The largest relative difference from enclosures, of levels within float64."""
    exact = enclosed(kernel, domain, range(count), ROUNDED).floats().eigenvalue
    lam = lam[: len(exact)]
    kept = exact > np.finfo(np.float64).tiny
    return float(np.max(np.abs(lam[kept] / exact[kept] - 1), initial=0.0))


def _with_jacobian(values: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The function with its Jacobian taken forwards, whichever way JAX goes."""
    compiled = jax.jit(values)
    jacobian = jax.jit(jax.jacfwd(values))

    @jax.custom_jvp
    def run(point: Any) -> Any:
        return compiled(point)

    @run.defjvp
    def _(primals: Any, tangents: Any) -> Any:
        (point,), (move,) = primals, tangents
        return run(point), jax.tree.map(lambda j: j @ move, jacobian(point))

    return run


def _levels(kernel: Kernel, domain: Domain, top: int) -> Any:
    """The point of parameters → (λ, g)."""
    names = [
        name
        for name, value in kernel.parameters
        if isinstance(value, Rational) and name not in WHOLE
    ]
    symbols = [getattr(notation, x, None) or Symbol(x, positive=True) for x in names]
    moving = Kernel(
        kernel.family,
        tuple(
            (k, symbols[names.index(k)] if k in names else x)
            for k, x in kernel.parameters
        ),
    )
    d = domain.ambient
    chain = moving.half().subs({notation.d: d})
    bind = lambda point: {x: point[i] for i, x in enumerate(symbols)}
    # what vanishes wherever the parameters are, and not only at these
    zeros = vanishing_levels(moving, domain)
    live = np.array([not any(z.covers(k) for z in zeros) for k in range(top + 1)])
    ends = build(chain, TRACED)
    if domain.is_cube:
        weights, limit = cube_weights(int(d))
        counts = np.array([float(g) for g in binomials(int(d))])
        series = _series(chain, len(weights) - 1, kernel)
        run = partial(_on_cube, series, ends, bind, weights, limit, counts)
        return _with_jacobian(run)
    counts = np.array([float(g) for g in harmonics.multiplicities(int(d), top)])
    if int(d) >= SERIES_FROM and sphere_terms(int(d), top) <= 1e9:
        weights = sphere_weights(int(d), top)
        series = _series(chain, len(weights) - 1, kernel)
        run = partial(_by_series, series, ends, bind, weights, counts, live)
        return _with_jacobian(run)
    try:
        build(chain, dd.DOUBLE_DOUBLE)
    except NotEvaluable as error:
        raise Unsupported(
            f"{kernel} on {domain}: {error}; use spectrum(kernel, domain, digits=None)"
        ) from None
    moments = AngleMoments(chain, tuple(symbols), int(d), top)
    return partial(_by_angle, moments.function(()), ends, bind, counts, live)


def _series(chain: Chain, terms: int, kernel: Kernel) -> Callable[[Any], Any]:
    try:
        program = build(chain, SERIES)
    except NotEvaluable as error:
        raise Unsupported(
            f"{kernel}: {error}; use spectrum(kernel, domain, digits=None)"
        ) from None
    half = np.zeros(terms + 1)
    half[:2] = 0.5, -0.5

    def coefficients(at: Mapping[Any, Any]) -> Any:
        found = program({u: FloatSeries(jnp.array(half)), **at})
        if isinstance(found, FloatSeries):
            return found.a
        return jnp.zeros(terms + 1).at[0].set(found)

    return coefficients


def _end(program: Program, at: Mapping[Any, Any], low: float) -> Any:
    return program({u: jnp.asarray(low, jnp.float64), **at})


def _on_cube(series, ends, bind, weights, limit, counts, point) -> Any:
    """λ_k = Σ a_p W(k, p), and what is left of K(±1) at the weights' limit."""
    at = bind(point)
    a = series(at)
    whole, other = _end(ends, at, 0.0), _end(ends, at, 1.0)
    lam = a @ weights
    for parity, sum_of in ((0, whole + other), (1, whole - other)):
        rest = sum_of / 2 - jnp.sum(a[parity::2])
        # the rest of coefficients that fall like p^−3/2 or faster, and no rounding noise
        last = len(weights) - 1 - (len(weights) - 1 - parity) % 2
        most = 4 * len(weights) * jnp.maximum(a[last], 0.0)
        lam = lam + jnp.clip(rest, 0.0, most) * limit[parity]
    return lam, jnp.where(lam > 0, counts, 0.0)


def _by_series(series, ends, bind, weights, counts, live, point) -> Any:
    at = bind(point)
    a = series(at)
    lam = jnp.where(live, a @ weights, 0.0)
    mass = _end(ends, at, 0.0) - counts @ lam
    square = _convolve(a, a) @ weights[:, 0] - counts @ lam**2
    return _joined(lam, counts, mass, square, live)


def _by_angle(moments, ends, bind, counts, live, point) -> Any:
    found, listed, square = moments(point)
    mass = (_end(ends, bind(point), 0.0) - listed[0]) - listed[1]
    return _joined(jnp.where(live, found, 0.0), counts, mass, square, live)


def _joined(lam: Any, counts: np.ndarray, mass: Any, square: Any, live: Any) -> Any:
    """The listed levels, and one for all others."""
    bound = jnp.maximum(lam[-1], lam[-2])
    mass = jnp.maximum(mass, 0.0)
    safe = jnp.where(mass > 0, mass, 1.0)
    least = jnp.finfo(lam).tiny
    mean = jnp.clip(square / safe, least, jnp.maximum(bound, least))
    count = jnp.where(mass > 0, mass / mean, 0.0)
    g = jnp.concatenate([jnp.where(live & (lam > 0), counts, 0.0), count[None]])
    return jnp.concatenate([lam, mean[None]]), g
