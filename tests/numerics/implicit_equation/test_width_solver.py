"""C of random features: relative precision where the equation is flat, and bounds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import Spectrum
from numerics.implicit_equation.compressed_sums import Atoms
from numerics.implicit_equation.float_solver import solve_constant
from numerics.implicit_equation.proved_solver import proved_constant
from numerics.implicit_equation.width_solver import solve_width, spare_modes

LEVELS = [("1", 2), ("0.1", 5), ("1e-4", 20), ("1e-12", 30)]
ATOMS = Atoms.of(*(np.array([float(x[k]) for x in LEVELS]) for k in (0, 1)))


@settings(deadline=None, max_examples=40)
@given(
    n=st.integers(1, 70),
    width=st.integers(1, 70),
    ridge=st.sampled_from(["1e-30", "1e-12", "1e-3", "1", "1000"]),
)
def test_every_root_has_its_digits(n, width, ridge):
    """On plateaus, near n = w, and where n or w exceed the number of modes."""
    one = np.ones(1)
    found = solve_width(ATOMS, n * one, 0 * one, float(ridge) * one, width * one)[0]
    proved = proved_constant(Spectrum.from_levels(LEVELS), n, ridge, 20, width)
    assert abs(found / float(proved) - 1) < 1e-14
    # features only lose: the kernel's constant is a lower bound
    kernel = solve_constant(ATOMS, n * one, 0 * one, float(ridge) * one)[0]
    assert found >= kernel * (1 - 1e-13)
    spare, slope = spare_modes(float(n), float(width), float(ridge), found)
    assert np.isclose(
        spare * (spare + abs(n - width)), width * float(ridge) / found, rtol=1e-13
    )
    assert spare * 0.499 <= slope <= spare * 1.001


def test_many_problems_are_those_one_by_one():
    n = np.array([3.0, 10.0, 56.0, 200.0])
    width, ridge = np.array([4.0, 10.0, 20.0, 100.0]), np.array([0, 1e-9, 0.1, 1.0])
    both = solve_width(ATOMS, n, 0 * n, ridge, width)
    one = [
        solve_width(ATOMS, *(x[k : k + 1] for x in (n, 0 * n, ridge, width)))[0]
        for k in range(4)
    ]
    assert np.allclose(both, one, rtol=1e-14)
