"""Duals E φ(x)φ(y) in closed form, for a Gaussian pair of variance q, correlation c."""

from sympy import (
    Add,
    Expr,
    Heaviside,
    Max,
    Pow,
    Rational,
    Symbol,
    asin,
    cos,
    cosh,
    erf,
    exp,
    expand,
    log,
    pi,
    sin,
    sinh,
    sqrt,
    tanh,
)

from theory.activations import arc_cosine
from theory.activations.hermite import coefficient, half_power, q, ramps, z
from theory.activations.softplus_dual import softplus_dual
from theory.activations.swish_dual import swish_dual
from theory.activations.tanh_dual import sinh_moment, tanh_dual
from theory.notation import t

c = Symbol("c", real=True)
MAX_POLYNOMIAL_DEGREE = 12


def _arcsine(slope: Expr) -> Expr:
    """The dual of erf(b z)."""
    square = slope**2 * q
    return 2 / pi * asin(2 * square * c / (1 + 2 * square))


def _probability() -> Expr:
    """E Φ(x)Φ(y), the dual of the normal distribution function."""
    return Rational(1, 4) + asin(q * c / (1 + q)) / (2 * pi)


def gelu() -> Expr:
    """The dual of z Φ(z), by Stein's lemma twice from that of Φ.

    With P = E Φ(x)Φ(y) and B = ∂P/∂(qc), the dual is
    q c P + q² B (1 + c² (1 − q)/(1 + q)).
    """
    density = 1 / (2 * pi * sqrt((1 + q) ** 2 - q**2 * c**2))
    return q * c * _probability() + q**2 * density * (1 + c**2 * (1 - q) / (1 + q))


def _polynomial(phi: Expr) -> Expr | None:
    if not phi.is_polynomial(z):
        return None
    degree = phi.as_poly(z).degree() if phi.has(z) else 0
    if degree > MAX_POLYNOMIAL_DEGREE:
        return None
    return expand(
        Add(*(coefficient(phi, n) ** 2 * c**n for n in range(int(degree) + 1)))
    )


def _ramp(phi: Expr) -> Expr | None:
    """The dual of a max(z, 0) + b z."""
    phi = ramps(phi)
    a, b = phi.coeff(Max(z, 0)), phi.coeff(z)
    if a == 0 or expand(phi - a * Max(z, 0) - b * z) != 0:
        return None
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
    >>> power_slope(Max(z, 0))
    (pi - acos(c))/(2*pi)
    """
    found = half_power(phi)
    if found is None or not (found[1] - Rational(1, 2)).is_positive:
        return None
    scale, s = found
    lower = arc_cosine.kernel_of_order(s - 1).subs(t, c)
    return scale**2 * s**2 * q ** (s - 1) / 2 * lower


def _wave(phi: Expr) -> Expr | None:
    scale, f = phi.as_independent(z, as_Add=False)
    if not isinstance(f, (sin, cos, erf, exp)):
        return None
    slope = f.args[0].diff(z)
    if slope.has(z) or expand(f.args[0] - slope * z) != 0:
        return None
    square = slope**2 * q
    value = {
        sin: exp(-square) * sinh(square * c),
        cos: exp(-square) * cosh(square * c),
        exp: exp(square * (1 + c)),
        erf: _arcsine(slope),
    }[f.func]
    return scale**2 * value


GELU = z * (1 + erf(z / sqrt(2))) / 2


def _gelu(phi: Expr) -> Expr | None:
    scale = phi.subs(z, 1) / GELU.subs(z, 1)
    if scale.has(z) or expand(phi - scale * GELU) != 0:
        return None
    return scale**2 * gelu()


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


def closed_dual(phi: Expr) -> Expr | None:
    """E φ(x)φ(y) in q and c, or None where no form is known that can be evaluated.

    Closed forms in elementary functions, except for tanh and its kin
    (``theory.activations.tanh_dual``, ``theory.activations.swish_dual``,
    ``theory.activations.softplus_dual``).

    Examples
    --------
    >>> closed_dual(sin(z)), closed_dual(z**2)
    (exp(-q)*sinh(c*q), 2*c**2*q**2 + q**2)
    """
    for attempt in (_polynomial, _power, _ramp, _step, _wave, _gelu, _tanh, _softplus):
        found = attempt(phi)
        if found is not None:
            return found
    return None


def jumps(phi: Expr) -> bool:
    """Whether φ has a jump, which makes E φ′(x)φ′(y) infinite at c = 1.

    Examples
    --------
    >>> jumps(Heaviside(z)), jumps(Max(z, 0))
    (True, False)
    """
    return phi.limit(z, 0, "+") != phi.limit(z, 0, "-") if phi.has(Heaviside) else False


def slope(value: Expr) -> Expr:
    """E φ′(x)φ′(y) = ∂/∂(qc) E φ(x)φ(y), Price's theorem."""
    return value.diff(c) / q


__all__ = ["GELU", "c", "closed_dual", "gelu", "jumps", "power_slope", "slope"]
