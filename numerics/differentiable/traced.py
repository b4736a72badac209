"""C and every statistic in JAX: compiled, batched, and differentiable through C.

C is found by safeguarded Newton steps and differentiated implicitly: its slopes are the
formulas of ``theory.constant``, themselves functions of C, so derivatives of any order
follow. Enable float64 in JAX for the accuracy stated here; float32 is refused.

``spectrum`` gives eigenvalues as a function of a kernel's parameters, so that statistics
are differentiated through C and through the spectrum.
"""

from functools import lru_cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from sympy import Expr

from numerics.differentiable.traced_flow import flow_statistic
from numerics.differentiable.traced_spectrum import TracedSpectrum, spectrum
from numerics.interpreters.jax_arrays import TRACED
from numerics.interpreters.program import Program, build
from theory import OutOfDomain, formulas, notation
from theory import statistics as theory_statistics
from theory.constant.learnability import learnability
from theory.statistics.registry import STATISTICS, Statistic, outside, trace, whole

__all__ = [
    "TracedSpectrum",
    "constant",
    "curve",
    "flow_statistic",
    "program",
    "spectrum",
    "statistic",
]

STEPS = 200
AT_ONCE = 1 << 22
"""Numbers that a batch of problems may hold at once."""
SETTLED = 8 * float(np.finfo(np.float64).eps)

_learned = build(formulas["implicit_equation"].lhs, TRACED)
_unlearned = build(formulas["implicit_complement"].lhs, TRACED)
_slope = build(formulas["susceptibility"].rhs, TRACED)
_overfitting = build(formulas["overfitting_coefficient"].rhs, TRACED)
_by_samples = build(formulas["constant_by_samples"].rhs, TRACED)
_by_ridge = build(formulas["constant_by_ridge"].rhs, TRACED)
_by_eigenvalue = build(formulas["constant_by_eigenvalue"].rhs, TRACED)
_mode = build(learnability(notation.lam[notation.i], notation.C), TRACED)


def _values(lam: Any, g: Any, c: Any, ridge: Any) -> dict[Any, Any]:
    return {notation.lam: lam, notation.g: g, notation.C: c, notation.ridge: ridge}


def _step(lam: Any, g: Any, n: Any, ridge: Any, c: Any) -> Any:
    """Newton's step in log C for the split balance of the proved solver."""
    above = lam > c
    gap = jnp.sum(jnp.where(above, g, 0.0)) - n
    low = _values(lam, jnp.where(above, 0.0, g), c, ridge)
    high = _values(lam, jnp.where(above, g, 0.0), c, 0.0)
    left = _learned(low) + jnp.maximum(gap, 0.0)
    right = _unlearned(high) + jnp.maximum(-gap, 0.0)
    return jnp.log(left / right) / (_slope(low) / left + _slope(high) / right)


@partial(jax.custom_jvp)
def constant(lam: Any, g: Any, n: Any, ridge: Any) -> Any:
    """The root C of Σ g λ/(λ + C) + δ/C = n, for one problem; use vmap for many.

    Parameters
    ----------
    lam, g
        Positive eigenvalues and multiplicities, float64, shape [level].
    n, ridge
        Scalars; 0 < n, and n < Σ g where ridge is 0. Outside that, nan.

    Returns
    -------
    jax.Array
        C, within some tens of units of 2^−52, where n itself is exact.

    Raises
    ------
    OutOfDomain
        When the eigenvalues are not float64.

    Examples
    --------
    >>> with jax.enable_x64(True):
    ...     slope = jax.grad(constant, 2)(jnp.ones(1), 3 * jnp.ones(1), 2.0, 0.0)
    >>> float(slope)                                      # C = (3 − n)/n
    -0.75
    """
    if jnp.asarray(lam).dtype != jnp.float64:
        raise OutOfDomain(
            f"lam has dtype {jnp.asarray(lam).dtype}; enable float64 in JAX (jax_enable_x64)"
        )
    start = (jnp.sum(lam * g) + ridge) / n

    def going(state):
        _, _, _, step, count = state
        return (count < STEPS) & (jnp.abs(step) > SETTLED)

    def advance(state):
        c, low, high, _, count = state
        step = _step(lam, g, n, ridge, c)
        low, high = jnp.where(step > 0, c, low), jnp.where(step > 0, high, c)
        after = c * jnp.exp(step)
        inside = (after >= low) & (after <= high) | (jnp.abs(step) <= SETTLED)
        middle = jnp.sqrt(jnp.maximum(low, jnp.finfo(c).tiny)) * jnp.sqrt(high)
        return jnp.where(inside, after, middle), low, high, step, count + 1

    zero = jnp.zeros_like(start)
    state = (start, zero, 2 * start, jnp.full_like(start, jnp.inf), 0)
    c = jax.lax.while_loop(going, advance, state)[0]
    has_root = (n > 0) & ((ridge > 0) | (n < jnp.sum(g)))
    return jnp.where(has_root, c, jnp.nan)


