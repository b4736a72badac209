"""λ_k of a kernel by the rules of its domain's kind, or by the domain's definition."""

from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, Integer

from theory.chain import Chain
from theory.domains.domain import Domain, level_of
from theory.eigenvalues import derive, parity_zero
from theory.eigenvalues.algebra.gamma_quotients import tidy
from theory.eigenvalues.question import K, function_of_t, understood, writable
from theory.eigenvalues.rule import Rule
from theory.kernels import Kernel


@dataclass(frozen=True, slots=True)
class KnownEigenvalue:
    """What is known of λ_k: see ``Eigenvalue``, which adds what can be done with it."""

    domain: Domain
    kernel: Kernel
    level: Expr
    expression: Expr
    rule: Rule | None
    tried: tuple[tuple[str, str], ...] = ()
    chain: Chain | None = field(default=None, repr=False)

    @property
    def closed(self) -> bool:
        """Whether ``expression`` is a closed form."""
        return self.rule is not None

    @property
    def definition(self) -> Expr:
        """The sum or integral that defines λ_k."""
        return self.domain.definition(writable(self.kernel), self.level)


def find(domain: Any, kernel: Any, k: Any) -> KnownEigenvalue:
    """λ_k of a kernel: the first rule that applies, or the definition and why.

    The arguments are those of ``theory.eigenvalues.eigenvalue``.

    Raises
    ------
    OutOfDomain
        When the domain has no level k, or what is given is no domain or no kernel.

    Examples
    --------
    >>> find("hypercube:4", "polynomial:degree=1", 1).expression
    1/4
    """
    domain, kernel = understood(domain, kernel)
    level = level_of(domain, k)
    tried: list[tuple[str, str]] = []
    if domain.invariant != "cosine":
        reason = f"kernels see the {domain.invariant} of two points, not their cosine"
        e = domain.definition(kernel, level)
        return KnownEigenvalue(
            domain, kernel, level, e, None, (("closed forms", reason),)
        )
    written = function_of_t(domain, kernel)
    if parity_zero.vanishes(kernel, domain, level):
        rule = parity_zero.RULE
        return KnownEigenvalue(domain, kernel, level, Integer(0), rule)
    if isinstance(written, Chain):
        reason = f"the kernel is a chain of {len(written.bindings)} steps"
        unwritten = domain.definition(K, level)
        refusal = ("closed forms", reason)
        return KnownEigenvalue(
            domain, kernel, level, unwritten, None, (refusal,), written
        )
    tried.append((parity_zero.RULE.name, "level k is not proved to vanish by parity"))
    found = derive.by_rules(written, domain, level, tried)
    if found is None:
        e = domain.definition(kernel, level)
        return KnownEigenvalue(domain, kernel, level, e, None, tuple(tried))
    rule, levels = found
    e = tidy(levels(level)) if level.is_Integer else levels(level)
    return KnownEigenvalue(domain, kernel, level, e, rule, tuple(tried))
