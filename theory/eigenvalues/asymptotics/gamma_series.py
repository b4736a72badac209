"""Γ(z + a)/Γ(z + b) in powers of 1/z, with symbols for a and b.

Source: DLMF, chapter 5.11; the coefficients are Bernoulli polynomials.
"""

from functools import lru_cache

from sympy import Expr, Integer, Symbol, bernoulli, expand, sympify

x = Symbol("x")


@lru_cache(maxsize=256)
def logarithm(a: Expr, b: Expr, order: int) -> tuple[Expr, ...]:
    """The coefficients of z^−1, z^−2, … in log Γ(z+a) − log Γ(z+b) − (a−b) log z.

    Examples
    --------
    >>> logarithm(Symbol("a"), Integer(0), 1)
    (a**2/2 - a/2,)
    """
    found = []
    for j in range(1, order + 1):
        difference = bernoulli(j + 1, x).subs(x, a) - bernoulli(j + 1, x).subs(x, b)
        found.append(expand((-1) ** (j + 1) * difference / (j * (j + 1))))
    return tuple(found)


def exponentiated(coefficients: tuple[Expr, ...]) -> list[Expr]:
    """The series of exp(Σ c_j z^−j), from its constant 1 on, to the same order.

    Examples
    --------
    >>> exponentiated((Integer(1), Integer(0)))
    [1, 1, 1/2]
    """
    series: list[Expr] = [Integer(1)]
    for n in range(1, len(coefficients) + 1):
        terms = (j * coefficients[j - 1] * series[n - j] for j in range(1, n + 1))
        series.append(expand(sum(terms, Integer(0)) / n))
    return series


def quotient(a: Expr, b: Expr, order: int) -> list[Expr]:
    """The coefficients c_0 = 1, c_1, … of Γ(z+a)/Γ(z+b) = z^(a−b) Σ c_j z^−j.

    Examples
    --------
    >>> quotient(Integer(3), Integer(1), 2)
    [1, 3, 2]
    """
    return exponentiated(logarithm(sympify(a), sympify(b), order))


def product(*series: list[Expr]) -> list[Expr]:
    """The product of series in 1/z, cut after the shortest.

    Examples
    --------
    >>> product([Integer(1), Integer(2)], [Integer(1), Integer(3)])
    [1, 5]
    """
    result = series[0]
    for other in series[1:]:
        size = min(len(result), len(other))
        result = [
            expand(sum((result[i] * other[n - i] for i in range(n + 1)), Integer(0)))
            for n in range(size)
        ]
    return result
