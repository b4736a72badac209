"""Lagrange inversion: the series of an inverse function, derived to any order.

If x = y/φ(y) with φ(0) ≠ 0, then [x^m] y^r = (r/m) [y^(m−r)] φ(y)^m. Powers of a
series, with any exponent, follow from Euler's recurrence.
"""

from collections.abc import Sequence

from sympy import Expr, Rational, cancel, sympify


def power_of_series(
    coefficients: Sequence[Expr], exponent: Expr, order: int
) -> list[Expr]:
    """The first ``order + 1`` coefficients of (1 + a_1 y + a_2 y² + …)^exponent.

    Examples
    --------
    >>> power_of_series([1, 1], Rational(1, 2), 3)
    [1, 1/2, -1/8, 1/16]
    """
    a = [sympify(c) for c in coefficients]
    result: list[Expr] = [sympify(1)]
    for k in range(1, order + 1):
        total: Expr = sympify(0)
        for j in range(1, min(k, len(a) - 1) + 1):
            total += (j * exponent - k + j) * a[j] * result[k - j]
        result.append((total / k).expand())
    return result


def inverse_power(phi: Sequence[Expr], r: int, order: int) -> list[Expr]:
    """Coefficients of x^r, …, x^(r+order) in y^r, where x = y/φ(y) and φ(0) = 1.

    At r + m = 0 the coefficient is that of log φ, which Lagrange's formula also gives.

    Examples
    --------
    >>> inverse_power([1, 2, 1], 1, 3)  # y = x (1 + y)^2: Catalan numbers
    [1, 2, 5, 14]
    """
    result: list[Expr] = []
    for m in range(order + 1):
        degree = r + m
        if degree == 0:
            result.append(r * _log_coefficient(phi, m))
            continue
        coefficient = power_of_series(phi, sympify(degree), m)[m]
        result.append(cancel(Rational(r, degree) * coefficient))
    return result


def _log_coefficient(phi: Sequence[Expr], m: int) -> Expr:
    """[y^m] log φ(y)."""
    a = [sympify(c) for c in phi] + [sympify(0)] * (m + 1)
    logs: list[Expr] = [sympify(0)]
    for k in range(1, m + 1):
        total = k * a[k] - sum(
            (j * logs[j] * a[k - j] for j in range(1, k)), sympify(0)
        )
        logs.append((total / k).expand())
    return logs[m]
