"""Eigenvalues in JAX: proved values at every parameter, with proved slopes.

The compiled program calls the host back: values are the midpoints of enclosures, slopes
those of ``numerics.spectra.gradients``. So a result is as good inside jit, vmap and grad as
outside, and a call costs about what a proved spectrum costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer
from sympy import Rational

from numerics.spectra.gradients import gradient, movable
from numerics.spectra.refinement import last_level
from numerics.spectra.spectrum import FIRST_LAST, _sorted_pair
from numerics.spectra.spectrum import spectrum as enclosed
from theory import Kernel, NoConvergence, OutOfDomain, Unsupported, kernels
from theory.domains import Domain
from theory.numbers import integer

DIGITS = 18
"""Of values and slopes; more than float64 holds."""
EXTRA = 30
"""Digits more where differences are taken of proved numbers."""
STEP = Fraction(1, 1 << 40)
"""Of a difference, relative to the parameter; its square is the difference's error."""
EDGE = Fraction(1, 10**32)
"""The larger step from a parameter's edge, where errors may fall with its root only."""
STEEPER = 1.01
"""A quotient that grows by this when its step is divided by 16 has no finite limit."""
Row = tuple[Fraction | float, ...]


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
        Of every eigenvalue, at all parameters: half a unit of float64.
    """

    relative_error = 2.0**-53

    def __init__(self, kernel: Kernel, domain: Domain, top: int) -> None:
        self.kernel, self.domain = kernel, domain
        exact = dict(kernel.parameters)
        self.parameters = {name: float(exact[name]) for name in movable(kernel)}
        self.index = np.arange(top + 1)
        self._counts = np.array([float(domain.multiplicity(k)) for k in self.index])

    @property
    def has_tail(self) -> bool:
        """Whether an entry stands for the levels that are not listed."""
        return last_level(self.domain) is None

    def __call__(self, parameters: Mapping[str, Any] | None = None) -> tuple[Any, Any]:
        """(λ, g), shape [level], at given parameters; those not given stay.

        The multiplicity of a level that vanishes is given as 0: N does not count it.
        Use it inside jit, vmap (one parameter after the other), grad and hessian.
        Second derivatives are differences of proved slopes, right to some twelve digits;
        there are no third ones.

        Raises
        ------
        OutOfDomain
            When a name is no parameter, a value is out of its range, or JAX has no
            float64 here. Inside jit JAX raises an error of its own with the message.
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
        point = [jnp.asarray(x, jnp.float64) for x in given.values()]
        if not any(isinstance(x, Tracer) for x in point):
            self._at(tuple(given), point)  # here a refusal keeps its own type
        found = self._function(tuple(given), ())(*point)
        lam = found[: len(self.index)]
        g = jnp.where(lam > 0, self._counts, 0.0)
        if not self.has_tail:
            return lam, g
        mass, square = found[-2], found[-1]
        some = mass > 0
        mean = jnp.where(some, square / jnp.where(some, mass, 1.0), 0.0)
        mean = jnp.maximum(mean, jnp.finfo(lam.dtype).tiny)
        count = jnp.where(some, mass / mean, 0.0)
        return jnp.append(lam, mean), jnp.append(g, count)

    def _at(self, names: tuple[str, ...], point: Any) -> Kernel:
        """The kernel at these parameters, which are taken as the floats they are."""
        moved = {
            name: Rational(*float(x).as_integer_ratio())
            for name, x in zip(names, point, strict=True)
        }
        return _kernel(self.kernel, tuple(moved.items()))

    def _function(self, names: tuple[str, ...], axes: tuple[int, ...]) -> Any:
        """(parameters…) → the derivative along these of them, as JAX calls it."""
        count = len(self.index) + 2 * self.has_tail
        shape = jax.ShapeDtypeStruct((count,), np.float64)

        def host(*point: Any) -> np.ndarray:
            kernel = self._at(names, point)
            along = tuple(names[i] for i in axes)
            row = _row(kernel, self.domain, len(self.index) - 1, along, DIGITS)
            return np.array([float(x) for x in row[:count]])

        @jax.custom_jvp
        def run(*point: Any) -> Any:
            return jax.pure_callback(host, shape, *point, vmap_method="sequential")

        @run.defjvp
        def _(primals: Any, tangents: Any) -> Any:
            if len(axes) == 2:
                raise Unsupported(
                    f"{self.kernel}: eigenvalues have no third derivatives in JAX"
                )
            moves = zip(range(len(names)), tangents, strict=True)
            slopes = (self._function(names, (*axes, i))(*primals) * x for i, x in moves)
            return run(*primals), sum(slopes)

        return run

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
    EngineError
        What ``numerics.spectrum`` refuses.

    Examples
    --------
    >>> with jax.enable_x64(True):
    ...     run = spectrum("exponential:beta=1", "hypercube:3")
    ...     slope = jax.jacobian(lambda beta: run({"beta": beta})[0])(1.0)
    >>> bool(abs(slope[3] - np.sinh(1 / 3) ** 2 * np.cosh(1 / 3)) < 1e-16)
    True
    """
    kernel, domain = _sorted_pair(a, b)
    top = last_level(domain)
    if top is None:
        top = FIRST_LAST if last is None else integer(last, "last", least=1)
    _row(kernel, domain, top, (), DIGITS)  # refused here, if at all
    return TracedSpectrum(kernel, domain, top)


def _kernel(kernel: Kernel, moved: tuple[tuple[str, Any], ...]) -> Kernel:
    """The kernel with other parameters; read again, so that their range is checked."""
    values = dict(moved)
    pairs = tuple((k, values.get(k, x)) for k, x in kernel.parameters)
    return kernels.parse(str(Kernel(kernel.family, pairs))) if moved else kernel


@lru_cache(maxsize=512)
def _row(
    kernel: Kernel, domain: Domain, top: int, along: tuple[str, ...], digits: int
) -> Row:
    """Levels, and Σ g λ and Σ g λ² above them, or their derivatives along parameters."""
    if not along:
        s = enclosed(kernel, domain, range(top + 1), digits)
        sums = s.tail.mass, s.tail.square
        return tuple(x.midpoint for x in (*(x.eigenvalue for x in s.levels), *sums))
    *first, name = along
    value = Fraction(*map(int, dict(kernel.parameters)[name].as_numer_denom()))

    def at(parameter: Fraction) -> Row:
        moved = (name, Rational(parameter.numerator, parameter.denominator))
        return _row(
            _kernel(kernel, (moved,)), domain, top, tuple(first), digits + EXTRA
        )

    if value == 0:
        return _from_the_edge(at)
    step = abs(value) * STEP
    if first:
        return _difference(at, value, step)
    try:
        slopes = gradient(kernel, domain, name, range(top + 1), digits)
    except (NoConvergence, OutOfDomain):  # as close to an edge as bounds do not reach
        return _difference(at, value, step)
    levels = tuple(x.midpoint for x in slopes)
    finite = last_level(domain) is not None
    return levels + ((0, 0) if finite else _difference(at, value, step)[-2:])


def _difference(at: Any, value: Fraction, step: Fraction) -> Row:
    """A central difference of proved numbers; its error is that of step²."""
    pairs = zip(at(value + step), at(value - step), strict=True)
    return tuple((a - b) / (2 * step) for a, b in pairs)


def _from_the_edge(at: Any) -> Row:
    """One-sided derivatives at 0; ∞ where quotients grow as their step shrinks."""
    here, rows = at(Fraction(0)), []
    for step in (EDGE, EDGE / 16):
        pairs = zip(at(step), here, strict=True)
        rows.append([(a - b) / step for a, b in pairs])
    return tuple(
        (float("inf") if near > 0 else -float("inf"))
        if abs(near) > STEEPER * abs(far)
        else near
        for far, near in zip(*rows, strict=True)
    )
