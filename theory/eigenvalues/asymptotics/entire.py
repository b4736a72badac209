"""An exponential of t is entire: λ_k falls faster than every geometric sequence.

The Bessel function of large order is its own first terms, (β/2)^ν/Γ(ν+1) times
1 + (β/2)²/(ν+1) + …, all positive, and the rest is below a geometric one.
"""

from sympy import Add, Expr, exp, factorial, gamma, powsimp
from sympy.functions.combinatorial.factorials import rf

from theory.eigenvalues.algebra.linearity import affine
from theory.notation import k, t


def bessel_terms(e: Expr, d: Expr, terms: int) -> tuple[Expr, str, Expr] | None:
    """λ_k of c e^{a+βt} by the first terms of its Bessel function, or None.

    Returns
    -------
    tuple or None
        The form, the range in which it may be used, and its small parameter.

    Examples
    --------
    >>> from theory.notation import d
    >>> bessel_terms(exp(2 * t), d, 2)[0]
    (1 + 1/(d/2 + k))*gamma(d/2)/gamma(d/2 + k)
    """
    scale, f = powsimp(e).as_independent(t, as_Add=False)
    line = affine(f.args[0]) if isinstance(f, exp) else None
    if line is None or line[1].is_zero:
        return None
    start, beta = line
    small = beta**2 / (4 * (k + d / 2))
    head = scale * exp(start) * gamma(d / 2) / gamma(d / 2 + k) * (beta / 2) ** k
    rest = Add(
        *(
            (beta / 2) ** (2 * i) / (factorial(i) * rf(k + d / 2, i))
            for i in range(terms)
        )
    )
    valid = (
        f"k + d/2 > β²/4, β = {beta}; the rest is below its first term, "
        f"x^{terms}/{terms}! with x the small parameter, over 1 − x"
    )
    return head * rest, valid, small
