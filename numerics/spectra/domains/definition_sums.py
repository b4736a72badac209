"""All levels of a kernel on any finite domain, from the sum that defines them.

λ_k = Σ_j w_j K(t_j) with the weights and cosines that the domain's own definition has,
in balls; rational weights and values of K give rational eigenvalues. A domain whose kind
has no faster transform needs nothing else.
"""

from functools import lru_cache
from typing import Any

from flint import arb, fmpq
from sympy import Expr

from numerics.interpreters.balls import BALLS, Value, as_ball
from numerics.interpreters.program import build
from numerics.numbers.ball import Ball, ball_of
from numerics.numbers.precision import working_precision
from numerics.spectra.kernel_evaluation import evaluator
from theory.domains import Domain
from theory.domains.weights import weights
from theory.kernels import Kernel

METHOD = "the defining sum in balls"
EXACT = "the defining sum in ℚ"
GUARD_BITS = 32


@lru_cache(maxsize=8192)
def _number(e: Expr) -> Any:
    return build(e, BALLS)


def _sum(run: Any, domain: Domain, k: int, known: dict[Expr, Value]) -> Value:
    total: Any = fmpq(0)
    for cosine, weight in weights(domain, k):
        if cosine not in known:
            known[cosine] = run((1 - _number(cosine)({})) / 2)
        total = total + _number(weight)({}) * known[cosine]
    return total


def _sums(run: Any, domain: Domain) -> list[Value]:
    known: dict[Expr, Value] = {}
    return [_sum(run, domain, k, known) for k in range(int(domain.last_level) + 1)]


def exact_eigenvalues(kernel: Kernel, domain: Domain) -> list[Ball] | None:
    """λ_0, λ_1, … as rational numbers, or None where one is not seen to be rational.

    Examples
    --------
    >>> from theory import Hypercube, kernels
    >>> [x.rational for x in exact_eigenvalues(kernels.polynomial(2), Hypercube(2))]
    [1/2, 0, 1/2]
    """
    run = evaluator(kernel, domain)
    cosines = {
        at for k in range(int(domain.last_level) + 1) for at, _ in weights(domain, k)
    }
    if not all(at.is_Rational for at in cosines):
        return None
    values = _sums(run, domain)
    if not all(isinstance(x, fmpq) for x in values):
        return None
    return [ball_of(x, EXACT) for x in values]


def eigenvalues(run: Any, domain: Domain, bits: int, digits: int) -> list[Ball]:
    """λ_0, λ_1, … of a function of u, at a working precision of ``bits``.

    Raises
    ------
    OutOfDomain
        When the kernel has no finite value at some cosine.
    """
    del digits
    with working_precision(bits + GUARD_BITS):
        values = [as_ball(x) for x in _sums(run, domain)]
        return [Ball(arb(x), None, METHOD) for x in values]
