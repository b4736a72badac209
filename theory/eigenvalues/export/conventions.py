"""λ_k in other papers' letters, dimensions and normalizations.

``ours`` is notation.py: K as it is given, d the ambient dimension, a uniform probability
measure. Every paper here takes that measure too; they differ in what they call the
dimension, in how they scale the kernel, and in which of λ_k, g_k λ_k they print.
"""

from dataclasses import dataclass
from typing import Any

from sympy import Expr, Integer, Symbol, gamma, pi, sqrt

from theory.chain import Chain
from theory.eigenvalues.question import function_of_t
from theory.errors import OutOfDomain, Unsupported, meant
from theory.notation import d as symbol_d
from theory.notation import t
from theory.printing import Shown, latex, text
from theory.source import Source

D = Symbol("D", integer=True, positive=True)


@dataclass(frozen=True, slots=True)
class Convention:
    """What a paper prints for λ_k.

    Attributes
    ----------
    name, source
        Its name here, and the paper.
    letter
        The eigenvalue's letter, in LaTeX.
    says
        Dimension and normalization, in words.
    """

    name: str
    source: Source
    letter: str
    says: str


CONVENTIONS = {
    c.name: c
    for c in (
        Convention(
            "eigenlearning",
            Source("simon2023eigenlearning"),
            r"\lambda",
            "K is divided by K(1), as in the published code, so Σ g_k λ_k = 1; d is the "
            "ambient dimension",
        ),
        Convention(
            "canatar",
            Source("canatar2021spectral"),
            r"\eta",
            "D is the ambient dimension; η_k is our λ_k, and the level's total is "
            "printed beside it, η̄_k = N(D, k) η_k",
        ),
        Convention(
            "bach",
            Source("bach2017breaking"),
            r"\lambda",
            "the sphere S^d lies in R^(d+1), so their d is ours minus 1; an arc-cosine "
            "kernel has weights uniform on the sphere and the eigenvalue λ_k², λ_k that "
            "of its activation",
        ),
    )
}


@dataclass(frozen=True, slots=True, repr=False)
class Restated(Shown):
    """λ_k as another paper would print it.

    Attributes
    ----------
    convention
        Whose letters and normalization these are.
    symbol
        The left side, in LaTeX.
    expression
        The right side, in that paper's dimension.
    total
        The level's total over its modes, where the paper prints that; else None.
    """

    convention: Convention
    symbol: str
    expression: Expr
    total: tuple[str, Expr] | None = None

    def latex(self) -> str:
        """The equation, and the level's total after it."""
        text = rf"{self.symbol} = {latex(self.expression)}"
        if self.total is None:
            return text
        return rf"{text}, \quad {self.total[0]} = {latex(self.total[1])}"

    def _sympy_(self) -> Expr:
        return self.expression

    def __str__(self) -> str:
        return f"{self.symbol} = {text(self.expression)}  [{self.convention.says}]"


def known(name: Any) -> Convention:
    """The convention of that name.

    Raises
    ------
    OutOfDomain
        When it is unknown; the message lists the known ones.
    """
    if name not in CONVENTIONS:
        listed = ", ".join(["ours", *CONVENTIONS])
        raise OutOfDomain(
            f"convention = {name!r} is unknown (known: {listed}){meant(name, CONVENTIONS)}"
        )
    return CONVENTIONS[name]


def restated(e: Any, name: str) -> Restated:
    r"""An eigenvalue in a paper's convention.

    Parameters
    ----------
    e
        An Eigenvalue.
    name
        ``eigenlearning``, ``canatar`` or ``bach``.

    Raises
    ------
    OutOfDomain
        When the convention is unknown.
    Unsupported
        When the paper has no such domain, or K is only a chain of layers.

    Examples
    --------
    >>> from theory import Hypersphere, kernels
    >>> from theory.eigenvalues import eigenvalue
    >>> e = eigenvalue(Hypersphere(symbol_d), kernels.ntk("relu"), 1)
    >>> [restated(e, name).latex() for name in ("eigenlearning", "bach")]
    ['\\lambda_{1} = \\frac{1}{2 d}', '\\lambda_{1} = \\frac{1}{d + 1}']
    >>> restated(e, "canatar").latex()
    '\\eta_{1} = \\frac{1}{D}, \\quad \\bar{\\eta}_{1} = 1'
    """
    convention = known(name)
    symbol = rf"{convention.letter}_{{{latex(e.level)}}}"
    if e.chain is not None:
        raise Unsupported(
            f"{e.kernel} is only a chain of layers; its λ_k is stated in our letters"
        )
    if name == "eigenlearning":
        return Restated(convention, symbol, e.expression / _at_one(e))
    if name == "canatar":
        eta = e.expression.subs(symbol_d, D)
        total = (e.domain.multiplicity(e.level) * e.expression).subs(symbol_d, D)
        barred = rf"\bar{{\eta}}_{{{latex(e.level)}}}"
        return Restated(convention, symbol, eta, (barred, total.simplify()))
    return _bach(e, convention, symbol)


def _at_one(e: Any) -> Expr:
    written = function_of_t(e.domain, e.kernel)
    top = written.subs({t: Integer(1)})
    return top.expand() if isinstance(top, Chain) else top


def _bach(e: Any, convention: Convention, symbol: str) -> Restated:
    if not e.domain.is_sphere:
        raise Unsupported(f"convention bach: spheres only, not {e.domain}")
    raised = {symbol_d: symbol_d + 1}
    s = order_of(e)
    if s is None:
        return Restated(convention, symbol, e.expression.subs(raised))
    from theory.eigenvalues.sphere.arc_cosine import radial

    top = 2**s * gamma(s + Integer(1) / 2) / sqrt(pi)
    squared = e.expression / _at_one(e) * top / (2 * radial(s, e.domain.ambient))
    return Restated(convention, rf"{symbol}^{{2}}", squared.subs(raised))


def order_of(e: Any) -> Expr | None:
    """The order s where the kernel is a multiple of κ_s, else None.

    Examples
    --------
    >>> from theory import Hypersphere, kernels
    >>> from theory.eigenvalues import eigenvalue
    >>> order_of(eigenvalue(Hypersphere(5), kernels.nngp("relu"), 2))
    1
    """
    if e.rule is None or e.rule.name not in {"sphere_arc_cosine", "parity_zero"}:
        return None
    if e.kernel.family == "arc_cosine":
        return e.kernel["order"]
    from theory.activations.arc_cosine import textbook
    from theory.eigenvalues.sphere.arc_cosine import multiple_of

    written = function_of_t(e.domain, e.kernel)
    if isinstance(written, Chain):
        return None
    orders = (n for n in range(4) if multiple_of(written, textbook(n)) is not None)
    order = next(orders, None)
    return None if order is None else Integer(order)
