"""The constant of a finite population: a point that is no root is never proved."""

from fractions import Fraction
from itertools import accumulate
from random import Random

import numpy as np
import pytest
from flint import fmpq

from numerics import Spectrum
from numerics.implicit_equation import population_solver
from numerics.implicit_equation.compressed_sums import Atoms
from numerics.implicit_equation.float_solver import RELATIVE_ERROR
from theory import NoConvergence

S = Spectrum.from_levels([("1/2", 3), ("1/50", 5)])


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_too_few_steps_prove_nothing_on_either_side(monkeypatch, steps):
    monkeypatch.setattr(population_solver, "MAX_STEPS", steps)
    for n, ridge in ((2, 1), (6, 1), (4, fmpq(1, 100)), (5, 9)):
        with pytest.raises(NoConvergence):
            population_solver.population_ball(S, fmpq(n), fmpq(ridge), fmpq(9), 20)


class Scaled:
    """The program of the equation with F off by a factor, for some calls."""

    def __init__(self, factor, until):
        self.right, self.factor = population_solver._balls, factor
        self.calls, self.until = 0, until

    def bound(self, values):
        self.calls += 1
        found = dict(self.right.bound(values))
        if self.calls <= self.until:
            found[population_solver._F] *= self.factor
        return found


@pytest.mark.parametrize("factor", [1 - fmpq(1, 10**9), 1 + fmpq(1, 10**9)])
def test_both_signs_are_checked_at_a_point_beside_the_root(monkeypatch, factor):
    """The search goes astray, upward or downward; the two signs see the true equation."""
    asked = S, fmpq(4), fmpq(1), fmpq(9), 20
    right = population_solver.population_ball(*asked)
    wrong = Scaled(factor, 10**9)
    monkeypatch.setattr(population_solver, "_balls", wrong)
    assert not population_solver.population_ball(*asked).overlaps(right)
    astray = Scaled(factor, wrong.calls - 2)
    astray.right = wrong.right
    monkeypatch.setattr(population_solver, "_balls", astray)
    assert population_solver.population_ball(*asked).overlaps(right)
    assert astray.calls > wrong.calls


def test_floats_keep_their_digits_on_plateaus():
    """n is a number of leading modes, and what follows is smaller by up to 1e-14 a level."""
    draw, noted = Random(1), 0
    for _ in range(60):
        sizes = [(-draw.randrange(40), draw.randint(1, 8)) for _ in range(4)]
        levels = sorted(dict(sizes).items(), reverse=True)
        counts = list(accumulate(g for _, g in levels))
        n, points = draw.choice(counts), counts[-1] + draw.randrange(3)
        if n == points:
            continue
        ridge = Fraction(10.0 ** -draw.randint(1, 60))
        s = Spectrum.from_levels([(f"1e{e}", g) for e, g in levels])
        exact = fmpq(ridge.numerator, ridge.denominator)
        ball = population_solver.population_ball(
            s, fmpq(n), exact, fmpq(points), digits=25
        )
        atoms = Atoms.of(*np.array([(10.0**e, g) for e, g in levels]).T)
        one = np.ones(1)
        [found] = population_solver.solve_population(
            atoms, n * one, 0 * one, float(ridge) * one, points * one
        )
        assert found == pytest.approx(float(ball), rel=RELATIVE_ERROR, abs=0)
        noted += 1
    assert noted > 30
