"""Exact solutions of the implicit equation: choose C first, and n follows in ℚ.

The left side is computed as N − C P′(C)/P(C) + δ/C with P(x) = Π (λ + x)^g, a
polynomial that FLINT multiplies out and differentiates, and not as the sum that
``theory`` writes. Slopes come from power series to first order in a perturbation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq, fmpq_poly, fmpq_series

from verify.exact.problems.points import spell
from verify.exact.problems.random_problems import positive
from verify.exact.problems.rational_matrices import rational
from verify.exact.testing.choices import Choose

EPSILON: Any = fmpq_series([0, 1], prec=3)


@dataclass(frozen=True, eq=False)
class Balance:
    """Levels (λ, g), a constant C > 0, a ridge, level powers and label noise.

    Examples
    --------
    >>> case = Balance([(1, 2), ("1/2", 1)], 1)
    >>> case, case.n
    (Balance([[1, 2], ['1/2', 1]], 1, ridge=0, power=[0, 0], noise=0), 4/3)
    """

    levels: Sequence[tuple[fmpq, int]]
    C: fmpq
    ridge: fmpq
    power: Sequence[fmpq]
    noise: fmpq

    def __init__(
        self, levels: Any, C: Any, ridge: Any = 0, power: Any = (), noise: Any = 0
    ) -> None:
        listed = [(rational(lam), int(g)) for lam, g in levels]
        object.__setattr__(self, "levels", listed)
        object.__setattr__(self, "C", rational(C))
        object.__setattr__(self, "ridge", rational(ridge))
        object.__setattr__(
            self, "power", [rational(v) for v in power or [0] * len(listed)]
        )
        object.__setattr__(self, "noise", rational(noise))

    def __repr__(self) -> str:
        levels = spell([list(level) for level in self.levels])
        return (
            f"Balance({levels}, {spell(self.C)}, ridge={spell(self.ridge)}, "
            f"power={spell(list(self.power))}, noise={spell(self.noise)})"
        )

    @property
    def eigenvalues(self) -> list[fmpq]:
        """One eigenvalue for each level."""
        return [lam for lam, _ in self.levels]

    @property
    def multiplicities(self) -> list[int]:
        """One multiplicity for each level."""
        return [g for _, g in self.levels]

    @property
    def modes(self) -> list[fmpq]:
        """Every mode's eigenvalue, falling."""
        return sorted((lam for lam, g in self.levels for _ in range(g)), reverse=True)

    @property
    def N(self) -> int:
        """The number of modes."""
        return sum(self.multiplicities)

    def left(self, C: fmpq) -> fmpq:
        """The left side of the implicit equation, by way of the polynomial P."""
        P = fmpq_poly([1])
        for lam, g in self.levels:
            P *= fmpq_poly([lam, 1]) ** g
        return self.N - C * P.derivative()(C) / P(C) + self.ridge / C

    @property
    def n(self) -> fmpq:
        """The number of points at which C is the constant."""
        return self.left(self.C)

    def slopes(self, **along: Any) -> list[fmpq]:
        """∂(C, L_1, …, L_ℓ) along a change of n, of the ridge, or of one eigenvalue.

        Parameters
        ----------
        along
            ``n=1``, ``ridge=1`` or ``level=j``.

        Examples
        --------
        >>> Balance([(1, 2)], 1).slopes(n=1)
        [-2, 1/2]
        """
        moved = [
            (lam + EPSILON * int(along.get("level") == j), g)
            for j, (lam, g) in enumerate(self.levels)
        ]
        ridge = self.ridge + EPSILON * along.get("ridge", 0)
        growing = _left(self.levels, self.C + EPSILON, self.ridge)[1]
        direct = _left(moved, self.C + 0 * EPSILON, ridge)[1] - along.get("n", 0)
        step = -direct / growing
        C = self.C + step * EPSILON
        return [step, *((lam / (lam + C))[1] for lam, _ in moved)]

    @property
    def overfitting(self) -> fmpq:
        """E₀ = n ∂C/∂δ."""
        return self.n * self.slopes(ridge=1)[0]

    @property
    def bias(self) -> fmpq:
        """Σ v² (1 − L)²."""
        unlearned = (1 - lam / (lam + self.C) for lam, _ in self.levels)
        return sum(
            (v * x * x for v, x in zip(self.power, unlearned, strict=True)), fmpq(0)
        )

    @property
    def error(self) -> fmpq:
        """Test MSE by the exact theorem T11, with L = λ/(λ + C) put into it.

        Of mode j: 1 − L_j − λ_j⁻¹ Σ_i λ_i² ∂L_j/∂λ_i; of noise 1 − Σ_i λ_i ∂L_i/∂δ.
        """
        total = fmpq(0)
        slopes = [self.slopes(level=i) for i in range(len(self.levels))]
        for j, (lam, _) in enumerate(self.levels):
            moved = (x * x * slopes[i][j + 1] for i, x in enumerate(self.eigenvalues))
            own = 1 - lam / (lam + self.C) - sum(moved, fmpq(0)) / lam
            total += self.power[j] * own
        return total + self.noise * (1 + self._noise_learned())

    def _noise_learned(self) -> fmpq:
        by_ridge = self.slopes(ridge=1)[1:]
        return -sum(
            (g * lam * s for (lam, g), s in zip(self.levels, by_ridge, strict=True)),
            fmpq(0),
        )

    @property
    def train_error(self) -> fmpq:
        """Train MSE by T11: −δ²/(n λ_j) ∂L_j/∂δ of mode j, −(δ²/n) ∂ tr R/∂δ of noise.

        tr R is (n − Σ g L)/δ, by conservation.
        """
        slopes, L = (
            self.slopes(ridge=1)[1:],
            [x / (x + self.C) for x in self.eigenvalues],
        )
        total = fmpq(0)
        for v, (lam, _), s in zip(self.power, self.levels, slopes, strict=True):
            total -= v * self.ridge**2 * s / (self.n * lam)
        if self.noise == 0 or self.ridge == 0:
            return total
        g = self.multiplicities
        learned = sum((a * x for a, x in zip(g, L, strict=True)), fmpq(0))
        gained = sum((a * s for a, s in zip(g, slopes, strict=True)), fmpq(0))
        trace_slope = (-gained * self.ridge - (self.n - learned)) / self.ridge**2
        return total - self.noise * self.ridge**2 * trace_slope / self.n


def _left(levels: Any, C: Any, ridge: Any) -> Any:
    """The left side in the arithmetic of its arguments: here, power series."""
    total = ridge / C
    for lam, g in levels:
        total = total + g * lam / (lam + C)
    return total


def balance(choose: Choose, *, ridged: bool | None = None, levels: int = 4) -> Balance:
    """A random spectrum of wild scales, C among its eigenvalues, a target and noise."""
    count = choose(1, levels)
    spectrum = [(positive(choose), choose(1, 5)) for _ in range(count)]
    C = spectrum[choose(0, count - 1)][0] * fmpq(choose(1, 9), choose(1, 9))
    with_ridge = bool(choose(0, 1)) if ridged is None else ridged
    ridge = C * fmpq(choose(1, 9), choose(1, 9)) if with_ridge else fmpq(0)
    power = [fmpq(choose(0, 4), choose(1, 3)) for _ in range(count)]
    power[choose(0, count - 1)] += 1
    return Balance(spectrum, C, ridge, power, fmpq(choose(0, 4), 3))
