"""The hypercube {±1}^d: its levels are the parities of k bits."""

from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from sympy import Expr, Mul, Sum, binomial, symbols, sympify

from theory.domains.domain import Domain, dimension, level_of, written
from theory.domains.krawtchouk import Krawtchouk
from theory.notation import m
from theory.numbers import integer


@dataclass(frozen=True, repr=False)
class Hypercube(Domain):
    """The hypercube {±1}^d: level k holds the parities of k bits.

    Raises
    ------
    OutOfDomain
        When d is neither a positive whole number nor a symbol.

    Examples
    --------
    >>> cube = Hypercube(8)
    >>> cube.multiplicity(3), cube.size, cube.zonal(8, -1)
    (56, 256, 1)
    """

    d: Any
    kind = "hypercube"
    spellings = ("hypercube:D",)
    group = "the hyperoctahedral group"
    antipode = True
    graded = True
    is_cube = True
    sizes = (1, 2, 3, 5, 8)

    def __post_init__(self) -> None:
        object.__setattr__(self, "d", dimension(self.d, 1))

    @property
    def ambient(self) -> Expr:
        """R^d around it."""
        return self.d

    @property
    def last_level(self) -> Expr:
        """The full parity, level d."""
        return self.d

    @property
    def size(self) -> Expr:
        """2^d corners."""
        return 2**self.d

    def multiplicity(self, k: Any) -> Expr:
        """C(d, k) subsets of k bits."""
        return binomial(self.d, level_of(self, k))

    def eigenfunctions(self, k: Any) -> tuple[Expr, ...]:
        """The orthonormal parities Π_{i ∈ S} x_i of all sets S of k bits, d ≤ 12.

        Examples
        --------
        >>> Hypercube(3).eigenfunctions(2)
        (x1*x2, x1*x3, x2*x3)
        """
        k, bits = level_of(self, k), integer(self.d, "d", least=1, most=12)
        names = symbols(f"x1:{bits + 1}")
        return tuple(Mul(*chosen) for chosen in combinations(names, int(k)))

    def vectors(self) -> tuple[tuple[Expr, ...], ...]:
        """All corners ±1, d ≤ 12; the last coordinate changes fastest.

        Examples
        --------
        >>> Hypercube(1).vectors()
        ((1,), (-1,))
        """
        bits = integer(self.d, "d", least=1, most=12)
        return tuple(product((sympify(1), sympify(-1)), repeat=bits))

    def zonal(self, k: Any, t: Any) -> Expr:
        """Krawtchouk polynomial of the Hamming distance d(1 − t)/2, over C(d, k)."""
        k = level_of(self, k)
        return Krawtchouk(k, self.d * (1 - sympify(t)) / 2, self.d) / binomial(
            self.d, k
        )

    def definition(self, kernel: Any, k: Any) -> Expr:
        """λ_k = 2^−d Σ_m C(d, m) K(1 − 2m/d) zonal_k(1 − 2m/d)."""
        k = level_of(self, k)
        value = written(kernel, 1 - 2 * m / self.d, self.d)
        weight = Krawtchouk(k, m, self.d) / binomial(self.d, k)
        return Sum(2**-self.d * binomial(self.d, m) * value * weight, (m, 0, self.d))

    def _repr_latex_(self) -> str:
        return rf"$\{{\pm 1\}}^{{{self.d}}}$"
