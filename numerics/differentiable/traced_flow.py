"""Statistics of gradient flow in JAX: compiled, batched, differentiable.

They are the contour integrals of ``theory.training.filtered_regression``. The contour does
not move with the time that is differentiated by, since integrals do not depend on it. C at
the nodes is found without derivatives; two Newton steps from there carry derivatives of
every argument, exact to the third order.
"""

from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp

from numerics.interpreters.jax_arrays import TRACED
from numerics.interpreters.program import Program, build
from numerics.training.contours import parabola
from theory import OutOfDomain, formulas, notation
from theory.constant.learnability import learnability, unlearned
from theory.training import filtered_regression as letters
from theory.training import two_ridges

STEPS = 12
"""Newton steps at a node, from its neighbor."""

_balance = build(formulas["implicit_equation"].lhs, TRACED)
_slope = build(formulas["susceptibility"].rhs, TRACED)
_learned = build(learnability(notation.lam[notation.i], notation.C), TRACED)
_unlearned = build(unlearned(notation.lam[notation.i], notation.C), TRACED)
_resolvent = build(formulas["power_resolvent"].rhs, TRACED)
_pair_noise = build(formulas["two_ridge_noise"].rhs, TRACED)
_mode, _train, _trace = (
    build(e, TRACED)
    for e in (letters.mode_integrand, letters.train_integrand, letters.trace_integrand)
)
NAMED = {
    "test_mse": "filtered_test_mse",
    "E0": "filtered_overfitting_coefficient",
    "variance": "filtered_variance",
}
KNOWN = (*NAMED, "bias", "train_mse", "residual_trace", "target_learnability")


@lru_cache(maxsize=8)
def _program(name: str) -> Program:
    return build(formulas[NAMED[name]].rhs, TRACED)


def _step(lam: Any, g: Any, n: Any, s: Any, c: Any) -> Any:
    """Newton's step in log C, no longer than 1."""
    values = {notation.lam: lam, notation.g: g, notation.ridge: s, notation.C: c}
    step = (_balance(values) - n) / _slope(values)
    return step / jnp.maximum(1.0, jnp.abs(step))


def _constants(lam: Any, g: Any, n: Any, s: Any) -> Any:
    """C at ridges of the upper half plane, each near the one before, shape [node]."""
    held = jax.lax.stop_gradient((lam, g, n, s))
    lam_, g_, n_, s_ = held

    def follow(c: Any, node: Any) -> tuple[Any, Any]:
        def closer(_: int, c: Any) -> Any:
            c = c * jnp.exp(_step(lam_, g_, n_, node, c))
            return jnp.where(c.imag > 0, c, jnp.conj(c))

        c = jax.lax.fori_loop(0, STEPS, closer, c)
        return c, c

    first = (s_[0] + jnp.sum(lam_ * g_)) / n_
    c = jax.lax.stop_gradient(jax.lax.scan(follow, first, s_)[1])
    for _ in range(2):
        c = c * jnp.exp(_step(lam, g, n, s, c))
    return c


def flow_statistic(
    name: str, lam: Any, g: Any, power: Any, n: Any, time: Any, noise: Any = 0.0
) -> Any:
    """A statistic of gradient flow at a time, differentiable in all arguments but the name.

    Parameters
    ----------
    name
        test_mse, train_mse, bias, variance, E0, residual_trace or target_learnability.
    lam, g, power
        Eigenvalues, multiplicities and the target's level powers, float64, shape [level].
    n, time, noise
        Scalars, n and time positive; use vmap for many.

    Raises
    ------
    OutOfDomain
        When the name is unknown or the eigenvalues are not float64.

    Examples
    --------
    >>> with jax.enable_x64(True):
    ...     one = jnp.ones(1)
    ...     mse = lambda t: flow_statistic("test_mse", one, 4 * one, one, 2.0, t)
    ...     late, slope = mse(1e3), jax.grad(mse)(0.0 + 1e-6)
    >>> round(float(late), 6), round(float(slope), 3)           # E = 1 − n/g, E′(0) = −2 n λ v²
    (0.5, -4.0)
    """
    if name not in KNOWN:
        raise OutOfDomain(f"name = {name!r} is unknown (known: {', '.join(KNOWN)})")
    lam, g, power = (jnp.asarray(x) for x in (lam, g, power))
    if lam.dtype != jnp.float64:
        raise OutOfDomain(
            f"lam has dtype {lam.dtype}; enable float64 in JAX (jax_enable_x64)"
        )
    form = parabola(1.0)
    still = jax.lax.stop_gradient(jnp.asarray(time, jnp.float64))
    s, w = form.nodes / still, form.weights / still
    c = _constants(lam, g, n, s)
    values = {
        notation.lam: lam,
        notation.power: power,
        notation.C: c,
        notation.n: n,
        notation.noise: noise,
        notation.s: s,
        letters.residual: jnp.exp(s * time),
    }
    both = lambda terms: 2 * jnp.real(jnp.sum(w * terms))
    if name == "residual_trace":
        return both(_trace(values))
    if name == "train_mse":
        values[two_ridges.resolvent] = _resolvent(values)
        return both(_train(values))
    left = 2 * jnp.real(
        jax.vmap(lambda x: jnp.sum(w * _mode(values | {notation.lam[notation.i]: x})))(
            lam
        )
    )
    if name == "target_learnability":
        return jnp.sum(power * (1 - left)) / jnp.sum(power)
    bias = jnp.sum(power * left**2)
    if name == "bias":
        return bias
    every = jnp.concatenate([c, jnp.conj(c)])[:, None]
    levels = {notation.lam[notation.i]: lam, notation.C: every}
    learned, unlearnt = _learned(levels), _unlearned(levels)
    half, exact = len(form.nodes), jax.lax.Precision.HIGHEST
    product = lambda x, y: jnp.matmul(x, y.T, precision=exact)
    factor = 1 / (1 - product(learned[:half] * g, learned) / n)
    signal = factor * product(unlearnt[:half] * power, unlearnt)
    a = w * values[letters.residual] / s
    pairs = lambda x: 2 * jnp.real(a @ x @ jnp.concatenate([a, jnp.conj(a)]))
    parts = {
        letters.signal: pairs(signal),
        letters.noise_gain: pairs(_pair_noise({two_ridges.factor: factor})),
        notation.noise: noise,
        notation.bias: bias,
    }
    return _program(name)(parts)
