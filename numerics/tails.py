"""What lies above the listed levels, and what it adds to the sums that C balances.

Only Σ g λ, Σ g λ² and a bound m of the eigenvalues are known of a tail. With the weights
g λ, 1/(λ + C) is convex in λ: Jensen's inequality bounds its mean from below, the chord
on [0, m] from above. Both ends move with the square of m, so that every level more
doubles what it brings.
"""

from dataclasses import dataclass

from flint import arb

from numerics.ball import Ball
from theory.errors import NotPositiveDefinite


@dataclass(frozen=True, slots=True)
class Tail:
    """What lies above the listed levels.

    Attributes
    ----------
    mass
        Σ g λ.
    square
        Σ g λ².
    bound
        An exact number that no eigenvalue of the tail exceeds.
    positive
        Why no eigenvalue of the tail is negative; None where that is not known.
    """

    mass: Ball
    square: Ball
    bound: Ball
    positive: str | None = "nothing is left out"

    @classmethod
    def empty(cls) -> "Tail":
        """Nothing is left out."""
        return cls(Ball.exact(0), Ball.exact(0), Ball.exact(0))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left out."""
        return self.mass.sign == 0 and self.square.sign == 0

    def learned(self, c: arb, bits: int) -> arb:
        """Σ g λ/(λ + c) over the tail, enclosed, at the working precision.

        Raises
        ------
        NotPositiveDefinite
            When negative eigenvalues in the tail are not excluded.

        Examples
        --------
        >>> one = Tail(Ball.exact(2), Ball.exact(2), Ball.exact(1))   # twice λ = 1
        >>> bool(one.learned(arb(1), 64) == 1)
        True
        """
        least, most, small, large, m = self._ends(bits)
        low = arb(0)
        if least > 0:
            low = least * least / (c * least + large)
        high = most / c - small / (c * (c + m))
        return low.lower().union(high.upper())

    def slope(self, c: arb, bits: int) -> arb:
        """Σ g λ c/(λ + c)² over the tail, enclosed: what −∂/∂ log c makes of the above.

        Raises
        ------
        NotPositiveDefinite
            When negative eigenvalues in the tail are not excluded.
        """
        least, most, small, large, m = self._ends(bits)
        low = arb(0)
        if least > 0:
            low = c * least**3 / (c * least + large) ** 2
        high = most / c - small * (2 * c + m) / (c * (c + m) ** 2)
        return low.lower().union(high.upper())

    def _ends(self, bits: int) -> tuple[arb, arb, arb, arb, arb]:
        """Lower and upper ends of Σ g λ and of Σ g λ², and the bound."""
        if self.positive is None:
            msg = (
                "the levels above the listed ones are not proved to be non-negative; "
                "C has no enclosure without that"
            )
            raise NotPositiveDefinite(msg)
        mass, square = self.mass.at(bits), self.square.at(bits)
        return (
            arb.max(mass.lower(), arb(0)),
            mass.upper(),
            arb.max(square.lower(), arb(0)),
            square.upper(),
            self.bound.at(bits).upper(),
        )
