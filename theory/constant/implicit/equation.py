"""The implicit equation for C as an object: slopes, series, closed forms, bounds.

C stays a symbol. Along a solution dF + F_C dC = dn, so every derivative is rational in
sums over the spectrum: D_x e = ∂_x e − (∂_C e) F_x/F_C, iterated for higher orders.
(``sympy.solve`` must not be used here: it leaves C′ inside the sums.)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import CRootOf, Eq, Expr, Poly, oo, sympify

from theory import notation
from theory.constant.definition import balance
from theory.constant.implicit import closed_forms, expansions
from theory.constant.implicit.expansions import Expansion
from theory.constant.implicit.levels import levels_of
from theory.constant.implicit.moments import Moment
from theory.constant.level_sums import slope
from theory.errors import OutOfDomain
from theory.notation import C, modes
from theory.numbers import exact, shortened
from theory.printing import Shown, latex, text

MAX_DEGREE = 4


@dataclass(frozen=True, slots=True, repr=False)
class ImplicitEquation(Shown):
    """Σ g λ/(λ + C) + δ/C = n, for a general spectrum or for given levels.

    Attributes
    ----------
    left
        The left side, a function of C.
    levels
        Pairs (λ, g), or None for a spectrum in symbols.
    n, ridge
        Numbers or symbols.
    count
        N where the levels are not given.
    about
        Where the eigenvalues of a kernel come from, or why λ_k stays a letter.
    """

    left: Any
    levels: tuple[tuple[Expr, Expr], ...] | None
    n: Any
    ridge: Any
    count: Any = modes
    about: str = ""

    @property
    def equation(self) -> Any:
        """The equation itself."""
        return Eq(self.left, self.n, evaluate=False)

    @property
    def modes(self) -> Any:
        """N, the number of modes with a positive eigenvalue."""
        if self.levels is None:
            return self.count
        return sum((m for lam, m in self.levels if lam != 0), sympify(0))

    def derivative_of(self, e: Any, *along: Any) -> Any:
        """The derivative of any expression in C, along n, δ, λ_j, g_j, in turn.

        Examples
        --------
        >>> I = implicit_equation([(2, 3)], ridge=0)
        >>> I.derivative_of(2 / (2 + C), I.n).subs({C: 1, I.n: 2})
        1/3
        """
        for x in along:
            e = self._derivative_once(e, sympify(x))
        return e

    def derivative(self, x: Any, order: int = 1) -> Any:
        """The derivative of C with respect to n, δ, λ_j or g_j, of any order.

        Examples
        --------
        >>> from theory.notation import ridge
        >>> from theory.constant.level_sums import normal_form
        >>> I = implicit_equation()
        >>> normal_form(I.derivative(ridge) + I.derivative(I.n) / C)
        0
        """
        return self.derivative_of(C, *[x] * order)

    def _derivative_once(self, e: Any, x: Any) -> Any:
        residual = self.left - self.n
        towards = slope(residual, x)
        if towards == 0:
            known = "n, the ridge, an eigenvalue or a multiplicity that is a symbol"
            raise OutOfDomain(
                f"the implicit equation does not contain {x}; use {known}"
            )
        return slope(e, x) - slope(e, C) * towards / slope(residual, C)

    def series(self, variable: Any, point: Any, order: int = 2) -> Expansion:
        """C near a limit, to any order.

        Parameters
        ----------
        variable
            ``n`` or the ridge.
        point
            For n: 0, "N" (without ridge) or oo; for the ridge: 0, oo or "N", which
            is the limit of no ridge at n = N.
        order
            The last power that is kept.

        Raises
        ------
        OutOfDomain
            When there is no such series.

        Examples
        --------
        >>> I = implicit_equation([(1, 2), ("1/2", 2)], ridge=0)
        >>> I.series(I.n, 0, 1).expression
        n/54 - 5/6 + 3/n
        """
        variable = sympify(variable)
        if variable == self.n:
            expansion = self._series_in_samples(point, order)
        elif variable == self.ridge:
            expansion = self._series_in_ridge(point, order)
        else:
            raise OutOfDomain(
                f"a series is in {self.n} or {self.ridge}, not in {variable}"
            )
        return expansion if self.levels is None else self._filled(expansion)

    def _series_in_samples(self, point: Any, order: int) -> Expansion:
        if point == 0:
            return expansions.few_samples(self.n, self.ridge, order)
        if point in ("N", modes, self.modes):
            if self.ridge != 0:
                raise OutOfDomain(
                    "the series at n = N is without a ridge: give ridge=0"
                )
            if self.modes == oo:
                raise OutOfDomain("there are infinitely many modes: n never reaches N")
            return expansions.nearly_all_modes(self.modes - self.n, order)
        if point == oo:
            if self.ridge == 0 or self.modes == oo:
                raise OutOfDomain(
                    "n → ∞ needs finitely many modes and a positive ridge"
                )
            return expansions.many_samples(self.n - self.modes, self.ridge, order)
        raise OutOfDomain(f"n → {point} is no limit of this equation; use 0, 'N' or oo")

    def _series_in_ridge(self, point: Any, order: int) -> Expansion:
        if point == oo:
            return expansions.large_ridge(self.n, self.ridge, order)
        if point == "N" or (point == 0 and self.n == self.modes):
            return expansions.as_many_samples_as_modes(self.ridge, order)
        if point == 0 and (self.n - self.modes).is_positive:
            excess = self.n - self.modes
            return expansions.more_samples_than_modes(excess, self.ridge, order)
        if point == 0:
            return self._taylor_in_ridge(order)
        raise OutOfDomain(f"δ → {point} is no limit of this equation; use 0, oo or 'N'")

    def _taylor_in_ridge(self, order: int) -> Expansion:
        """Taylor's series at no ridge, n < N; C in it is the constant at no ridge."""
        terms, term, factorial = [], C, sympify(1)
        for k in range(order + 1):
            at_zero = term.subs(self.ridge, 0)
            terms.append(at_zero * self.ridge**k / factorial)
            term = self._derivative_once(term, self.ridge)
            factorial *= k + 1
        return Expansion(
            self.ridge, tuple(terms), sympify(order + 1), "n < N; C at no ridge"
        )

    def _filled(self, expansion: Expansion) -> Expansion:
        assert self.levels is not None
        positive = tuple((lam, m) for lam, m in self.levels if lam != 0)
        terms = tuple(
            _over(t, positive).subs(modes, self.modes) for t in expansion.terms
        )
        return Expansion(expansion.small, terms, expansion.rest, expansion.converges)

    def polynomial(self) -> Poly:
        """The polynomial in C, all of whose roots are real; C is the largest.

        Raises
        ------
        OutOfDomain
            When the levels are not given.
        """
        if self.levels is None:
            raise OutOfDomain("a general spectrum has no polynomial: give levels")
        merged: dict[Expr, Expr] = {}
        for lam, m in self.levels:
            if lam != 0:
                merged[lam] = merged.get(lam, sympify(0)) + m
        return closed_forms.polynomial(list(merged.items()), self.n, self.ridge)

    def closed_form(self) -> Expr | CRootOf:
        """C in radicals or cosines up to degree 4, else as an isolated real root.

        At n = N without ridge it is 0; for n > N there is no root.

        Raises
        ------
        OutOfDomain
            Without levels, or when there is no root.

        Examples
        --------
        >>> implicit_equation([(1, 2), ("1/2", 2)], n=2, ridge=0).closed_form()
        sqrt(2)/2
        """
        p = self.polynomial()
        gap = self.modes - self.n
        if self.ridge == 0 and gap.is_zero:
            return sympify(0)
        if (self.ridge == 0 and gap.is_negative) or self.n.is_nonpositive:
            raise OutOfDomain(
                f"n = {self.n}: no constant; n lies between 0 and N = {self.modes}"
            )
        if p.degree() <= MAX_DEGREE:
            return closed_forms.largest_root(p)
        return closed_forms.isolated_root(p)

    def bounds(self) -> tuple[Any, ...]:
        """Bounds on C: name, relation and expression, from all that is known here.

        Examples
        --------
        >>> I = implicit_equation([(1, 2), ("1/2", 2)], n=2, ridge=0)
        >>> [str(b) for b in I.bounds() if b.name == "arithmetic_mean"]
        ['C <= 3/4  (arithmetic_mean)']
        """
        from theory.constant.implicit.bounds import bounds_of

        return bounds_of(self)

    def latex(self) -> str:
        """The equation in LaTeX."""
        return latex(self.equation)

    def __str__(self) -> str:
        return f"{text(self.left)} = {text(self.n)}"