@constant.defjvp
def _constant_slopes(primals, tangents):
    lam, g, n, ridge = primals
    dlam, dg, dn, dridge = tangents
    c = constant(lam, g, n, ridge)
    values = _values(lam, g, c, ridge) | {notation.n: n}
    values[notation.overfitting] = _overfitting(values)
    change = _by_samples(values) * dn + _by_ridge(values) * dridge
    change += jnp.sum(_by_eigenvalue(values) * dlam)
    share = _mode(values) * _by_ridge(values) * c
    return c, change + jnp.sum(share * dg)


@lru_cache(maxsize=128)
def _limit(row: Statistic, place: str) -> Program:
    """The program of a limit of a registered statistic."""
    return build(getattr(row, place), TRACED)


@lru_cache(maxsize=32)
def program(name: str | Expr) -> Program:
    """The JAX program of a statistic, by its name or as an expression in its letters.

    Examples
    --------
    >>> sorted(map(str, program("train_mse").inputs))[:3]
    ['C', 'delta', 'g']
    """
    return build(theory_statistics.chain(name), TRACED)


def statistic(
    name: str | Expr, lam: Any, g: Any, power: Any, n: Any, ridge: Any, noise: Any
) -> Any:
    """A statistic such as ``test_mse``, differentiable in every argument but the name.

    Parameters
    ----------
    name
        Name of a formula: test_mse, train_mse, bias, variance, target_learnability, …;
        or an expression of one's own in the letters of ``notation``.
    lam, g, power
        Eigenvalues, multiplicities and the target's level powers, shape [level].
    n, ridge, noise
        Scalars. At n = 0, and without ridge from n = Σ g on, the limits of a registered
        statistic; other formulas are nan there.

    Examples
    --------
    >>> with jax.enable_x64(True):
    ...     one = jnp.ones(1)
    ...     mse = jax.jit(statistic, static_argnums=0)("test_mse", one, 4 * one, one, 1.0, 0.0, 0.0)
    >>> float(mse)                                        # E = 1 − n/g
    0.75
    """
    row = next((x for x in STATISTICS.rows() if x.formula.name == name), None)
    lam, g, power = jnp.asarray(lam), jnp.asarray(g), jnp.asarray(power)
    modes = jnp.sum(jnp.where(lam > 0, g, 0.0))
    none, all_, over = n == 0, (ridge == 0) & (n == modes), (ridge == 0) & (n > modes)
    regular = ~(none | all_ | over) if row is not None else True
    # at the limits the formula is evaluated at another n, so that its slopes stay finite
    size = jnp.where(regular, n, modes / 2)
    values = _values(lam, g, constant(lam, g, size, ridge), ridge)
    values |= {notation.power: power, notation.n: size, notation.noise: noise}
    found = program(name)(values)
    if row is None:
        return found
    known = {
        notation.n: n,
        notation.ridge: ridge,
        notation.noise: noise,
        notation.modes: modes,
        whole: jnp.sum(power),
        outside: jnp.sum(jnp.where(lam > 0, 0.0, power)),
        trace: jnp.sum(g * lam),
    }
    for mask, place, safe in (
        (none, "at_none", 0.0),
        (all_, "at_all", modes),
        (over, "beyond", 2 * modes),
    ):
        limit = _limit(row, place)(known | {notation.n: jnp.where(mask, n, safe)})
        found = jnp.where(mask, limit, found)
    return found


def curve(
    name: str | Expr,
    lam: Any,
    g: Any,
    power: Any,
    n: Any,
    ridge: Any = 0.0,
    noise: Any = 0.0,
) -> Any:
    """A statistic over arrays of n, ridge and noise, broadcast against each other.

    All problems at once where that is small; one after the other where many levels would
    make a matrix that does not fit.

    Examples
    --------
    >>> with jax.enable_x64(True):
    ...     one = jnp.ones(1)
    ...     mse = curve("test_mse", one, 4 * one, one, jnp.array([1.0, 2.0]))
    >>> mse.tolist()
    [0.75, 0.5]
    """
    grids = jnp.broadcast_arrays(
        *(jnp.asarray(x, lam.dtype) for x in (n, ridge, noise))
    )
    flat = [x.ravel() for x in grids]
    one = lambda at: statistic(name, lam, g, power, *at)
    if flat[0].size * lam.size <= AT_ONCE:
        found = jax.vmap(one)(flat)
    else:
        found = jax.lax.map(one, flat)
    return found.reshape(grids[0].shape)
