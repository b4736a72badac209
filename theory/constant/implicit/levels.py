"""The levels of a kernel on a domain, as the implicit equation needs them.

A polynomial of degree p has the levels 0, …, p and no others. Any other kernel has
infinitely many on an infinite domain: there λ_k is a function of a symbol k, in closed
form where a rule gives one for all k at once.
"""

from dataclasses import dataclass
from typing import Any

from sympy import Poly, Sum, oo, sympify

from theory import notation
from theory.chain import Chain
from theory.constant.learnability import learnability
from theory.eigenvalues.question import function_of_t
from theory.errors import OutOfDomain
from theory.notation import C, k, t

MAX_LEVELS = 65
WRITTEN = 2_000


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of a kernel: a list, or one sum over k.

    Attributes
    ----------
    listed
        Pairs (λ_k, g_k), or None where there are too many to list.
    learned
        Σ_k g_k L(λ_k), with λ_k in closed form or as a letter; None where listed.
    modes
        How many modes have a positive eigenvalue: a number, ∞, or the letter N.
    about
        Where λ_k comes from, or why it stays a letter; empty where listed.
    """

    listed: tuple[tuple[Any, Any], ...] | None
    learned: Any
    modes: Any
    about: str


def levels_of(domain: Any, kernel: Any) -> Levels:
    """The levels of a kernel on a domain.

    Raises
    ------
    OutOfDomain
        When a listed eigenvalue is negative.

    Examples
    --------
    >>> from theory import Hypersphere, UnitCircle, kernels
    >>> levels_of(Hypersphere(3), kernels.polynomial(2)).listed
    ((1/3, 1), (0, 3), (2/15, 5))
    >>> found = levels_of(UnitCircle(), kernels.exponential(1))
    >>> print(found.learned)
    learnability(besseli(0, 1), C) + Sum(2*learnability(besseli(k, 1), C), (k, 1, oo))
    >>> found.modes, found.about
    (oo, 'λ_k in closed form (sphere_exponential)')
    """
    last, p = sympify(domain.last_level), degree(domain, kernel)
    top = last if p in (None, oo) else (p if last == oo else _least(last, p))
    if top.is_Integer and top < MAX_LEVELS:
        found = tuple(
            (_eigenvalue(domain, kernel, level), domain.multiplicity(level))
            for level in range(int(top) + 1)
        )
        _refuse_negative(domain, kernel, found)
        return Levels(found, None, None, "")
    lowest = domain.eigenvalue(kernel, 0)
    general = domain.eigenvalue(kernel, k)
    modes = oo if last == oo and p == oo else notation.modes
    lam: Any = notation.lam
    if general.closed and lowest.closed:
        zeroth, typical = lowest.expression, general.expression
        about = f"λ_k in closed form ({general.rule.name})"
    else:
        zeroth, typical = lam[0], lam[k]
        reasons = "; ".join(f"{name}: {why}" for name, why in general.tried)
        about = f"λ_k stays a letter, since no rule gives it for all k ({reasons})"
    first = 0 if zeroth == 0 else learnability(zeroth, C)
    rest = Sum(
        domain.multiplicity_above_zero(k) * learnability(typical, C), (k, 1, last)
    )
    return Levels(None, first + rest, modes, about)


def degree(domain: Any, kernel: Any) -> Any:
    """The last level of a polynomial kernel, ∞ for others, None if not known.

    It is the kernel's degree in the cosine on a graded domain, and ∞ on any other.

    Examples
    --------
    >>> from theory import Hypersphere, kernels
    >>> known = (kernels.polynomial(4), kernels.exponential(1))
    >>> [degree(Hypersphere(3), K) for K in known]
    [4, oo]
    """
    if not domain.graded:
        return oo
    e = function_of_t(domain, kernel)
    if isinstance(e, Chain):
        if e.expanded_size() > WRITTEN:
            return None
        e = e.expand()
    return sympify(Poly(e, t).degree()) if e.is_polynomial(t) else oo


def _refuse_negative(domain: Any, kernel: Any, listed: Any) -> None:
    for level, (lam, _) in enumerate(listed):
        if lam.is_negative:
            raise OutOfDomain(
                f"{kernel} has λ_{level} = {lam} < 0 on {domain}: it is no kernel"
            )


def _least(last: Any, p: Any) -> Any:
    """The lower of two last levels; with a symbol among them, the domain's own."""
    return min(last, p) if last.is_Integer else last


def _eigenvalue(domain: Any, kernel: Any, level: int) -> Any:
    found = domain.eigenvalue(kernel, level)
    return found.expression if found.closed else found.definition.doit()
