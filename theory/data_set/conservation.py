"""The conservation law: learnabilities of a complete orthonormal basis sum to n.

On any data set D of n points, for any kernel and any complete orthonormal basis,
kernel regression learns in total tr[K_D (K_D + δ)⁻¹] = n − δ tr (K_D + δ)⁻¹. Without
ridge, and with distinct points and a positive-definite kernel, that is exactly n.
"""

from sympy import Function, Identity, Inverse, MatrixSymbol, Sum, Symbol, Trace

from theory.constant import EIGENLEARNING
from theory.formula import formulas
from theory.notation import i as index
from theory.notation import modes, ridge
from theory.source import OURS

samples = Symbol("n", integer=True, positive=True)
K = MatrixSymbol("K_D", samples, samples)
Phi = MatrixSymbol("Phi", samples, modes)
Lam = MatrixSymbol("Lambda", modes, modes)
resolvent = Inverse(K + ridge * Identity(samples))


class L_D(Function):
    """The learnability of a mode on one data set D.

    Examples
    --------
    >>> L_D(index)
    L_D(i)
    """

    nargs = 1

    def _latex(self, printer, exp=None):
        body = rf"\mathcal{{L}}^{{(D)}}_{{{printer._print(self.args[0])}}}"
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"


class C_D(Function):
    """The constant that a mode sees on one data set D.

    Examples
    --------
    >>> C_D(index)
    C_D(i)
    """

    nargs = 1

    def _latex(self, printer, exp=None):
        body = rf"C^{{(D)}}_{{{printer._print(self.args[0])}}}"
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"


mode_learnability = L_D

filtered_residual = MatrixSymbol("h_D", samples, samples)
"""A filter's residual function h of the kernel matrix."""

learning_matrix = formulas.declare(
    name="learning_matrix",
    says="The matrix that takes a target's coefficients to the predictor's.",
    lhs=MatrixSymbol("T", modes, modes),
    rhs=Lam * Phi.T * resolvent * Phi,
    status="definition",
    source=EIGENLEARNING,
    given="K_D = Φ Λ Φᵀ; without ridge K_D is invertible",
)
conservation = formulas.declare(
    name="conservation",
    says=(
        "Learnabilities of any complete orthonormal basis sum to n, less the ridge's "
        "share."
    ),
    lhs=Sum(mode_learnability(index), (index, 1, modes)),
    rhs=samples - ridge * Trace(resolvent),
    status="exact",
    source=EIGENLEARNING,
    given="every data set of n points, every kernel with K_D + δ invertible",
)
conservation_for_filters = formulas.declare(
    name="conservation_for_filters",
    says=(
        "Learnabilities of a training rule sum to n, less what it leaves of the labels."
    ),
    lhs=Sum(mode_learnability(index), (index, 1, modes)),
    rhs=samples - Trace(filtered_residual),
    status="exact",
    source=OURS,
    given=(
        "f̂ = K_xD g(K_D) y with h(s) = 1 − s g(s), h_D = h(K_D); every data set of n "
        "points, repeated or not, every complete orthonormal basis"
    ),
)
