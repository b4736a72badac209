"""What is asked: a kernel and a domain, in either order, as objects or as their text."""

from typing import Any

from sympy import Expr, Function

from theory import domains, kernels
from theory.chain import Chain
from theory.domains import Domain
from theory.errors import OutOfDomain
from theory.kernels import Kernel
from theory.notation import d as symbol_d
from theory.notation import t

K = Function("K")


def writable(kernel: Kernel) -> Any:
    """The kernel as a function of t, unevaluated where it is a chain.

    Examples
    --------
    >>> writable(kernels.ntk("relu", depth=9))(t)
    K(t)
    """
    return K if isinstance(kernel(t), Chain) else kernel


def function_of_t(domain: Domain, kernel: Kernel) -> Expr | Chain:
    """K(t) with the dimension bound by the domain."""
    written = kernel(t)
    return (
        written if domain.ambient is None else written.subs({symbol_d: domain.ambient})
    )


def understood(domain: Any, kernel: Any) -> tuple[Domain, Kernel]:
    """The two in either order, and given as objects or as their text.

    Raises
    ------
    OutOfDomain
        When one is no domain or the other no kernel.
    """
    named = (
        isinstance(kernel, str) and kernel.strip().partition(":")[0] in domains.KNOWN
    )
    if isinstance(domain, Kernel) or isinstance(kernel, Domain) or named:
        domain, kernel = kernel, domain
    if isinstance(domain, str):
        domain = domains.parse(domain)
    if isinstance(kernel, str):
        kernel = kernels.parse(kernel)
    elif isinstance(kernel, Expr):
        kernel = kernels.from_expression(kernel)
    if not isinstance(domain, Domain):
        raise OutOfDomain(
            f"domain = {domain!r} is no hypercube, sphere or circle, and derives from no "
            "theory.domains.Domain"
        )
    if not isinstance(kernel, Kernel):
        raise OutOfDomain(
            f"kernel = {kernel!r} is no kernel, no expression in t and no kernel's text"
        )
    return domain, kernel
