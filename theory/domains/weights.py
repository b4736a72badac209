"""The definition of λ_k on a finite domain as weights: λ_k = Σ w_j K(t_j)."""

from functools import lru_cache
from typing import Any

from sympy import Add, Expr, Function, Integer, Sum, expand, sympify

from theory.domains.domain import Domain, level_of
from theory.errors import Unsupported

MAX_TERMS = 100_000
_K = Function("K")


@lru_cache(maxsize=4096)
def weights(domain: Domain, k: Any) -> tuple[tuple[Expr, Expr], ...]:
    """The pairs (cosine, weight) of which λ_k is Σ weight · K(cosine).

    Raises
    ------
    Unsupported
        When the domain's definition is no finite sum of values of K at cosines.

    Examples
    --------
    >>> from theory.domains import Hypercube
    >>> weights(Hypercube(2), 1)
    ((1, 1/4), (-1, -1/4))
    """
    level = level_of(domain, k)
    if domain.invariant != "cosine":
        raise Unsupported(
            f"{domain}: kernels see the {domain.invariant} of two points, no cosine"
        )
    written = sympify(domain.definition(_K, level))
    e = expand(
        written.replace(lambda x: isinstance(x, Sum), lambda x: _added(domain, x))
    )
    cosines = sorted(e.atoms(_K), key=lambda x: x.args[0].evalf(), reverse=True)
    pairs = [(x.args[0], e.coeff(x)) for x in cosines]
    rest = e - Add(*(w * _K(at) for at, w in pairs))
    numbers = all(at.is_number and w.is_number for at, w in pairs)
    if expand(rest) != 0 or not numbers:
        raise Unsupported(_refusal(domain))
    return tuple(pairs)


def _added(domain: Domain, total: Any) -> Expr:
    """A finite sum, every term written."""
    (limits,) = total.limits[:1]
    index, first, last = limits
    known = len(total.limits) == 1 and first.is_Integer and last.is_Integer
    if not known or last - first > MAX_TERMS:
        raise Unsupported(_refusal(domain))
    terms = (
        total.function.subs(index, Integer(j)) for j in range(int(first), int(last) + 1)
    )
    return Add(*terms)


def _refusal(domain: Domain) -> str:
    return f"{domain}: the definition of λ_k is no finite sum of values of K"
