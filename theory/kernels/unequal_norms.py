"""Kernels of two inputs whose norms differ, as data have them.

r₁ = ‖x‖²/d and r₂ = ‖x′‖²/d, and u is (1 − t)/2 for the cosine t as always. At
r₁ = r₂ = 1 every kernel is the usual one; ``input_variance`` scales both norms.
"""

from collections.abc import Callable

from sympy import Expr, S, Symbol, exp, sqrt

from theory.activations import Activation, activation
from theory.chain import Chain
from theory.errors import Unsupported
from theory.kernels.combined import PARTS, as_chain, joined
from theory.kernels.kernel import Kernel
from theory.kernels.unequal_variances import norm1, norm2, two_norm_chain
from theory.notation import bias_variance, d, input_variance, t, u, weight_variance

inner = sqrt(norm1) * sqrt(norm2) * (1 - 2 * u)
"""x·x′/d."""
square = (sqrt(norm1) - sqrt(norm2)) ** 2 + 4 * sqrt(norm1) * sqrt(norm2) * u
"""‖x − x′‖²/d, a sum of positive terms."""


def _net(kernel: Kernel, phi: Activation | None = None) -> Chain:
    names = (weight_variance, bias_variance, input_variance)
    keys = ("weight_variance", "bias_variance", "input_variance")
    weights = {name: kernel[key] for name, key in zip(names, keys, strict=True)}
    phi = phi or activation(kernel["activation"])
    return two_norm_chain(phi, int(kernel["depth"]), kernel.family == "ntk", weights)


def _arc_cosine(kernel: Kernel) -> Chain:
    """J_n(θ)/π with Cho and Saul's factor (‖x‖‖x′‖)^n, over d^n."""
    factor = (norm1 * norm2) ** (kernel["order"] / 2)
    angular = kernel.half()
    return Chain(angular.bindings, factor * angular.result)


def _distance(kernel: Kernel) -> Expr:
    return d * kernel["input_variance"] * square / kernel["width"] ** 2


NETS = ("ntk", "nngp")
FORMS: dict[str, Callable[[Kernel], Chain | Expr]] = {
    "ntk": _net,
    "nngp": _net,
    "polynomial": lambda K: inner ** K["degree"],
    "inhomogeneous": lambda K: (inner + K["constant"]) ** K["degree"],
    "exponential": lambda K: exp(K["beta"] * inner),
    "gaussian": lambda K: exp(-_distance(K) / 2),
    "laplace": lambda K: exp(-sqrt(_distance(K))),
    "arc_cosine": _arc_cosine,
}


def two_norm_form(
    kernel: Kernel, phi_of: Callable[[Kernel], Activation] | None = None
) -> Chain:
    """K(x, x′) in u, r₁ and r₂.

    Parameters
    ----------
    kernel
        The kernel.
    phi_of
        What a net's activation is taken to be: by default its own.

    Raises
    ------
    Unsupported
        When the kernel is a function of the cosine and nothing else is meant by it.

    Examples
    --------
    >>> from theory import kernels
    >>> two_norm_form(kernels.polynomial(2)).subs({u: 0, norm1: 3, norm2: 2}).expand()
    6
    >>> two_norm_form(kernels.gaussian(1)).subs({norm1: 1, norm2: 1}).expand()
    exp(-2*d*u)
    """
    if kernel.family in {"sum", "product", "compose"}:
        parts = [part for _, part in kernel.parameters]
        if kernel.family == "compose":
            outer = parts[0](t)
            if isinstance(outer, Chain):
                raise Unsupported(
                    f"compose: the outer kernel {parts[0]} must be one expression in t"
                )
            inside = two_norm_form(parts[1], phi_of)
            return joined([inside], lambda e: outer.subs(t, e))
        chains = [two_norm_form(part, phi_of) for part in parts]
        if kernel.family == "sum":
            return joined(chains, lambda one, other: one + other)
        return joined(chains, lambda one, other: one * other)
    if kernel.family not in FORMS:
        known = ", ".join([*FORMS, *(kind for kind in PARTS if kind != "normalized")])
        raise Unsupported(
            f"kernel {kernel} is a function of the cosine, and what it is for inputs of "
            f"different norms is not defined (defined for: {known}); use equal norms"
        )
    if kernel.family in NETS and phi_of is not None:
        return _net(kernel, phi_of(kernel))
    return as_chain(FORMS[kernel.family](kernel))


def one_point_form(kernel: Kernel, *, own: bool) -> Chain:
    """K(x, x) in r₁, or with ``own`` False the number K(1), for one point twice.

    Every layer's u is 0 because both inputs are one point. The recursion for pairs finds
    that only up to rounding, which grows like χ^depth where nets are chaotic.

    Raises
    ------
    Unsupported
        As ``two_norm_form``.

    Examples
    --------
    >>> from theory import kernels
    >>> one_point_form(kernels.ntk("relu", depth=2), own=True).expand()
    3*r_1
    """
    chain = two_norm_form(kernel) if own else kernel.half()
    known: dict[Symbol, Expr] = {u: S.Zero, norm2: norm1}
    bindings = []
    for symbol, e in chain.bindings:
        if symbol.name.startswith("u_"):
            known[symbol] = S.Zero
            continue
        bindings.append((symbol, e.xreplace(known)))
    return Chain(tuple(bindings), chain.result.xreplace(known))


__all__ = ["inner", "norm1", "norm2", "one_point_form", "square", "two_norm_form"]
