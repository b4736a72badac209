"""An approximation of λ_k that carries its range and its measured error."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import mpmath
from sympy import Expr, Integer, Symbol, oo

from theory.domains import Domain
from theory.eigenvalues.checks import quadrature
from theory.eigenvalues.lookup import KnownEigenvalue, find
from theory.eigenvalues.question import function_of_t
from theory.errors import OutOfDomain, Unsupported
from theory.kernels import Kernel
from theory.notation import k as symbol_k
from theory.printing import Shown, latex, text

MEASURED_DIMENSION = 8


@dataclass(frozen=True, slots=True, repr=False)
class Asymptotic(Shown):
    """An approximation of λ_k, and how far it was off where that was measured.

    Attributes
    ----------
    expression
        The approximation, in the level or in the dimension.
    valid
        In which range it may be used, in words.
    measured
        Place → relative error, against closed forms or 30-digit integrals.
    parameter
        The small parameter of the expansion, where it has one.
    """

    expression: Expr
    valid: str
    measured: Mapping[str, float] = field(default_factory=dict)
    parameter: Expr | None = None

    def latex(self) -> str:
        """The approximation in LaTeX."""
        return rf"\lambda_k \approx {latex(self.expression)}"

    def subs(self, *arguments: Any) -> Expr:
        """The expression with symbols replaced."""
        return self.expression.subs(*arguments)

    def _sympy_(self) -> Expr:
        return self.expression

    def __str__(self) -> str:
        errors = ", ".join(f"{p}: {e:.1e}" for p, e in self.measured.items())
        small = (
            ""
            if self.parameter is None
            else f"\n  small parameter: {text(self.parameter)}"
        )
        return (
            f"λₖ ≈ {text(self.expression)}{small}\n  valid: {self.valid}\n"
            f"  relative error: {errors}"
        )


def exact_value(kernel: Kernel, domain: Any, level: int) -> Any:
    """λ_k of a concrete kernel: its closed form, or an integral, to 30 digits."""
    e = find(domain, kernel, level)
    if e.rule is not None:
        return quadrature.value(e.expression)
    written = function_of_t(domain, kernel)
    return quadrature.integral(domain, written, level)


def relative(approximation: Any, truth: Any) -> float:
    """|approximation/truth − 1|, and 0 where both vanish."""
    if truth:
        return float(abs(approximation - truth) / abs(truth))
    return float(mpmath.inf) if approximation else 0.0


def concrete(e: KnownEigenvalue) -> tuple[Any, dict[Symbol, Expr]]:
    """A domain with a number for d, where the domain's own is a symbol.

    Examples
    --------
    >>> from theory import Hypersphere, kernels
    >>> from theory.notation import d
    >>> concrete(find(Hypersphere(d), kernels.exponential(1), 1))
    (Hypersphere(d=8), {d: 8})
    """
    d = e.domain.ambient
    if not isinstance(d, Symbol):
        return e.domain, {}
    size = Integer(MEASURED_DIMENSION)
    return e.domain.subs({d: size}), {d: size}


def measured_in_k(
    e: KnownEigenvalue, form: Expr, at: Iterable[int]
) -> dict[str, float]:
    """The relative errors of a form in k at some levels, or at the next if λ_k = 0."""
    domain, sizes = concrete(e)
    known = sorted(form.subs(sizes).free_symbols - {symbol_k}, key=str)
    if known:
        raise OutOfDomain(
            f"{known}: the error is measured for numbers; put them into the kernel"
        )
    errors = {}
    for wanted in at:
        for level in (wanted, wanted + 1):
            truth = exact_value(e.kernel, domain, level)
            if truth:
                break
        if truth:
            left = quadrature.value(form.subs(sizes).subs(symbol_k, level))
            place = ", ".join([f"k={level}", *(f"{s}={n}" for s, n in sizes.items())])
            errors[place] = relative(left, truth)
    return errors


def on_sphere(e: KnownEigenvalue) -> Domain:
    """The domain, where it is a sphere or the circle.

    Raises
    ------
    OutOfDomain
        Where levels are bounded.
    Unsupported
        On other infinite domains, for which no expansion in k is known.
    """
    if e.domain.is_sphere:
        return e.domain
    if e.domain.last_level == oo:
        raise Unsupported(
            f"{e.domain}: expansions in k are known for spheres and the circle"
        )
    raise OutOfDomain(f"{e.domain}: levels are bounded, so there is no large-k limit")


__all__ = ["Asymptotic", "concrete", "exact_value", "measured_in_k", "relative"]
