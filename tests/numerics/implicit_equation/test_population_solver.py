"""The constant of a finite population: a point that is no root is never proved."""

import pytest
from flint import fmpq

from numerics import Spectrum
from numerics.implicit_equation import population_solver
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
