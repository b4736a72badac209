"""Powers of max(t, 0) and |t| on the sphere: an activation's own spectrum."""

from typing import Any

from sympy import Abs, Expr, Heaviside, Integer, Max, Rational, sign, sympify

from theory.eigenvalues.algebra.linearity import without_power
from theory.eigenvalues.algebra.proof import Proof
from theory.eigenvalues.rule import Levels, Rule
from theory.eigenvalues.sphere import arc_cosine
from theory.eigenvalues.sphere.monomial import even
from theory.notation import t
from theory.source import Source


def _match(e: Expr, d: Expr) -> Levels | str:
    power, f = without_power(e)
    if isinstance(f, (Heaviside, sign)) and f.args[0] == t:
        return _of_step(f, Integer(power), d)
    base, s = f.as_base_exp()
    if base not in (Max(t, 0), Max(0, t), Abs(t)) or s.has(t):
        return f"{e} is no power of max(t, 0) or |t|"
    if not (s + Rational(1, 2)).is_positive:
        return f"the exponent {s} is not known to be above -1/2"
    s = s + power

    def levels(k: Any) -> Expr:
        k = sympify(k)
        value = arc_cosine.half_power(s, k, d)
        return 2 * even(k - power) * value if base == Abs(t) else value

    return levels


def _of_step(f: Expr, power: Expr, d: Expr) -> Levels:
    """λ_k of t^power times the unit step, or times the sign of t, its odd double."""

    def levels(k: Any) -> Expr:
        k = sympify(k)
        value = arc_cosine.half_power(power, k, d)
        return 2 * even(k - power - 1) * value if isinstance(f, sign) else value

    return levels


def _prove() -> Proof:
    whole = arc_cosine.RULE.proof()
    return Proof(
        "sphere_half_power",
        "dimension raising from a Beta integral; |t|^s is max(t, 0)^s + max(−t, 0)^s, "
        "and λ_k of K(−t) is (−1)^k λ_k",
        whole.steps[:2],
    )


RULE = Rule(
    name="sphere_half_power",
    says="max(t, 0)^s, at s = 0 the unit step, has λ_k = Γ(s+1) Γ(d/2) / (2^{s+1} "
    "Γ((s−k)/2+1) Γ((s+k+d)/2)); |t|^s twice that at even k, else 0; a factor t^a raises "
    "s by a and, for |t|, turns the parity by a",
    source=Source("bach2017breaking"),
    conditions="s > −1/2",
    match=_match,
    prove=_prove,
)
