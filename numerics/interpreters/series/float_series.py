"""Expressions as truncated power series in float64, in NumPy or in JAX.

Recurrences are arranged so that kernels with non-negative Taylor coefficients meet sums
of one sign: what a layer makes of u = (1 − c)/2 has falling coefficients after the
first, powers of such series solve p y' = α p' y (Euler), and functions with a singular
end are integrals of their slopes. Coefficients keep nearly all their digits, however
small they are.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce as fold
from typing import Any, NamedTuple

import numpy as np
import scipy.special
import sympy
from sympy import Rational

from numerics.interpreters.arrays import ARRAYS, lag_series
from numerics.interpreters.program import Arithmetic, Program
from theory.activations.angle import angle, sine_lag
from theory.errors import NotEvaluable


class FloatSeries(NamedTuple):
    """Coefficients of t^0, t^1, …, shape [power]."""

    a: Any


def recur(a: np.ndarray, first: Any, slant: float, level: float) -> np.ndarray:
    """The series with y_0 given and y_n = Σ_{1≤j≤n} (slant j/n + level) a_j y_{n−j}.

    Examples
    --------
    >>> recur(np.array([0.0, 1.0, 0.0, 0.0]), 1.0, 1.0, 0.0) * [1, 1, 2, 6]   # e^t
    array([1., 1., 1., 1.])
    """
    y = np.zeros_like(a)
    y[0] = first
    moved, flat = slant * np.arange(len(a)) * a, level * a
    for n in range(1, len(a)):
        y[n] = (moved[1 : n + 1] / n + flat[1 : n + 1]) @ y[n - 1 :: -1]
    return y


def convolve(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The product of two series, to their length."""
    return np.convolve(a, b)[: len(a)]


