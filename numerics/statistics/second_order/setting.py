"""What covariances need of a prediction: learnabilities, E/n and E₀/n, case by case.

The formulas hold L and 1 − L as functions of λ and C; here both are values of their own,
so that the limits n = 0, n = N and n > N, where C is ∞ or 0, are values like others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from flint import arb, fmpq
from sympy import Expr, IndexedBase

from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.balls import BALLS
from numerics.interpreters.program import Program, build
from numerics.numbers.ball import Ball
from numerics.numbers.precision import bits_for, working_precision
from numerics.spectra import refinement
from numerics.spectra.floats.float_spectrum import FloatSpectrum
from numerics.targets.target_function import TargetFunction
from theory import OutOfDomain, Unsupported, formulas, notation
from theory.constant import L, U
from theory.statistics import learned_coefficients as learned
from theory.statistics.questions.sampling import DISTINCT, POPULATION

GUARD = 10
ell: Any = IndexedBase("L", nonnegative=True)
rest: Any = IndexedBase("U", nonnegative=True)


def in_learnabilities(e: Expr) -> Expr:
    """A formula with L_i and 1 − L_i as letters of their own."""
    for index in (notation.i, notation.j):
        at = {notation.lam[notation.i]: notation.lam[index]}
        e = e.xreplace({L.xreplace(at): ell[index], U.xreplace(at): rest[index]})
    return e


@lru_cache(maxsize=32)
def program(name: str, *, proved: bool) -> Program:
    """A registered formula in L, 1 − L, E, E₀ and n."""
    e = in_learnabilities(formulas[name].rhs)
    return build(e, BALLS if proved else ARRAYS)


@lru_cache(maxsize=4)
def _of_levels(*, proved: bool) -> tuple[Program, Program]:
    arithmetic = BALLS if proved else ARRAYS
    return build(L, arithmetic), build(U, arithmetic)


@dataclass(frozen=True)
class Setting:
    """One spectrum, one target, and the cases of a prediction."""

    prediction: Any
    spectrum: Any
    target: TargetFunction

    @classmethod
    def of(cls, p: Any) -> "Setting":
        """The setting of a prediction of one spectrum and one target.

        Raises
        ------
        Unsupported
            When it has several, or was stored without them.
        """
        if p.context is None:
            raise Unsupported(
                "this prediction was stored without its spectrum; make it again"
            )
        if p.spectra is not None or p.targets is not None:
            raise Unsupported(
                "means and covariances are those of one spectrum and one target: select"
            )
        s, goal = p.context.spectra[0], p.context.targets[0]
        if not isinstance(goal, TargetFunction):
            listed = s.index if isinstance(s, FloatSpectrum) else [x.index for x in s]
            powers = zip(listed, goal, strict=False)
            goal = TargetFunction({int(k): x for k, x in powers if x})
        if "learnability" in p.without_meaning:
            raise Unsupported(
                "what was asked has no learnability, so no mean of the learned function"
            )
        return cls(p, s, goal)

    @property
    def digits(self) -> int | None:
        """Proved digits, or None."""
        return self.prediction.digits

    @property
    def proved(self) -> bool:
        """Whether numbers are balls."""
        return self.digits is not None

    @property
    def bits(self) -> int:
        """Bits that balls are computed with."""
        return bits_for((self.digits or 1) + GUARD) + 64

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the cases."""
        return np.shape(self.prediction.n)

    @property
    def levels(self) -> tuple[int, ...]:
        """The target's levels."""
        return tuple(self.target)

    @cached_property
    def modes(self) -> tuple[tuple[int, int], ...]:
        """(level, 0), along the target, and (level, 1), any mode of it without power."""
        return tuple(
            (k, number)
            for k in self.levels
            for number in range(2 if self.multiplicity(k) > 1 else 1)
        )

    def multiplicity(self, level: int) -> float:
        """How many modes a level has."""
        if isinstance(self.spectrum, FloatSpectrum):
            return float(self.spectrum.multiplicity[self.spectrum.position(level)])
        return self.spectrum.level(level).multiplicity

    def amplitude(self, mode: tuple[int, int]) -> Any:
        """The target's coefficient of a mode."""
        power = self.target[mode[0]] if mode[1] == 0 else 0
        if not self.proved:
            return float(power) ** 0.5
        return arb(fmpq(int(power.p), int(power.q)) if power else 0).sqrt()

    def case(self, index: int) -> dict[Any, Any]:
        """E/n and E₀/n of one case, as E and E₀ at n = 1: finite in the limits too.

        Raises
        ------
        Unsupported
            When no covariance is known for what was asked.
        OutOfDomain
            Where the variance is infinite, at n = N.
        """
        p = self.prediction
        size = p.n.flat[index]
        asked = {**p.asked}
        drawn = asked.pop("sampling", None)
        known = drawn is None or (
            drawn == DISTINCT and p.equation == POPULATION.balance.name
        )
        if asked or not known:
            what = ", ".join(f"{k} = {v}" for k, v in p.asked.items())
            raise Unsupported(
                f"covariances with {what}: no formula covers them; they are known for "
                "independent points, and for distinct ones that the kernel tells apart"
            )
        if drawn is not None and self.proved:
            raise Unsupported(
                f"covariances with sampling = {drawn!r} are computed in float64"
            )
        E, E0, C = (x.flat[index] for x in (p.test_mse, p.E0, p.C))
        one = fmpq(1) if self.proved else 1.0
        if size == 0:
            return {
                notation.test_mse: 0 * one,
                notation.overfitting: 0 * one,
                notation.n: one,
            }
        if self._value(C) == 0:
            return self._without_shrinking(index, one)
        if drawn is not None:
            return self._distinct(index)
        if self.proved:
            number = fmpq(int(size.p), int(size.q))
            E, E0 = E.at(self.bits), E0.at(self.bits)
        else:
            number = float(size)
        return {notation.test_mse: E, notation.overfitting: E0, notation.n: number}

    def _without_shrinking(self, index: int, one: Any) -> dict[Any, Any]:
        """C = 0: every mode is learned; variances are spread evenly over the modes."""
        variance = self.prediction.variance.flat[index]
        if not np.isfinite(float(variance)):
            raise OutOfDomain(
                f"n = {self.prediction.n.flat[index]} is the number of modes, where the "
                "variance is infinite"
            )
        spread = int(self.spectrum.modes) * one
        total = variance.at(self.bits) if self.proved else float(variance)
        mse = {notation.n: one, notation.variance: total, notation.levels: 1}
        mse |= {notation.g: [spread], ell: [one]}
        return {
            notation.test_mse: program("mse_of_variance", proved=self.proved)(
                mse
                if self.proved
                else mse | {notation.g: np.array([spread]), ell: np.ones(1)}
            ),
            notation.overfitting: 0 * one,
            notation.n: one,
        }

    def _distinct(self, index: int) -> dict[Any, Any]:
        """The letters that take the places of E and E₀ where points are distinct."""
        p = self.prediction
        fast = self.floats
        values = {
            notation.n: float(p.n.flat[index]),
            notation.ridge: float(p.ridge.flat[index]),
            notation.C: float(p.C.flat[index]),
            notation.variance: float(p.variance.flat[index]),
            notation.points: float(fast.source.domain.size),
            notation.lam: fast.eigenvalue,
            notation.g: fast.multiplicity,
        }
        value = lambda formula: float(build(formula.rhs, ARRAYS)(values))
        return {
            notation.test_mse: value(learned.mse_of_variance),
            notation.overfitting: value(learned.overfitting_of_distinct_points),
            notation.n: values[notation.n],
        }

    @property
    def floats(self) -> FloatSpectrum:
        """The spectrum in float64.

        Raises
        ------
        Unsupported
            When its numbers leave float64.
        """
        s = self.spectrum
        fast = s if isinstance(s, FloatSpectrum) else s.floats()
        if not fast.is_plain:
            raise Unsupported(
                "covariances in float64 need eigenvalues in its range; ask for digits=15"
            )
        return fast

    def _value(self, C: Any) -> float:
        return float(C) if not isinstance(C, Ball) else (0.0 if C.sign == 0 else 1.0)

    def learnability(self, index: int, level: int) -> Any:
        """The learnability of a target's level in one case, by whatever was asked."""
        known = self.prediction.learnability.get(level)
        if known is None:  # an array of powers names no levels
            return self.learnabilities(index, [level])[0][0]
        value = known.flat[index]
        return value.at(self.bits) if self.proved else float(value)

    def learnabilities(
        self, index: int, levels: Sequence[int]
    ) -> tuple[list[Any], list[Any]]:
        """L and 1 − L of levels in one case, balls or floats."""
        C = self.prediction.C.flat[index]
        size = self.prediction.n.flat[index]
        one = fmpq(1) if self.proved else 1.0
        learning, left = _of_levels(proved=self.proved)
        found: tuple[list[Any], list[Any]] = ([], [])
        eigenvalues = self._eigenvalues(levels)
        for lam, positive in eigenvalues:
            if size == 0 or not positive:
                pair = 0 * one, one
            elif self._value(C) == 0:
                pair = one, 0 * one
            else:
                at = C.at(self.bits) if self.proved else float(C)
                values = {notation.lam[notation.i]: lam, notation.C: at}
                pair = learning(values), left(values)
            found[0].append(pair[0])
            found[1].append(pair[1])
        return found

    def _eigenvalues(self, levels: Sequence[int]) -> list[tuple[Any, bool]]:
        if self.proved:
            s = self.sharp
            rows = [s.level(k).eigenvalue for k in levels]
            return [(x.at(self.bits), x.sign != 0) for x in rows]
        fast = self.floats
        values = [float(fast.eigenvalue[fast.position(k)]) for k in levels]
        return [(x, x > 0) for x in values]

    @cached_property
    def sharp(self) -> Any:
        """The spectrum of enclosures, with the digits that balls need."""
        s = refinement.completed(self.spectrum)
        return s.refine((self.digits or 1) + GUARD)


def mixed(name: str, setting: Setting, values: dict[Any, Any]) -> Any:
    """A formula at the setting's precision."""
    if not setting.proved:
        return program(name, proved=False)(values)
    with working_precision(setting.bits):
        return program(name, proved=True)(values)
