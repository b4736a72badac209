"""Duals E φ(x)φ(y) in closed form, for a Gaussian pair of variance q, correlation c.

Multiples of one power of max(z, 0), of a ramp or of a step, and the family of tanh have
forms of their own; sums of powers, exponentials, sines, Gaussians, erf and kinks come
from ``theory.activations.gaussian_pairs``.
"""

from functools import lru_cache

from sympy import (
    Expr,
    Heaviside,
    Pow,
    Rational,
    erf,
    exp,
    expand,
    log,
    sqrt,
    tanh,
)

from theory.activations import arc_cosine, gaussian_pairs
from theory.activations.falls import fall, in_half_angle
from theory.activations.gaussian_pairs import c, q1, q2
from theory.activations.hermite import half_power, q, ramp_slopes, ramps, z
from theory.activations.series_duals.softplus_dual import softplus_dual
from theory.activations.series_duals.swish_dual import swish_dual
from theory.activations.series_duals.tanh_dual import sinh_moment, tanh_dual
from theory.notation import t, u


def _ramp(phi: Expr) -> Expr | None:
    """The dual of a max(z, 0) + b z."""
    slopes = ramp_slopes(phi)
    if slopes is None:
        return None
    a, b = slopes
    relu = q / 2 * arc_cosine.arc_cosine_1.rhs.subs(t, c)
    return a**2 * relu + (b**2 + a * b) * q * c


def _step(phi: Expr) -> Expr | None:
    """The dual of a H(z) + b, with H the unit step."""
    phi = ramps(phi)
    step = Heaviside(z, Rational(1, 2))
    a, b = phi.coeff(step), phi.subs(step, 0)
    if a == 0 or b.has(z) or expand(phi - a * step - b) != 0:
        return None
    return a**2 * arc_cosine.arc_cosine_0.rhs.subs(t, c) / 2 + a * b + b**2


def _power(phi: Expr) -> Expr | None:
    """The dual of c z_+^s, for real s > −1/2: below that φ is not square integrable."""
    found = half_power(phi)
    if found is None or not (found[1] + Rational(1, 2)).is_positive:
        return None
    scale, s = found
    return scale**2 * q**s / 2 * arc_cosine.kernel_of_order(s).subs(t, c)


def power_slope(phi: Expr) -> Expr | None:
    """E φ′(x)φ′(y) of c z_+^s, by κ_s′ = s² κ_{s−1}; infinite at c = 1 for s ≤ 1/2.

    Examples
    --------
    >>> from sympy import Max
    >>> from theory.activations.hermite import z
    >>> power_slope(Max(z, 0))
    (pi - acos(c))/(2*pi)
    """
    found = half_power(phi)
    if found is None or not (found[1] - Rational(1, 2)).is_positive:
        return None
    scale, s = found
    lower = arc_cosine.kernel_of_order(s - 1).subs(t, c)
    return scale**2 * s**2 * q ** (s - 1) / 2 * lower


GELU = z * (1 + erf(z / sqrt(2))) / 2


def _is_logistic(e: Expr) -> bool:
    """Whether e is 1/(1 + exp w)."""
    return isinstance(e, Pow) and e.exp == -1 and isinstance(e.base - 1, exp)


def _tanh(phi: Expr) -> Expr | None:
    """The dual of β + α z + (γ + δ z) tanh(a z): tanh, the logistic sigmoid, swish.

    Its odd part is α z + γ tanh, its even part β + δ z tanh.
    """
    phi = phi.replace(_is_logistic, lambda x: (1 - tanh((x.base - 1).args[0] / 2)) / 2)
    waves = [x for x in phi.atoms(tanh) if x.has(z)]
    if len(waves) != 1:
        return None
    (wave,) = waves
    a, factor = wave.args[0].diff(z), expand(phi).coeff(wave)
    rest = expand(phi - factor * wave)
    alpha, delta = rest.diff(z), factor.diff(z)
    if a.has(z) or a == 0 or expand(wave.args[0] - a * z) != 0:
        return None
    if delta.has(z) or alpha.has(z):
        return None
    beta, gamma, v = rest - alpha * z, expand(factor - delta * z), a**2 * q
    mixed = 2 * (alpha * gamma * c + beta * delta) * a * q * sinh_moment(1, v)
    lines = beta**2 + alpha**2 * q * c + mixed
    return lines + gamma**2 * tanh_dual(v, c) + delta**2 / a**2 * swish_dual(v, c)


