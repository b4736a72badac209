"""E f(x)g(y) of a Gaussian pair with variances q₁, q₂ and correlation c, in closed form.

The mean is bilinear, so it is known for sums once it is known for terms
z^m e^{−a z²} F(z) with F one of 1, exp, sin, cos, erf and sign of a multiple of z. A
Gaussian factor changes the covariance; a power is removed by Stein's lemma,

    E x h(x) k(y) = v₁ E h′(x) k(y) + v₁₂ E h(x) k′(y),

which ends in one of few means without powers. Equal variances are the case q₁ = q₂ = q.
"""

from dataclasses import dataclass
from functools import lru_cache

from sympy import (
    Add,
    Expr,
    Heaviside,
    Integer,
    Max,
    Mul,
    Rational,
    S,
    Symbol,
    asin,
    cos,
    cosh,
    erf,
    exp,
    expand,
    pi,
    sign,
    sin,
    sinh,
    sqrt,
)
from sympy.simplify.fu import TR8

from theory.activations.hermite import ramps, z

q1, q2 = Symbol("q_1", positive=True), Symbol("q_2", positive=True)
c = Symbol("c", real=True)
MAX_POWER = 12
ODD = {"sin", "erf", "sign"}


@dataclass(frozen=True, slots=True)
class Term:
    """z^power e^{−decay z²} F(slope z); F by name, ``one`` for the constant."""

    power: int
    decay: Expr = S.Zero
    kind: str = "one"
    slope: Expr = S.One

    @property
    def parity(self) -> int | None:
        """0 for an even function, 1 for an odd one, None for neither."""
        if self.kind == "exp":
            return None
        return (self.power + (self.kind in ODD)) % 2

    def derivative(self) -> list[tuple[Expr, "Term"]]:
        """Its slope as terms, the jump of sign at 0 left out."""
        m, a, b = self.power, self.decay, self.slope
        found: list[tuple[Expr, Term]] = []
        if m:
            found.append((Integer(m), Term(m - 1, a, self.kind, b)))
        if a != 0:
            found.append((-2 * a, Term(m + 1, a, self.kind, b)))
        if self.kind == "exp":
            found.append((b, self))
        elif self.kind == "sin":
            found.append((b, Term(m, a, "cos", b)))
        elif self.kind == "cos":
            found.append((-b, Term(m, a, "sin", b)))
        elif self.kind == "erf":
            found.append((2 * b / sqrt(pi), Term(m, a + b**2)))
        return found


@dataclass(frozen=True, slots=True)
class Covariance:
    """Variances, covariance, and the variances that remain when the other is known."""

    v1: Expr
    v2: Expr
    both: Expr
    rest1: Expr
    rest2: Expr

    def tilted(self, a: Expr, b: Expr) -> "tuple[Expr, Covariance]":
        """The mass, and the covariance of the density, under a factor e^{−a x² − b y²}."""
        if a == 0 and b == 0:
            return S.One, self
        width = (1 + 2 * a * self.v1) * (1 + 2 * b * self.v2) - 4 * a * b * self.both**2
        volume = self.v1 * self.rest2
        return 1 / sqrt(width), Covariance(
            (self.v1 + 2 * b * volume) / width,
            (self.v2 + 2 * a * volume) / width,
            self.both / width,
            self.rest1 / (1 + 2 * a * self.rest1),
            self.rest2 / (1 + 2 * b * self.rest2),
        )

    def swapped(self) -> "Covariance":
        """The same pair in the other order."""
        return Covariance(self.v2, self.v1, self.both, self.rest2, self.rest1)


PAIR = Covariance(q1, q2, sqrt(q1) * sqrt(q2) * c, q1 * (1 - c**2), q2 * (1 - c**2))


@lru_cache(maxsize=512)
def terms(phi: Expr) -> tuple[tuple[Expr, Term], ...] | None:
    """φ as a sum of terms with factors, or None where it is not one.

    Examples
    --------
    >>> terms(Max(z, 0) - z / 2)
    ((1/2, Term(power=1, decay=0, kind='sign', slope=1)),)
    """
    half = Rational(1, 2)
    phi = ramps(phi)
    phi = phi.replace(
        lambda e: e.is_Pow and e.base in (Max(0, z), Max(z, 0)) and e.exp.is_Integer,
        lambda e: z**e.exp * (1 + sign(z)) / 2,
    )
    phi = phi.replace(Max(0, z), z * (1 + sign(z)) / 2)
    phi = phi.replace(Heaviside(z, half), (1 + sign(z)) / 2)
    phi = expand(phi)
    if phi.has(sin, cos):
        phi = expand(TR8(phi))
    found: dict[Term, Expr] = {}
    for summand in Add.make_args(phi):
        factor, rest = summand.as_independent(z, as_Add=False)
        term = _term(rest)
        if term is None:
            return None
        scale, term = term
        found[term] = found.get(term, S.Zero) + scale * factor
    return tuple((k, term) for term, k in found.items() if k != 0)


