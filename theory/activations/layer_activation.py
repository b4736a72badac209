"""What a layer needs to know of an activation: its dual, that of its slope, and a gap.

Closed forms are functions of the variance q and the correlation c of a Gaussian pair;
where there is none, the same objects come as numbers that say how they were computed.
"""

from dataclasses import dataclass
from typing import Any

from sympy import Expr, Function, sympify

from theory.activations import hermite, numeric_duals
from theory.activations.gaussian_pairs import c
from theory.activations.hermite import q, z
from theory.activations.series_duals import softplus_dual, swish_dual, tanh_dual
from theory.printing import Shown, latex, text

TRAPEZOID = "trapezoidal rule, steps halved; the error is the last change"
dual, slope_dual = Function("D"), Function("D'")


@dataclass(frozen=True, slots=True)
class Dual:
    """A function of a Gaussian pair, in q and c; call it, or use it in SymPy."""

    expression: Expr

    def __call__(self, correlation: Any = c, variance: Any = q) -> Expr:
        """The value at a correlation and a variance."""
        values = {c: sympify(correlation), q: sympify(variance)}
        return self.expression.subs(values, simultaneous=True)

    def subs(self, *arguments: Any, **options: Any) -> Expr:
        """The expression with symbols replaced."""
        return self.expression.subs(*arguments, **options)

    def _sympy_(self) -> Expr:
        return self.expression

    def __str__(self) -> str:
        return text(self.expression)


@dataclass(frozen=True, slots=True)
class Number:
    """A number with the size of its error and the method that gave both.

    Attributes
    ----------
    value
        The number.
    error
        The change of the last refinement: an estimate, not a bound.
    method
        How it was computed.
    """

    value: Any
    error: Any
    method: str

    def __float__(self) -> float:
        return float(self.value)


@dataclass(frozen=True, slots=True, repr=False)
class Activation(Shown):
    """An activation by what a layer needs of it, in the symbols q, c and u = (1 − c)/2.

    Attributes
    ----------
    name
        The name in kernels and on the command line.
    expression
        φ as a function of z.
    dual
        E φ(x)φ(y) as a function of q and c; callable.
    slope_dual
        E φ′(x)φ′(y), likewise.
    gap
        dual at c = 1 minus dual at c, as a function of q and u, free of cancellation.
    slope_half
        ``slope_dual`` as a function of q and u.
    pair
        E φ(x)φ(y) as a function of the two variances q₁, q₂ and c.
    pair_slope
        E φ′(x)φ′(y), likewise.
    """

    name: str
    expression: Expr
    dual: Dual
    slope_dual: Dual
    gap: Expr
    slope_half: Expr
    pair: Expr
    pair_slope: Expr

    def latex(self) -> str:
        """φ as a function of z, in LaTeX."""
        return rf"\varphi(z) = {latex(self.expression)}"

    @property
    def second_moment(self) -> Expr:
        """E φ(x)², the dual at c = 1."""
        return self.dual.subs(c, 1)

    @property
    def closed(self) -> bool:
        """Whether the dual is known in closed form, in elementary functions."""
        return self.known and not self.dual.expression.has(
            *tanh_dual.HEADS, *swish_dual.HEADS, *softplus_dual.HEADS
        )

    @property
    def known(self) -> bool:
        """Whether the dual has a form in known functions; if not, it is an integral."""
        return not self.dual.expression.has(*numeric_duals.HEADS)

    def hermite(self, n: int, variance: Any = q) -> Expr:
        """a_n = E φ(√q z) He_n(z)/√n!, exactly; the dual is Σ a_n² c^n.

        Raises
        ------
        Unsupported
            When E φ is not elementary, as for tanh; see ``hermite_number``.

        Examples
        --------
        >>> from theory.activations import activation
        >>> activation("gelu").hermite(1), activation("relu").hermite(4, 1)
        (sqrt(q)/2, -sqrt(3)/(12*sqrt(pi)))
        """
        return hermite.coefficient(self.expression, n).subs(q, sympify(variance))

    def hermite_number(self, n: int, variance: Any = 1, digits: int = 20) -> Number:
        """a_n as a number, for any activation.

        Examples
        --------
        >>> from theory.activations import activation
        >>> round(float(activation("tanh").hermite_number(1)), 12)
        0.605705509602
        """
        from theory.activations.gaussian_quadrature import coefficient

        value, change = coefficient(self.expression, n, variance, digits)
        return Number(value, change, TRAPEZOID)

    def dual_number(
        self, correlation: Any, variance: Any = 1, digits: int = 12
    ) -> Number:
        """E φ(x)φ(y) as a number, for any activation.

        Examples
        --------
        >>> from theory.activations import activation
        >>> found = activation("tanh").dual_number("1/2")
        >>> round(float(found), 10), found.error < 1e-12
        (0.1863244132, True)
        """
        from theory.activations.gaussian_quadrature import pair_mean

        value, change = pair_mean(self.expression, correlation, variance, digits)
        return Number(value, change, TRAPEZOID)

    def slope_dual_number(
        self, correlation: Any, variance: Any = 1, digits: int = 12
    ) -> Number:
        """E φ′(x)φ′(y) as a number, for any activation with a derivative.

        Raises
        ------
        Unsupported
            When φ jumps.

        Examples
        --------
        >>> from theory.activations import activation
        >>> round(float(activation("tanh").slope_dual_number(0)), 10)
        0.3668791644
        """
        from theory.activations.gaussian_quadrature import pair_mean

        slope = self.expression.diff(z)
        value, change = pair_mean(slope, correlation, variance, digits)
        return Number(value, change, TRAPEZOID)

    def __str__(self) -> str:
        return f"{self.name}: φ(z) = {text(self.expression)}"
