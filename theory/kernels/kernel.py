"""A kernel is a family and its parameters, no more; families say how to read and write.

``str(kernel)`` is canonical, and ``theory.kernels.parse`` reads it back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sympy import Expr, Pow, Rational, acos

from theory.activations.angle import angle
from theory.chain import Chain
from theory.errors import OutOfDomain
from theory.kernels.combined import (
    PARTS,
    as_chain,
    combined,
    positive_definite,
    require_bounded,
)
from theory.methods import FromAbove
from theory.notation import t, u
from theory.numbers import exact, text_of


@dataclass(frozen=True, slots=True)
class Kernel:
    """A dot-product kernel K(t), hashable and comparable by family and parameters.

    Attributes
    ----------
    family
        ``ntk``, ``nngp``, ``polynomial``, … or ``expr``.
    parameters
        Pairs of name and value: exact SymPy numbers or symbols; an activation's name.
    """

    family: str
    parameters: tuple[tuple[str, Any], ...]

    def __add__(self, other: Any) -> "Kernel":
        return combine("sum", self, _kernel(other))

    def __radd__(self, other: Any) -> "Kernel":
        return combine("sum", _kernel(other), self)

    def __sub__(self, other: Any) -> "Kernel":
        return self + -1 * _kernel(other)

    def __mul__(self, other: Any) -> "Kernel":
        return combine("product", self, _kernel(other))

    def __rmul__(self, other: Any) -> "Kernel":
        return combine("product", _kernel(other), self)

    def __pow__(self, power: Any) -> "Kernel":
        return FAMILIES["polynomial"].read(power).compose(self)

    def normalized(self) -> "Kernel":
        """K/K(1), which has trace 1."""
        return combine("normalized", self)

    def compose(self, inner: "Kernel") -> "Kernel":
        """K(inner(t)): this kernel as a function of another one's value."""
        return combine("compose", self, inner)

    def __getitem__(self, name: str) -> Any:
        return dict(self.parameters)[name]

    def _ipython_key_completions_(self) -> list[str]:
        return [name for name, _ in self.parameters]

    matrix = FromAbove("numerics")
    matrix_error = FromAbove("numerics")
    values = FromAbove("numerics")

    def __call__(self, at: Any, other: Any = None) -> Any:
        """K at a cosine, as textbooks write it; a Chain above three hidden layers.

        An array of cosines gives an array of floats, ``K.values(t)``. Two points, or two
        arrays of points, give K(x, x′) in floats, ``K.matrix(X, Y)``, so that a kernel is
        itself a metric for other packages.
        """
        if other is not None:
            return self._of_points(at, other)
        if isinstance(at, list | tuple) or getattr(at, "ndim", 0):
            return self.values(at)
        value = at if isinstance(at, Expr) else exact(at, "t")
        written = _textbook(self)
        return written.subs({t: value})

    def _of_points(self, x: Any, y: Any) -> Any:
        """K(x, x′) of two points, [d] each, or the matrix of two arrays of points."""
        if getattr(x, "ndim", 2) == 1 and getattr(y, "ndim", 2) == 1:
            return float(self.matrix(x[None], y[None])[0, 0])
        return self.matrix(x, y)

    def half(self) -> Chain:
        """K as a function of u = (1 − t)/2, in the form that numerics evaluate."""
        return _half(self)

    @property
    def positive_definite(self) -> str | None:
        """Why K is positive semi-definite in every dimension, or None if not known."""
        return FAMILIES[self.family].positive_definite(self)

    def __str__(self) -> str:
        if self.family == "expr":
            return f"expr:{text_of(self['expression'])}"
        if self.family in PARTS:
            return self.family + ":" + "".join(f"[{part}]" for part in _parts(self))
        head = [self.family]
        rest = []
        for name, value in self.parameters:
            if name == "activation":
                head.append(value)
            else:
                rest.append(f"{name}={_spell(value)}")
        return ":".join([*head, ",".join(rest)] if rest else head)

    __repr__ = __str__

    def latex(self) -> str:
        """K(t) in LaTeX; a deep kernel is its chain of layers."""
        from theory.printing import latex

        written = self(t)
        return written.latex() if isinstance(written, Chain) else latex(written)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"


