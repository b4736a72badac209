"""Exact eigenvalues of polynomial kernels on the sphere and the circle, in ℚ.

t^p has on level k ≤ p of the same parity the eigenvalue
p! Γ(d/2)/(2^p ((p − k)/2)! Γ((p + k + d)/2)), and 0 on every other level. On M
equispaced points of the circle, levels k and |k + jM| coincide (aliasing).
"""

from flint import fmpq, fmpq_poly
from sympy import Add, Expr, Mul, Poly, Pow, Rational

from numerics.interpreters.balls import rational
from numerics.numbers.ball import Ball
from theory.chain import Chain
from theory.domains import Domain
from theory.kernels import Kernel
from theory.notation import d as symbol_d
from theory.notation import t

METHOD = "exact, a polynomial kernel"
MAX_DEGREE = 2000
MAX_OPERATIONS = 2000
FEW = 30
"""The highest power of a sum with roots in its coefficients that SymPy multiplies out."""


def taylor_coefficients(kernel: Kernel, domain: Domain) -> list[fmpq] | None:
    """a_0, …, a_p of a kernel that is Σ a_p t^p with rational a_p; None for others.

    Examples
    --------
    >>> from theory import UnitCircle, kernels
    >>> taylor_coefficients(kernels.polynomial(2), UnitCircle())
    [0, 0, 1]
    """
    if kernel.family == "polynomial":
        degree = int(kernel["degree"])
        if degree > MAX_DEGREE:
            return None
        return [fmpq(0)] * degree + [fmpq(1)]
    if kernel.family != "expr":
        return None
    written = kernel(t)
    if isinstance(written, Chain) or written.count_ops() > MAX_OPERATIONS:
        return None
    written = written.subs(symbol_d, domain.ambient)
    if not written.is_polynomial(t):
        return None
    polynomial = _multiplied_out(written)
    if polynomial is not None:
        return polynomial.coeffs() or [fmpq(0)]
    if max([0, *(p.exp for p in written.atoms(Pow) if p.exp.is_Integer)]) > FEW:
        return None
    # roots in the coefficients may cancel
    coefficients = Poly(written, t).all_coeffs()[::-1]
    if len(coefficients) > MAX_DEGREE + 1:
        return None
    if not all(c.is_Rational for c in coefficients):
        return None
    return [rational(c) for c in coefficients]


def _multiplied_out(e: Expr) -> fmpq_poly | None:
    """A polynomial in t with rational coefficients; None for others, or a high degree.

    FLINT multiplies out in milliseconds what takes SymPy minutes.
    """
    if e == t:
        return fmpq_poly([0, 1])
    if isinstance(e, Rational):
        return fmpq_poly([rational(e)])
    if isinstance(e, Pow):
        base = _multiplied_out(e.base)
        power = int(e.exp) if e.exp.is_Integer else -1
        if base is None or power < 0 or base.degree() * power > MAX_DEGREE:
            return None
        return base**power
    if not isinstance(e, Add | Mul):
        return None
    parts = [_multiplied_out(part) for part in e.args]
    total = fmpq_poly([int(e.is_Mul)])
    for part in parts:
        if part is None or total.degree() + part.degree() > 2 * MAX_DEGREE:
            return None
        total = total * part if e.is_Mul else total + part
    return total if total.degree() <= MAX_DEGREE else None


def sphere_eigenvalues(coefficients: list[fmpq], d: int) -> list[fmpq]:
    """λ_0, …, λ_p of Σ a_p t^p on the sphere in R^d; all further ones are 0.

    Examples
    --------
    >>> sphere_eigenvalues([fmpq(0), fmpq(0), fmpq(1)], 3)
    [1/3, 0, 2/15]
    """
    top = len(coefficients)
    result = []
    lead = fmpq(1)
    for k in range(top):
        weight, total = lead, fmpq(0)
        for p in range(k, top, 2):
            total += coefficients[p] * weight
            weight *= fmpq((p + 1) * (p + 2), (p - k + 2) * (p + k + d))
        result.append(total)
        lead *= fmpq(k + 1, 2 * k + d)
    return result


def circle_eigenvalues(coefficients: list[fmpq], points: int) -> list[Ball]:
    """λ_0, …, λ_{M//2} on M equispaced points, by aliasing those of the circle.

    Examples
    --------
    >>> [x.rational for x in circle_eigenvalues([fmpq(0), fmpq(1)], 4)]
    [0, 1/2, 0]
    """
    whole = sphere_eigenvalues(coefficients, 2)
    folded = [fmpq(0)] * points
    for k, value in enumerate(whole):
        folded[k % points] += value
        if k:
            folded[-k % points] += value
    return [Ball.exact(x, METHOD) for x in folded[: points // 2 + 1]]
