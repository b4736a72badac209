"""Levels from theory's closed rules, where no method of integration has an error bound.

Powers (1 ∓ t)^ν of any real order, arc-cosine kernels of any order, and sums with them are
not analytic in the angle; their eigenvalues are Gamma functions, by rules that prove
themselves (``theory.eigenvalues``). Here these expressions are evaluated in balls.
"""

from functools import lru_cache
from typing import Any

from flint import arb, fmpq
from sympy import Expr, Integer, KroneckerDelta, expand

from numerics.interpreters.balls import BALLS, as_ball
from numerics.interpreters.program import Program, build
from numerics.numbers.ball import Ball, ball_of
from numerics.numbers.precision import working_precision
from theory.chain import Chain
from theory.domains import Domain
from theory.eigenvalues import eigenvalue
from theory.errors import NotEvaluable
from theory.kernels import Kernel, from_expression
from theory.notation import d as symbol_d
from theory.notation import k as symbol_k
from theory.notation import t

SYMBOLIC_FROM = 16
"""From here on one expression in k serves all levels; below, each is simplified alone."""


@lru_cache(maxsize=256)
def _rule(kernel: Kernel, domain: Domain, level: Expr) -> tuple[Program, str]:
    if isinstance(kernel(t), Chain):
        raise NotEvaluable(
            f"kernel {kernel} is a chain of layers, which no closed rule holds for"
        )
    found = eigenvalue(domain, kernel, level)
    if found.rule is None:
        raise NotEvaluable(
            f"no closed rule gives level {level} of kernel {kernel} on {domain}"
        )
    written = found.expression.replace(KroneckerDelta, _far_from)
    return build(written, BALLS), f"closed form: {found.rule.name}"


def _far_from(*places: Expr) -> Expr:
    """A term of one low level, where all levels meant are higher."""
    if any(x.is_Integer and x < SYMBOLIC_FROM for x in places):
        return Integer(0)
    raise NotEvaluable(
        f"a term of level {places} has no place in one expression for all levels"
    )


def levels(kernel: Kernel, domain: Domain, wanted: Any, bits: int) -> list[Ball]:
    """λ_k of the levels wanted, to about ``bits`` bits of the largest term.

    Raises
    ------
    NotEvaluable
        When no closed rule applies, or its form has no ball at some level.

    Examples
    --------
    >>> from theory import Hypersphere, kernels
    >>> root = kernels.parse("expr:2 - (1 - t)**(1/3)")
    >>> [str(x)[:8] for x in levels(root, Hypersphere(3), [0, 1], 64)]
    ['1.055059', '0.134991']
    """
    with working_precision(bits):
        return [_one(kernel, domain, k) for k in wanted]


def _one(kernel: Kernel, domain: Domain, k: int) -> Ball:
    if k >= SYMBOLIC_FROM:
        try:
            program, name = _rule(kernel, domain, symbol_k)
            value = program({symbol_k: fmpq(k)})
            if as_ball(value).is_finite():
                return ball_of(value, name)
        except (NotEvaluable, ZeroDivisionError):
            pass
    program, name = _rule(kernel, domain, Integer(k))
    value = program({})
    if not as_ball(value).is_finite():
        raise NotEvaluable(
            f"level {k} of kernel {kernel} on {domain}: its closed form has no ball"
        )
    return ball_of(value, name)


@lru_cache(maxsize=64)
def _squared(kernel: Kernel, domain: Domain) -> Kernel:
    dimension, written = domain.ambient, kernel(t)
    assert not isinstance(written, Chain)  # its levels were found
    return from_expression(expand(written.subs(symbol_d, dimension) ** 2))


def mean_square(kernel: Kernel, domain: Domain) -> arb | None:
    """E[K²] at the working precision, None where no closed rule gives it."""
    try:
        program, _ = _rule(_squared(kernel, domain), domain, Integer(0))
        value = as_ball(program({}))
    except NotEvaluable:
        return None
    return value if value.is_finite() else None
