"""Power series on the sphere: a hypergeometric K has a hypergeometric λ_k.

λ_k[t^p] is a quotient of Gammas, so Σ a_p t^p with a hypergeometric term gives one pFq,
in the square of the scale: arcsin(ct), the kernel of erf, is a 3F2 at c².
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sympy import (
    Eq,
    Expr,
    Integer,
    Mod,
    Mul,
    Piecewise,
    Pow,
    Rational,
    asin,
    asinh,
    atan,
    atanh,
    erf,
    exp,
    factorial,
    gamma,
    hyper,
    log,
    pi,
    sqrt,
    symbols,
    sympify,
    true,
)
from sympy.functions.combinatorial.factorials import rf

from theory.eigenvalues.algebra.linearity import affine, without_power
from theory.eigenvalues.algebra.proof import Proof, ProofStep
from theory.eigenvalues.rule import Levels, Rule
from theory.eigenvalues.sphere.monomial import amplitude, even
from theory.notation import d, k, t
from theory.source import OURS

HALF = Rational(1, 2)


@dataclass(frozen=True, slots=True)
class Series:
    """scale · z^a · pFq(upper; lower; sign z²) with a = 0 or 1, at z = c t.

    Attributes
    ----------
    upper, lower
        The parameters of pFq.
    start
        The lowest power, a.
    sign
        1 or −1.
    scale
        A factor in front.
    """

    upper: tuple[Expr, ...]
    lower: tuple[Expr, ...]
    start: int
    sign: int
    scale: Expr

    def levels(self, c: Expr, d: Expr, power: int = 0) -> Levels:
        """λ_k of t^power times the series at z = c t, on the sphere in R^d.

        From the lowest power up the series starts at t^k; below it, at that power.
        """
        lowest = self.start + power

        def levels(k: Any) -> Expr:
            k = sympify(k)
            parity = even(k - lowest)
            if parity == 0:
                return Integer(0)
            if k.is_Integer:
                return self._below(c, d, power, k) if k < lowest else above(k)
            cases: list[Any] = []
            if not (k - lowest).is_nonnegative:
                cases += [
                    (self._below(c, d, power, Integer(j)), Eq(k, j))
                    for j in range(lowest % 2, lowest, 2)
                ]
            same = true if parity == 1 else Eq(Mod(k, 2), lowest % 2)
            return Piecewise(*cases, (above(k), same), (0, true))

        def above(k: Expr) -> Expr:
            j = (k - lowest) / 2
            rising = lambda a: rf(a, j) if j.is_Integer else gamma(a + j) / gamma(a)
            coefficient = Mul(
                self.scale,
                Integer(self.sign) ** j,
                *(rising(a) for a in self.upper),
                *(1 / rising(b) for b in self.lower),
                1 / gamma(j + 1),
            )
            head = coefficient * c ** (k - power) * factorial(k) / 2**k
            head *= gamma(d / 2) / gamma(k + d / 2)
            tops = [a + j for a in self.upper] + [(k + 1) / 2, (k + 2) / 2]
            bottoms = [b + j for b in self.lower] + [j + 1, k + d / 2]
            return head * reduced(tops, bottoms, self.sign * c**2)

        return levels

    def _below(self, c: Expr, d: Expr, power: int, k: Expr) -> Expr:
        """λ_k for k below the lowest power, of the same parity."""
        p = Integer(self.start + power)
        tops = [*self.upper, (p + 1) / 2, (p + 2) / 2]
        bottoms = [*self.lower, (p - k) / 2 + 1, (p + k + d) / 2]
        head = self.scale * c**self.start * amplitude(p, k, d)
        return head * reduced(tops, bottoms, self.sign * c**2)

    @property
    def balanced(self) -> bool:
        """Whether the series has a finite radius of convergence."""
        return len(self.upper) == len(self.lower) + 1


def reduced(above: Sequence[Expr], below: Sequence[Expr], at: Expr) -> Expr:
    """The pFq without the parameters that stand above and below.

    Examples
    --------
    >>> reduced([k, d], [d], t)
    hyper((k,), (), t)
    """
    rest, kept = list(below), []
    for a in above:
        equal = next((b for b in rest if (a - b).expand() == 0), None)
        if equal is None:
            kept.append(a)
        else:
            rest.remove(equal)
    return hyper(kept, rest, at)


ONE = Integer(1)
ARCSINE = Series((HALF, HALF), (3 * HALF,), 1, 1, ONE)
HEADS: dict[Any, Series] = {
    asin: ARCSINE,
    asinh: Series((HALF, HALF), (3 * HALF,), 1, -1, ONE),
    atanh: Series((HALF, ONE), (3 * HALF,), 1, 1, ONE),
    atan: Series((HALF, ONE), (3 * HALF,), 1, -1, ONE),
    erf: Series((HALF,), (3 * HALF,), 1, -1, 2 / sqrt(pi)),
}


def binomial_series(nu: Expr) -> Series:
    """(1 − z²)^ν as a series."""
    return Series((-nu,), (), 0, 1, ONE)


def _match(e: Expr, d: Expr) -> Levels | str:
    power, f = without_power(e)
    if isinstance(f, Pow) and not f.exp.has(t):
        return _match_power(f, d, power)
    if isinstance(f, exp):
        return _match_gauss(f, d, power)
    series = HEADS.get(f.func)
    if series is None:
        return f"{e} has no hypergeometric series in the table"
    line = affine(f.args[0])
    if line is None or not line[0].is_zero:
        return f"the argument {f.args[0]} is not a multiple of t"
    c = line[1]
    if series.balanced and series.sign > 0 and (abs(c) - 1).is_nonnegative:
        return f"the series of {e} does not converge at t = 1"
    return series.levels(c, d, power)


def _match_power(e: Expr, d: Expr, power: int) -> Levels | str:
    base, nu = e.args
    start, bend = base.subs(t, 0), base.diff(t, 2) / 2
    if bend.has(t) or bend.is_zero or (base - start - bend * t**2).expand() != 0:
        return f"{base} is not of the form a + b t²"
    if not (start.is_positive or nu.is_integer) or start.is_zero:
        return f"{base} is not known to be positive at t = 0"
    square = -bend / start
    if (square - 1).is_nonnegative:
        return f"the series of {e} does not converge at t = 1"
    series = binomial_series(nu)
    if square.is_negative:
        series, square = Series((-nu,), (), 0, -1, ONE), -square
    inner = series.levels(sqrt(square), d, power)
    return lambda k: start**nu * inner(k)


def _match_gauss(e: Expr, d: Expr, power: int) -> Levels | str:
    bend = e.args[0].diff(t, 2) / 2
    if bend.has(t) or (e.args[0] - bend * t**2).expand() != 0:
        return f"the exponent {e.args[0]} is not a multiple of t²"
    sign = -1 if bend.is_negative else 1
    return Series((), (), 0, sign, ONE).levels(sqrt(sign * bend), d, power)


def operator(series: Series, head: Any) -> Expr:
    """The hypergeometric equation applied to head(z)/(scale z^a); 0 proves the series.

    With ϑ = w d/dw, w = sign z², the equation is ϑ Π(ϑ + b − 1) g = w Π(ϑ + a) g; in z,
    ϑ is z/2 d/dz.
    """
    z = symbols("z", positive=True)
    g = head(z) / (series.scale * z**series.start)
    theta = lambda f, shift: z * f.diff(z) / 2 + shift * f
    left = theta(g, 0)
    for b in series.lower:
        left = theta(left, b - 1)
    right = g
    for a in series.upper:
        right = theta(right, a)
    return left - series.sign * z**2 * right


def _prove() -> Proof:
    i, a = symbols("i a", integer=True, nonnegative=True)
    at = lambda i: amplitude(k + 2 * i, k, d)
    steps = [
        ProofStep(
            "the lowest power: λ_k[t^k]",
            at(Integer(0)),
            factorial(k) * gamma(d / 2) / 2**k / gamma(k + d / 2),
        ),
        ProofStep(
            "the next power: λ_k[t^(p+2)]/λ_k[t^p] at p = k + 2i gives the parameters "
            "(k+1)/2 and (k+2)/2 above, k + d/2 below",
            at(i + 1) / at(i),
            ((k + 1) / 2 + i) * ((k + 2) / 2 + i) / ((k + d / 2 + i) * (i + 1)),
        ),
        ProofStep(
            "below the lowest power a the series starts at t^a instead: the ratio at "
            "p = a + 2i",
            amplitude(a + 2 * i + 2, k, d) / amplitude(a + 2 * i, k, d),
            ((a + 1) / 2 + i)
            * ((a + 2) / 2 + i)
            / (((a - k) / 2 + 1 + i) * ((a + k + d) / 2 + i)),
        ),
    ]
    nu = symbols("nu", real=True)
    tables: list[tuple[Series, Any, str]] = [
        (series, head, head.__name__) for head, series in HEADS.items()
    ]
    tables.append((Series((), (), 0, 1, ONE), lambda z: exp(z**2), "exp(z²)"))
    tables.append((binomial_series(nu), lambda z: exp(nu * log(1 - z**2)), "(1−z²)^ν"))
    steps += [
        ProofStep(
            f"the series of {name}: it solves the hypergeometric equation, analytic "
            "and 1 at 0",
            operator(series, head),
            Integer(0),
            "simplification",
        )
        for series, head, name in tables
    ]
    return Proof(
        "sphere_series",
        "term by term by the monomial rule; beyond |c| = 1 by analytic continuation in "
        "c, where K has no singularity in −1 ≤ t ≤ 1",
        tuple(steps),
    )


RULE = Rule(
    name="sphere_series",
    says="z^a pFq(A; B; ±z²) at z = c t, such as arcsin, arctan, erf and (1−z²)^ν, also "
    "times a power of t, has λ_k = a_k k! Γ(d/2)/(2^k Γ(k+d/2)) times a pFq at ±c²",
    source=OURS,
    conditions="c² < 1 where the sign is + and the series has a finite radius",
    match=_match,
    prove=_prove,
)

__all__ = ["ARCSINE", "HEADS", "RULE", "Series", "operator", "reduced"]
