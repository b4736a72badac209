"""Eigenvalues that are zero because half of the kernel is a polynomial.

On a graded domain with antipodes, as the hypercube, the sphere, the circle and an even
number of equispaced points are, the zonal function of level k has the parity of k, and
is orthogonal to every polynomial of degree below k. So if the odd part of K is a
polynomial of degree p, then λ_k = 0 for every odd k > p; likewise for the even part. ReLU
nets without bias are the case in point: the odd part of their one-hidden-layer kernels is
a multiple of t.
"""

from dataclasses import dataclass

from sympy import Add, Expr, acos, asin, expand, pi

from theory.activations import activation, z
from theory.activations.series_duals.softplus_dual import softplus_dual
from theory.activations.series_duals.swish_dual import swish_dual, swish_slope_dual
from theory.activations.series_duals.tanh_dual import sech_dual, tanh_dual
from theory.chain import Chain
from theory.domains import Domain
from theory.kernels.kernel import Kernel
from theory.notation import t

MAX_OPERATIONS = 150
PARITIES = (
    (tanh_dual, -1),
    (sech_dual, 1),
    (swish_dual, 1),
    (softplus_dual, 1),
    (swish_slope_dual, -1),
)


@dataclass(frozen=True, slots=True)
class Vanishing:
    """λ_k = 0 for every k of parity ``parity`` (k mod 2) above ``degree``."""

    parity: int
    degree: int

    def covers(self, k: int) -> bool:
        """Whether level k is proved to vanish."""
        return k % 2 == self.parity and k > self.degree


def reflected(e: Expr) -> Expr:
    """The expression at −t, with arccos(−t) = π − arccos t and the like written out.

    Examples
    --------
    >>> reflected(t * acos(t)), reflected(tanh_dual(2, t))
    (-t*(pi - acos(t)), -tanh_dual(2, t))
    """
    e = e.subs(t, -t).replace(acos(-t), pi - acos(t)).replace(asin(-t), -asin(t))
    for head, sign in PARITIES:
        e = e.replace(
            lambda x, head=head: (
                isinstance(x, head) and x.args[1].could_extract_minus_sign()
            ),
            lambda x, head=head, sign=sign: sign * head(x.args[0], -x.args[1]),
        )
    return e


def symmetry(kernel: Kernel) -> int | None:
    """1 for a net, or a combination of nets, that is odd in t, 0 for an even one.

    None claims nothing.

    Examples
    --------
    >>> from theory import kernels
    >>> symmetry(kernels.nngp("erf", depth=7)), symmetry(kernels.ntk("relu"))
    (1, None)
    """
    if kernel.family in {"ntk", "nngp"}:
        if kernel["bias_variance"] != 0:
            return None
        phi = activation(kernel["activation"]).expression
        mirror = phi.subs(z, -z)
        return 0 if mirror == phi else 1 if mirror == -phi else None
    if kernel.family == "normalized":
        return symmetry(kernel["part_0"])
    if kernel.family in {"sum", "product"}:
        first, second = symmetry(kernel["part_0"]), symmetry(kernel["part_1"])
        if first is None or second is None:
            return None
        if kernel.family == "product":
            return (first + second) % 2
        return first if first == second else None
    return None


def vanishing_levels(kernel: Kernel, domain: Domain) -> tuple[Vanishing, ...]:
    """The parities whose eigenvalues vanish above some degree, by the theorem above.

    An empty answer claims nothing.

    Examples
    --------
    >>> from theory import kernels
    >>> from theory.domains import Hypercube
    >>> vanishing_levels(kernels.ntk("relu", depth=1), Hypercube(8))
    (Vanishing(parity=1, degree=1),)
    """
    if not (domain.graded and domain.antipode):
        return ()
    whole = symmetry(kernel)
    if whole is not None:
        return (Vanishing(1 - whole, -1),)
    if kernel.family in {"ntk", "nngp"} and kernel["depth"] > 1:
        return ()
    written = kernel(t)
    if isinstance(written, Chain) or written.count_ops() > MAX_OPERATIONS:
        return ()
    mirror = reflected(written)
    found = []
    for parity, sign in ((0, 1), (1, -1)):
        part = expand((written + sign * mirror) / 2)
        if part.is_polynomial(t):
            terms = [x.as_coeff_exponent(t)[1] for x in Add.make_args(part) if x != 0]
            degree = max(terms, default=-1)
            found.append(Vanishing(parity, int(degree)))
    return tuple(found)