def _softplus(phi: Expr) -> Expr | None:
    """The dual of b log(1 + exp(a z)) = b (a z/2 + log(2 cosh(a z/2)))."""
    scale, f = phi.as_independent(z, as_Add=False)
    if not isinstance(f, log) or not isinstance(f.args[0] - 1, exp):
        return None
    a = (f.args[0] - 1).args[0].diff(z)
    if a.has(z) or expand(f.args[0] - 1 - exp(a * z)) != 0:
        return None
    v = a**2 * q / 4
    return scale**2 * (v * c + softplus_dual(v, c))


@lru_cache(maxsize=256)
def pair_dual(phi: Expr) -> Expr | None:
    """E φ(x)φ(y) in q₁, q₂ and c in closed form, or None.

    Homogeneous activations have √(D(q₁)D(q₂)) times a function of the correlation.

    Examples
    --------
    >>> pair_dual(z**2).expand(), pair_dual(tanh(z))
    (2*c**2*q_1*q_2 + q_1*q_2, None)
    """
    for attempt in (_power, _ramp):
        found = attempt(phi)
        if found is not None:
            return found.subs(q, sqrt(q1 * q2))
    parts = gaussian_pairs.terms(phi)
    return None if parts is None else gaussian_pairs.pair_mean(parts, parts)


@lru_cache(maxsize=256)
def pair_slope(phi: Expr) -> Expr | None:
    """E φ′(x)φ′(y) likewise, as a mean of its own: what is positive stays a sum.

    Examples
    --------
    >>> pair_slope(z**2)
    4*c*sqrt(q_1)*sqrt(q_2)
    """
    found = power_slope(phi)
    if found is not None:
        return found.subs(q, sqrt(q1 * q2))
    parts = gaussian_pairs.terms(phi)
    slopes = None if parts is None else gaussian_pairs.derivative(parts)
    if slopes is not None:
        found = gaussian_pairs.pair_mean(slopes, slopes)
        if found is not None:
            return found
    value = pair_dual(phi)
    return None if value is None else value.diff(c) / (sqrt(q1) * sqrt(q2))


def closed_dual(phi: Expr) -> Expr | None:
    """E φ(x)φ(y) in q and c, or None where no form is known that can be evaluated.

    Closed forms in elementary functions, except for tanh and its kin
    (``theory.activations.series_duals.tanh_dual``, ``theory.activations.series_duals.swish_dual``,
    ``theory.activations.series_duals.softplus_dual``).

    Examples
    --------
    >>> from sympy import sin
    >>> closed_dual(sin(z)), closed_dual(z**2).expand()
    (exp(-q)*sinh(c*q), 2*c**2*q**2 + q**2)
    """
    for attempt in (_power, _ramp, _step):
        found = attempt(phi)
        if found is not None:
            return found
    found = pair_dual(phi)
    if found is not None:
        return equal_variances(found)
    return _tanh(phi) or _softplus(phi)


def equal_variances(e: Expr) -> Expr:
    """A mean over a pair of variances q₁ = q₂ = q."""
    return e.subs({q1: q, q2: q})


def dual_fall(phi: Expr, value: Expr) -> Expr:
    """The dual at c = 1 minus that at c = 1 − 2u; where a form is known, nothing cancels.

    Examples
    --------
    >>> dual_fall(z, q * c)
    2*q*u
    """
    found = half_power(phi)
    if found is not None and found[1].is_Integer and 0 < found[1]:
        scale, s = found
        return scale**2 * q**s / 2 * arc_cosine.fall_of_order(int(s))
    slopes = ramp_slopes(phi)
    if slopes is not None:
        a, b = slopes
        relu = q / 2 * arc_cosine.arc_cosine_1_gap.rhs
        return a**2 * relu + 2 * (b**2 + a * b) * q * u
    fallen = fall(value)
    return value.subs(c, 1) - in_half_angle(value) if fallen is None else fallen


def slope(value: Expr) -> Expr:
    """E φ′(x)φ′(y) = ∂/∂(qc) E φ(x)φ(y), Price's theorem."""
    return value.diff(c) / q


__all__ = [
    "GELU",
    "c",
    "closed_dual",
    "dual_fall",
    "equal_variances",
    "pair_dual",
    "pair_slope",
    "power_slope",
    "slope",
]