class PowerSeries:
    """Arithmetic and functions of series, for NumPy or for JAX.

    Parameters
    ----------
    xp, special
        The module of arrays, and that of special functions.
    recurrence, product
        How a recurrence runs, and how two series are multiplied.
    scalar
        The arithmetic of what does not depend on t.
    """

    def __init__(
        self,
        xp: Any,
        special: Any,
        recurrence: Callable[..., Any],
        product: Callable[..., Any],
        scalar: Arithmetic,
    ) -> None:
        self.xp, self.special = xp, special
        self.recurrence, self.product, self.scalar = recurrence, product, scalar

    def add(self, terms: Sequence[Any]) -> Any:
        """The sum of series and scalars."""
        moving = [x.a for x in terms if isinstance(x, FloatSeries)]
        fixed = [x for x in terms if not isinstance(x, FloatSeries)]
        if not moving:
            return self.scalar.add(fixed)
        whole = fold(lambda a, b: a + b, moving)
        return FloatSeries(
            self._plus(whole, self.scalar.add(fixed)) if fixed else whole
        )

    def _plus(self, a: Any, constant: Any) -> Any:
        return self.xp.concatenate([a[:1] + constant, a[1:]])

    def multiply(self, factors: Sequence[Any]) -> Any:
        """The product of series and scalars."""
        moving = [x.a for x in factors if isinstance(x, FloatSeries)]
        fixed = [x for x in factors if not isinstance(x, FloatSeries)]
        if not moving:
            return self.scalar.multiply(fixed)
        whole = fold(self.product, moving)
        return FloatSeries(whole * self.scalar.multiply(fixed) if fixed else whole)

    def slope(self, a: Any) -> Any:
        """T y', which has the same length."""
        return a * self.xp.arange(a.shape[0])

    def integral(self, first: Any, slope: Any) -> Any:
        """The series with a given constant and a given t y'."""
        n = self.xp.arange(slope.shape[0])
        a = slope / self.xp.where(n > 0, n, 1)
        return self.xp.concatenate([self.xp.ones(1) * first, a[1:]])

    def power(self, base: Any, exponent: Rational) -> Any:
        """An exact rational power."""
        if not isinstance(base, FloatSeries):
            return self.scalar.power(base, exponent)
        if exponent.q == 1 and exponent > 0:
            return FloatSeries(self._whole(base.a, int(exponent)))
        alpha, a = float(exponent), base.a
        if exponent > 0:
            lower = self.power(base, exponent - 1)
            slope = alpha * self.product(self.slope(a), lower.a)
            return FloatSeries(self.integral(a[0] ** alpha, slope))
        first = 1 / a[0] if exponent == -1 else a[0] ** alpha
        return FloatSeries(self.recurrence(a / a[0], first, alpha + 1, -1.0))

    def _whole(self, a: Any, power: int) -> Any:
        result = None
        while power:
            if power & 1:
                result = a if result is None else self.product(result, a)
            power >>= 1
            if power:
                a = self.product(a, a)
        return result

    def exp(self, x: FloatSeries) -> FloatSeries:
        """The exponential."""
        return FloatSeries(self.recurrence(x.a, self.xp.exp(x.a[0]), 1.0, 0.0))

    def log(self, x: FloatSeries) -> FloatSeries:
        """The logarithm."""
        inverse = self.power(x, Rational(-1))
        slope = self.product(self.slope(x.a), inverse.a)
        return FloatSeries(self.integral(self.xp.log(x.a[0]), slope))

    def _by_slope(self, first: Any, x: Any, slope: Any) -> FloatSeries:
        return FloatSeries(self.integral(first, self.product(self.slope(x), slope)))

    def _circle(self, x: Any) -> Any:
        """1/√(1 − x²)."""
        return self.power(
            FloatSeries(self._plus(-self.product(x, x), 1.0)), Rational(-1, 2)
        ).a

    def asin(self, x: FloatSeries) -> FloatSeries:
        """Arcsine."""
        return self._by_slope(self.xp.arcsin(x.a[0]), x.a, self._circle(x.a))

    def acos(self, x: FloatSeries) -> FloatSeries:
        """Arccosine."""
        return self._by_slope(self.xp.arccos(x.a[0]), x.a, -self._circle(x.a))

    def atan(self, x: FloatSeries) -> FloatSeries:
        """Arctangent."""
        square = FloatSeries(self._plus(self.product(x.a, x.a), 1.0))
        return self._by_slope(
            self.xp.arctan(x.a[0]), x.a, self.power(square, Rational(-1)).a
        )

    def erf(self, x: FloatSeries) -> FloatSeries:
        """The error function."""
        bell = self.exp(FloatSeries(-self.product(x.a, x.a))).a * (2 / np.sqrt(np.pi))
        return self._by_slope(self.special.erf(x.a[0]), x.a, bell)

    def angle(self, u: FloatSeries) -> FloatSeries:
        """2 arcsin √u, from the cosine 1 − 2u, whose square has terms of one sign."""
        cosine = self._plus(-2 * u.a, 1.0)
        first = 2 * self.xp.arcsin(self.xp.sqrt(u.a[0]))
        return self._by_slope(first, u.a, 2 * self._circle(cosine))

    def sine_lag(self, u: FloatSeries) -> FloatSeries:
        """Sin θ − θ cos θ, whose slope in u is 2θ."""
        theta = self.angle(u).a
        low = theta[0]
        series = lag_series(self.xp.where(low < 1, low, 0.0))
        plain = self.xp.sin(low) - low * self.xp.cos(low)
        first = self.xp.where(low < 1, series, plain)
        return self._by_slope(first, u.a, 2 * theta)

    def arithmetic(self, name: str) -> Arithmetic:
        """The closed table of what can be expanded."""

        def lifted(head: type, function: Callable) -> Callable:
            plain = self.scalar.functions[head]
            return lambda x: function(x) if isinstance(x, FloatSeries) else plain(x)

        def general(a: Any, b: Any) -> Any:
            if not isinstance(a, FloatSeries) and not isinstance(b, FloatSeries):
                return self.scalar.general_power(a, b)
            logarithm = self.log(a) if isinstance(a, FloatSeries) else self.xp.log(a)
            product = self.multiply([logarithm, b])
            return self.exp(product)

        return Arithmetic(
            name=name,
            number=self.scalar.number,
            constants=self.scalar.constants,
            add=self.add,
            multiply=self.multiply,
            power=self.power,
            general_power=general,
            functions={
                sympy.exp: lifted(sympy.exp, self.exp),
                sympy.log: lifted(sympy.log, self.log),
                sympy.asin: lifted(sympy.asin, self.asin),
                sympy.acos: lifted(sympy.acos, self.acos),
                sympy.atan: lifted(sympy.atan, self.atan),
                sympy.erf: lifted(sympy.erf, self.erf),
                angle: lifted(angle, self.angle),
                sine_lag: lifted(sine_lag, self.sine_lag),
            },
            reduce=_reduce,
        )


def _reduce(body: Program, columns: Mapping, scalars: Mapping) -> Any:
    del body, columns, scalars
    raise NotEvaluable("power series: sums over levels have no place in a kernel")


IN_NUMPY = PowerSeries(np, scipy.special, recur, convolve, ARRAYS)
FLOAT_SERIES = IN_NUMPY.arithmetic("power series in float64 (NumPy)")