def implicit_equation(
    domain_or_levels: Any = None, K: Any = None, *, n: Any = None, ridge: Any = None
) -> ImplicitEquation:
    """The implicit equation of a general spectrum, of a list of levels, or of a kernel.

    Parameters
    ----------
    domain_or_levels
        Nothing, for a spectrum in symbols; pairs (λ, g); or a domain.
    K
        The kernel, where a domain is given.
    n, ridge
        Numbers or symbols; by default the letters n and δ.

    Raises
    ------
    OutOfDomain
        When an eigenvalue is negative, or a domain comes without a kernel.

    Examples
    --------
    >>> print(implicit_equation([(2, 3)]))
    6/(C + 2) + δ/C = n
    >>> implicit_equation().left == balance.lhs
    True

    On a domain with infinitely many levels, λ_k comes in closed form where it has one:

    >>> from theory import UnitCircle, kernels
    >>> I = implicit_equation(UnitCircle(), kernels.exponential(1), ridge=0)
    >>> print(I)
    Σ_(k=1..∞) 2 Iₖ(1)/(C + Iₖ(1)) + I₀(1)/(C + I₀(1)) = n
    >>> implicit_equation(UnitCircle(), kernels.ntk("erf", depth=4)).about[:45]
    'λ_k stays a letter, since no rule gives it fo'
    """
    count: Any = notation.n if n is None else exact(n, "n")
    delta: Any = notation.ridge if ridge is None else exact(ridge, "ridge")
    if delta.is_negative:
        raise OutOfDomain(f"ridge = {delta} must not be negative")
    if domain_or_levels is None:
        left = balance.lhs.subs(notation.ridge, delta)
        return ImplicitEquation(left, None, count, delta)
    if hasattr(domain_or_levels, "multiplicity"):
        return _of_kernel(domain_or_levels, K, count, delta)
    return _of_levels(_read(domain_or_levels), count, delta)


