"""What lies above the listed levels, and what it adds to the sums that C balances.

Only Σ g λ, Σ g λ² and a bound m of the eigenvalues are known of a tail. With the weights
g λ, 1/(λ + C) is convex in λ: Jensen's inequality bounds its mean from below, the chord
on [0, m] from above. Both ends move with the square of m, so that every level more
doubles what it brings.

Where Σ g λ³, Σ g λ⁴, … are known too (``numerics.spectra.high_levels.tail_sums``), the
geometric series of λ/(λ + C) alternates, and every further sum brings the factor m/C.
"""

from dataclasses import dataclass
from typing import Protocol

from flint import acb, arb

from numerics.numbers.ball import Ball
from theory.errors import NotPositiveDefinite

MAX_POWER = 80


class PowerSums(Protocol):
    """Sums Σ g λ^m over a tail, enclosed."""

    def moment(self, m: int) -> arb:
        """Σ g λ^m."""
        ...

    def bound(self) -> arb:
        """A number that no eigenvalue exceeds."""
        ...


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
    sums
        Further sums Σ g λ^m, or None where the first two have to suffice.
    """

    mass: Ball
    square: Ball
    bound: Ball
    positive: str | None = "nothing is left out"
    sums: PowerSums | None = None

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
        return self._series(c, bits, low.lower().union(high.upper()), slope=False)

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
        return self._series(c, bits, low.lower().union(high.upper()), slope=True)

    def beside(self, c: acb, bits: int, *, slope: bool = False) -> acb:
        """``learned``, or ``slope``, at a complex c with a positive imaginary part.

        Raises
        ------
        NotPositiveDefinite
            When negative eigenvalues in the tail are not excluded.

        Examples
        --------
        >>> one = Tail(Ball.exact(2), Ball.exact(2), Ball.exact(1))   # twice λ = 1
        >>> one.beside(acb(1, 1), 64).contains(2 / acb(2, 1))
        True
        """
        self._ends(bits)
        mass, square = self.mass.at(bits), self.square.at(bits)
        up_to = arb(0).union(self.bound.at(bits).upper())
        # means of 1/(λ + c) over the tail lie in the hull of its values: boxes are convex
        if slope:
            known = (mass - square * (2 * c + up_to) / (c + up_to) ** 2) / c
        else:
            known = (mass - square / (c + up_to)) / c
        if self.sums is None:
            return known
        size = c.abs_lower()
        bound = arb.min(self.bound.at(bits).upper(), self.sums.bound())
        if not 2 * bound < size:
            return known
        total, power, rest = acb(0), acb(1), arb("inf")
        for m in range(1, MAX_POWER):
            power = power / c
            moment = self._moment(m, bits)
            total += moment * power * ((m if slope else 1) * (-1) ** (m - 1))
            rest = moment.abs_upper() * power.abs_upper() * bound / size
            # with x = λ/|c| < 1/2, what 1/(1 + x) and 1/(1 + x)² leave of their series
            rest = (rest * (4 * (m + 1) if slope else 2)).upper()
            if rest < total.rad() or rest < total.abs_lower() * arb(2) ** -bits:
                break
        spread = arb(0, rest)
        found = total + acb(spread, spread)
        return found if found.rad() < known.rad() else known

    def _series(self, c: arb, bits: int, known: arb, *, slope: bool) -> arb:
        """``known``, narrowed by Σ (−1)^(m−1) [m] Σ g λ^m/c^m where that helps.

        Cut after power M, each series errs in the direction of its next term, by at most
        [M + 1] Σ g λ^(M+1)/c^(M+1).
        """
        if self.sums is None:
            return known
        bound = arb.min(self.bound.at(bits).upper(), self.sums.bound())
        if not 2 * bound < c:
            return known
        total, power = arb(0), arb(1)
        for m in range(1, MAX_POWER):
            power = power / c
            moment = self._moment(m, bits) * power
            total += moment * (m if slope else 1) * (-1) ** (m - 1)
            next_size = (moment.abs_upper() * bound / c).upper()
            rest = next_size * (m + 1 if slope else 1)
            found = total.union(total - rest if m % 2 else total + rest)
            if found.overlaps(known):
                known = found.intersection(known)
            if rest < total.rad() or rest < total.abs_lower() * arb(2) ** -bits:
                break
        return known

    def _moment(self, m: int, bits: int) -> arb:
        """Σ g λ^m, the first two also from what the listed levels leave."""
        assert self.sums is not None
        found = self.sums.moment(m)
        if m > 2:
            return found.nonnegative_part()
        return found.intersection((self.mass, self.square)[m - 1].at(bits))

    def _ends(self, bits: int) -> tuple[arb, arb, arb, arb, arb]:
        """Lower and upper ends of Σ g λ and of Σ g λ², and the bound."""
        if self.positive is None:
            raise NotPositiveDefinite(
                "the levels above the listed ones are not proved to be non-negative; "
                "C has no enclosure without that"
            )
        mass, square = self.mass.at(bits), self.square.at(bits)
        return (
            arb.max(mass.lower(), arb(0)),
            mass.upper(),
            arb.max(square.lower(), arb(0)),
            square.upper(),
            self.bound.at(bits).upper(),
        )