@dataclass(frozen=True, slots=True)
class Family:
    """How a family of kernels reads its parameters and writes its function."""

    read: Callable[..., Kernel]
    textbook: Callable[[Kernel], Expr | Chain]
    half: Callable[[Kernel], Chain]
    positive_definite: Callable[[Kernel], str | None]


@lru_cache(maxsize=256)
def _textbook(kernel: Kernel) -> Expr | Chain:
    return FAMILIES[kernel.family].textbook(kernel)


@lru_cache(maxsize=256)
def _half(kernel: Kernel) -> Chain:
    return FAMILIES[kernel.family].half(kernel)


def _spell(value: Any) -> str:
    """A decimal where it is short and exact, a fraction otherwise."""
    if isinstance(value, Rational) and value.q != 1:
        for places in range(1, 13):
            scaled = value * 10**places
            if scaled.q == 1:
                digits = text_of(abs(int(scaled))).rjust(places + 1, "0")
                sign = "-" if value < 0 else ""
                return f"{sign}{digits[:-places]}.{digits[-places:]}"
    return text_of(value)


def half_angle_form(e: Expr) -> Expr:
    """An expression in t rewritten in u = (1 − t)/2, with nothing left to cancel.

    arccos t becomes the angle of u, and powers of 1 − t² and 1 − t powers of u.

    Examples
    --------
    >>> from sympy import sqrt
    >>> half_angle_form(sqrt(1 - t)), half_angle_form(acos(t))
    (sqrt(2)*sqrt(u), angle(u))
    """
    e = e.replace(lambda x: x == acos(t), lambda _: angle(u))
    circle = {1 - t**2: 4 * u * (1 - u), t**2 - 1: -4 * u * (1 - u)}
    e = e.replace(
        lambda x: isinstance(x, Pow) and x.base in circle,
        lambda x: circle[x.base] ** x.exp,
    )
    return e.subs(t, 1 - 2 * u)


def _kernel(value: Any) -> Any:
    """A kernel as it is, a number or an expression in t as the kernel that it writes."""
    return value if isinstance(value, Kernel) else FAMILIES["expr"].read(value)


def _parts(kernel: Kernel) -> list[Kernel]:
    return [part for _, part in kernel.parameters]


def combine(kind: str, *parts: Any) -> Kernel:
    """A kernel made of kernels: ``sum``, ``product``, ``compose`` or ``normalized``.

    Raises
    ------
    OutOfDomain
        When a part is not a kernel, their number is wrong, or the whole would have too
        many operations.

    Examples
    --------
    >>> from theory.kernels import exponential, parse, polynomial
    >>> (polynomial(2) + exponential(1))(0)
    1
    >>> parse("normalized:[ntk:relu:depth=1]")(1)
    1
    """
    if len(parts) != PARTS[kind] or not all(isinstance(p, Kernel) for p in parts):
        raise OutOfDomain(
            f"{kind} takes {PARTS[kind]} kernel(s), not {', '.join(map(str, parts))}"
        )
    require_bounded(kind, list(parts))
    return Kernel(kind, tuple((f"part_{i}", part) for i, part in enumerate(parts)))


def _combination(kind: str) -> Family:
    return Family(
        lambda *parts: combine(kind, *parts),
        lambda K: combined(kind, _parts(K), half=False),
        lambda K: as_chain(combined(kind, _parts(K), half=True)),
        lambda K: positive_definite(kind, _parts(K)),
    )


FAMILIES: dict[str, Family] = {kind: _combination(kind) for kind in PARTS}
"""Name → family; ``theory.kernels.elementary`` enters the elementary ones."""