def _over(e: Any, levels: Any) -> Any:
    moments: Any = e.atoms(Moment)
    return e.xreplace({p: p.over(levels) for p in moments})


def _read(levels: Iterable[Sequence[Any]]) -> list[tuple[Expr, Expr]]:
    result = []
    for k, (lam, m) in enumerate(levels):
        value, many = exact(lam, f"λ_{k}"), exact(m, f"g_{k}")
        if value.is_negative or many.is_negative:
            raise OutOfDomain(
                f"level {k}: λ = {shortened(value)}, g = {shortened(many)} must not be negative"
            )
        result.append((value, many))
    return result


def _of_levels(levels: list[tuple[Expr, Expr]], n: Any, ridge: Any):
    left = sum((m * lam / (lam + C) for lam, m in levels), sympify(0)) + ridge / C
    return ImplicitEquation(left, tuple(levels), n, ridge)


def _of_kernel(domain: Any, K: Any, n: Any, ridge: Any) -> ImplicitEquation:
    if K is None:
        raise OutOfDomain(f"{domain} needs a kernel: implicit_equation(domain, K)")
    found = levels_of(domain, K)
    if found.listed is not None:
        return _of_levels(list(found.listed), n, ridge)
    left = found.learned + ridge / C
    return ImplicitEquation(left, None, n, ridge, found.modes, found.about)
