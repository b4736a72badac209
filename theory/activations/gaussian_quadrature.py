"""Gaussian means as numbers, for any activation: the trapezoidal rule on the line.

For integrands that are analytic in a strip and fall like a Gaussian the trapezoidal rule
converges geometrically in the inverse step; for kinks and jumps only like its power.
The error is the change of the last halving: an estimate, not a bound.
"""

from typing import Any

import mpmath
from sympy import DiracDelta, Expr, lambdify, sympify

from theory.activations.hermite import z
from theory.errors import OutOfDomain, Unsupported

MAX_HALVINGS = 3
FIRST_STEP = mpmath.mpf(2) / 5


def coefficient(phi: Expr, n: int, variance, digits: int):
    """a_n as a number by the trapezoidal rule, and its change when the step is halved.

    The integrand falls like e^{−z²/2}; for φ analytic in a strip the error falls
    geometrically in the inverse step, for others (kinks) only as a power of it.

    Examples
    --------
    >>> value, change = coefficient(z**3, 1, 1, 20)
    >>> round(float(value), 12), change < 1e-20
    (3.0, True)
    """
    if digits < 1:
        raise OutOfDomain(f"digits = {digits} must be at least 1")
    with mpmath.workdps(digits + 15):
        function = lambdify(z, phi, "mpmath")
        root = mpmath.sqrt(mpmath.mpmathify(sympify(variance).evalf(digits + 15)))
        reach = mpmath.sqrt(2 * (digits + 5) * mpmath.log(10) + 4 * n) + 4

        def mean(steps: int):
            h = reach / steps
            total = mpmath.mpf(0)
            for j in range(-steps, steps + 1):
                x = j * h
                below, value = mpmath.mpf(0), mpmath.mpf(1)
                for i in range(n):
                    below, value = value, x * value - i * below
                total += function(root * x) * value * mpmath.exp(-x * x / 2)
            return total * h / mpmath.sqrt(2 * mpmath.pi * mpmath.factorial(n))

        steps, last = 64, mean(64)
        while True:
            steps *= 2
            value = mean(steps)
            change = abs(value - last)
            if change < mpmath.mpf(10) ** -(digits + 1) or steps >= 2048:
                return value, change
            last = value


def pair_mean(phi: Expr, correlation: Any, variance: Any, digits: int):
    """E φ(x)φ(y) of a Gaussian pair as a number, and its change at the last halving.

    y = c x + √(1 − c²) x′ with x′ independent, and both run over a grid; at c = ±1 one
    grid is left.

    Raises
    ------
    OutOfDomain
        When the correlation is not in −1..1, the variance negative, or digits < 1.
    Unsupported
        When φ is no function, as the derivative of a jump.

    Examples
    --------
    >>> value, change = pair_mean(z**2, "1/2", 1, 15)
    >>> round(float(value), 12), change < 1e-15
    (1.5, True)
    """
    if digits < 1:
        raise OutOfDomain(f"digits = {digits} must be at least 1")
    if phi.has(DiracDelta):
        raise Unsupported(f"{phi} is no function: the mean of its square is infinite")
    with mpmath.workdps(digits + 15):
        c, q = (_number(x, digits) for x in (correlation, variance))
        if abs(c) > 1 or q < 0:
            raise OutOfDomain(
                f"correlation = {correlation} must be in -1..1, variance = {variance} >= 0"
            )
        root, rest = mpmath.sqrt(q), mpmath.sqrt(1 - c * c)
        function = lambdify(z, phi, "mpmath")
        reach = mpmath.sqrt(2 * (digits + 5) * mpmath.log(10)) + 2
        h = FIRST_STEP
        value, change = _grid(function, root, c, rest, h, reach), mpmath.inf
        for _ in range(MAX_HALVINGS):
            if change < mpmath.mpf(10) ** -(digits + 1):
                break
            last, h = value, h / 2
            value = _grid(function, root, c, rest, h, reach)
            change = abs(value - last)
        return value, change


def _number(x: Any, digits: int) -> Any:
    return mpmath.mpmathify(sympify(x, rational=True).evalf(digits + 15))


def _grid(function: Any, root: Any, c: Any, rest: Any, h: Any, reach: Any) -> Any:
    """The trapezoidal sum with step h, over the square or over the line."""
    steps = int(reach / h) + 1
    points = [j * h for j in range(-steps, steps + 1)]
    weights = [mpmath.exp(-x * x / 2) * h / mpmath.sqrt(2 * mpmath.pi) for x in points]
    first = [function(root * x) * w for x, w in zip(points, weights, strict=True)]
    if rest == 0:
        return mpmath.fsum(
            f * function(c * root * x) for x, f in zip(points, first, strict=True)
        )
    total = mpmath.mpf(0)
    for x, f in zip(points, first, strict=True):
        if f:
            inner = (
                function(root * (c * x + rest * y)) * w
                for y, w in zip(points, weights, strict=True)
            )
            total += f * mpmath.fsum(inner)
    return total
