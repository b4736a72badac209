"""Quotients of Gamma functions, reduced until two equal ones look equal.

SymPy's ``gammasimp`` leaves Γ(x + ½)/Γ(x − ½) as it is; here one representative stands
for all arguments that differ by whole numbers, and rational arithmetic does the rest.
"""

from sympy import (
    Expr,
    Function,
    Integer,
    binomial,
    cancel,
    expand,
    expand_func,
    factor,
    factorial,
    gamma,
    powsimp,
)
from sympy.functions.combinatorial.factorials import ff, rf


def reciprocal_gamma(x: Expr) -> Expr:
    """1/Γ(x), which is 0 at 0, −1, −2, …, for symbols too where SymPy can tell.

    Examples
    --------
    >>> from sympy import Rational
    >>> reciprocal_gamma(Integer(-3)), reciprocal_gamma(Rational(1, 2))
    (0, 1/sqrt(pi))
    """
    x = expand(x)
    if x.is_integer and x.is_nonpositive:
        return Integer(0)
    return 1 / gamma(x)


def as_gammas(e: Expr) -> Expr:
    """Factorials, binomials and Pochhammer symbols written with Γ.

    Examples
    --------
    >>> from sympy.abc import x
    >>> as_gammas(factorial(x) + rf(x, 3))
    x*(x + 1)*(x + 2) + gamma(x + 1)
    """
    e = e.replace(binomial, lambda n, k: factorial(n) / factorial(k) / factorial(n - k))
    e = e.replace(factorial, lambda n: gamma(n + 1))
    e = e.replace(rf, lambda x, n: gamma(x + n) / gamma(x))
    return e.replace(ff, lambda x, n: gamma(x + 1) / gamma(x - n + 1))


def normal_form(e: Expr) -> Expr:
    """An expression with one Gamma function per class of arguments modulo 1.

    Examples
    --------
    >>> from sympy import Rational
    >>> from sympy.abc import x
    >>> normal_form(gamma(x + Rational(1, 2)) / gamma(x - Rational(1, 2)))
    (2*x - 1)/2
    """
    representatives: list[Expr] = []

    def shifted(argument: Expr) -> Expr:
        for other in representatives:
            steps = expand(argument - other)
            if steps.is_Integer:
                if steps >= 0:
                    return expand_func(rf(other, steps)) * gamma(other)
                return gamma(other) / expand_func(rf(other + steps, -steps))
        representatives.append(argument)
        return gamma(argument)

    return factor(cancel(powsimp(as_gammas(e).replace(gamma, shifted))))


def ratio(numerator: Expr, denominator: Expr) -> Expr:
    """The quotient in normal form; 1 proves the two sides equal.

    Examples
    --------
    >>> from sympy.abc import x
    >>> ratio(gamma(x + 1), x * gamma(x))
    1
    """
    return normal_form(powsimp(numerator / denominator))


TIDY_OPERATIONS = 120


def tidy(e: Expr) -> Expr:
    """A short quotient of Γ's of d in normal form; anything else as it is.

    Examples
    --------
    >>> from theory.notation import d
    >>> tidy(gamma(d / 2) / (2 * gamma(d / 2 + 1)))
    1/d
    """
    heads = e.atoms(Function)
    if not heads or any(head.func is not gamma for head in heads):
        return e
    arguments = [head.args[0] for head in heads]
    spread = [x - y for x in arguments for y in arguments if (x - y).is_Number]
    symbols = set().union(*(x.free_symbols for x in arguments))
    short = e.count_ops() <= TIDY_OPERATIONS and all(abs(x) <= 8 for x in spread)
    return normal_form(e) if short and len(symbols) == 1 else e