def _term(e: Expr) -> tuple[Expr, Term] | None:
    power, decay, rise, scale = 0, S.Zero, S.Zero, S.One
    kinds: list[tuple[str, Expr]] = []
    for factor in Mul.make_args(e):
        if factor == 1:
            continue
        base, exponent = factor.as_base_exp()
        if base == z and exponent.is_Integer and 0 < exponent <= MAX_POWER:
            power += int(exponent)
        elif isinstance(factor, exp):
            line = expand(factor.args[0]).as_poly(z)
            if line is None or line.degree() > 2:
                return None
            decay -= line.coeff_monomial(z**2)
            rise += line.coeff_monomial(z)
            scale *= exp(line.coeff_monomial(1))
        elif factor == sign(z):
            kinds.append(("sign", S.One))
        elif isinstance(factor, (sin, cos, erf)):
            slope = factor.args[0].diff(z)
            if slope.has(z) or expand(factor.args[0] - slope * z) != 0:
                return None
            if slope.could_extract_minus_sign():
                slope, scale = -slope, scale * (1 if isinstance(factor, cos) else -1)
            kinds.append((type(factor).__name__, slope))
        else:
            return None
    if rise != 0:
        kinds.append(("exp", rise))
    if len(kinds) > 1 or power > MAX_POWER or not decay.is_nonnegative:
        return None
    kind, slope = kinds[0] if kinds else ("one", S.One)
    return scale, Term(power, decay, kind, slope)


def derivative(
    phi: tuple[tuple[Expr, Term], ...],
) -> tuple[tuple[Expr, Term], ...] | None:
    """The terms of φ′, or None where φ jumps."""
    found: dict[Term, Expr] = {}
    for k, term in phi:
        if term.kind == "sign" and term.power == 0:
            return None
        for factor, one in term.derivative():
            found[one] = found.get(one, S.Zero) + k * factor
    return tuple((k, term) for term, k in found.items() if k != 0)


def pair_mean(
    first: tuple[tuple[Expr, Term], ...], second: tuple[tuple[Expr, Term], ...]
) -> Expr | None:
    """E f(x) g(y) in q₁, q₂ and c, or None where some product of terms has no form.

    Examples
    --------
    >>> one = terms(sin(z))
    >>> pair_mean(one, one)
    exp(-q_1/2 - q_2/2)*sinh(c*sqrt(q_1)*sqrt(q_2))
    """
    total = S.Zero
    for k, f in first:
        for m, g in second:
            value = _mean(f, g, PAIR)
            if value is None:
                return None
            total += k * m * value
    return total


@lru_cache(maxsize=4096)
def _mean(f: Term, g: Term, v: Covariance) -> Expr | None:
    if f.parity is not None and g.parity is not None and f.parity != g.parity:
        return S.Zero
    if f.decay != 0 or g.decay != 0:
        mass, tilted = v.tilted(f.decay, g.decay)
        flat = [Term(x.power, S.Zero, x.kind, x.slope) for x in (f, g)]
        inner = _mean(flat[0], flat[1], tilted)
        return None if inner is None else mass * inner
    if not f.power:
        if not g.power:
            return _base(f, g, v)
        return _mean(g, f, v.swapped())
    lower = Term(f.power - 1, S.Zero, f.kind, f.slope)
    total = S.Zero
    parts = [(v.v1 * k, one, g) for k, one in lower.derivative()]
    parts += [(v.both * k, lower, one) for k, one in g.derivative()]
    for k, one, other in parts:
        value = _mean(one, other, v)
        if value is None:
            return None
        total += k * value
    # the jump of sign at 0 counts where no power is left to make it vanish
    if lower.kind == "sign" and not lower.power:
        at_zero = _one_mean(g, v.rest2)
        total += v.v1 * 2 / sqrt(2 * pi * v.v1) * at_zero
    if g.kind == "sign" and not g.power:
        at_zero = _one_mean(lower, v.rest1)
        total += v.both * 2 / sqrt(2 * pi * v.v2) * at_zero
    return total


def _base(f: Term, g: Term, v: Covariance) -> Expr | None:
    """The means without powers."""
    kinds = {f.kind, g.kind}
    if "one" in kinds:
        return _one_mean(g if f.kind == "one" else f, v.v2 if f.kind == "one" else v.v1)
    a, b = f.slope, g.slope
    if kinds <= {"erf", "sign"}:
        top, bottom = v.both, S.One
        for term, variance in ((f, v.v1), (g, v.v2)):
            if term.kind == "erf":
                top *= sqrt(2) * term.slope
                bottom *= sqrt(1 + 2 * term.slope**2 * variance)
            else:
                bottom *= sqrt(variance)
        return 2 / pi * asin(top / bottom)
    if kinds & {"erf", "sign"}:
        return None
    both = a * b * v.both
    signs = {"exp": 1, "sin": -1, "cos": -1}
    rest = exp((signs[f.kind] * a**2 * v.v1 + signs[g.kind] * b**2 * v.v2) / 2)
    if f.kind == g.kind:
        return rest * {"exp": exp, "sin": sinh, "cos": cosh}[f.kind](both)
    return rest * (sin if "sin" in kinds else cos)(both)


def _one_mean(f: Term, v: Expr) -> Expr:
    """E f(x) of one Gaussian of variance v."""
    if f.parity == 1:
        return S.Zero
    if f.decay != 0:
        width = 1 + 2 * f.decay * v
        flat = Term(f.power, S.Zero, f.kind, f.slope)
        return _one_mean(flat, v / width) / sqrt(width)
    if not f.power:
        powers = {
            "one": S.Zero,
            "exp": f.slope**2 * v / 2,
            "cos": -(f.slope**2) * v / 2,
        }
        return exp(powers[f.kind])
    lower = Term(f.power - 1, S.Zero, f.kind, f.slope)
    total = sum((k * _one_mean(one, v) for k, one in lower.derivative()), S.Zero)
    if lower.kind == "sign" and not lower.power:
        total += 2 / sqrt(2 * pi * v)
    return v * total
