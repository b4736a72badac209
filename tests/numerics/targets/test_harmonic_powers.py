"""Level powers on the circle and the sphere: exact parts, against averages over points."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational, Symbol, exp, sqrt

from numerics.targets.harmonic_powers import circle_powers, sphere_powers
from theory import Hypersphere, OutOfDomain, Unsupported

x1, x2, x3 = (Symbol(f"x{i}") for i in (1, 2, 3))


def at(points):
    return 2 * np.pi * np.arange(points) / points


def test_powers_sum_to_the_mean_square():
    # E (x1 x2 + 3 x3² − x1³)² on |x|² = 3, from moments: 3, 5·3/…, by a large sample
    f = x1 * x2 + 3 * x3**2 - x1**3
    powers = sphere_powers(f, 3)
    generator = np.random.default_rng(0)
    x = generator.standard_normal((400_000, 3))
    x *= np.sqrt(3) / np.linalg.norm(x, axis=1, keepdims=True)
    values = (x[:, 0] * x[:, 1] + 3 * x[:, 2] ** 2 - x[:, 0] ** 3) ** 2
    error = values.std() / len(x) ** 0.5
    assert abs(values.mean() - float(sum(powers.values()))) < 5 * error
    assert sorted(powers) == [0, 1, 2, 3]


@pytest.mark.parametrize("d", [3, 4, 7])
@pytest.mark.parametrize("k", range(5))
def test_a_zonal_harmonic_has_one_level_and_its_norm(d, k):
    pole = Symbol("x1")
    # P_k(x₁/√d) over √N, and times √d where k is odd, so that coefficients are rational
    zonal = Hypersphere(d).zonal(k, pole / sqrt(d)).expand()
    found = sphere_powers((zonal * sqrt(d) ** (k % 2)).expand(), d)
    expected = Rational(d ** (k % 2)) / Hypersphere(d).multiplicity(k)
    assert found == {k: expected}


@given(
    st.lists(
        st.tuples(st.tuples(*[st.integers(0, 2)] * 3), st.integers(-3, 3)),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=30, deadline=None)
def test_rotating_the_axes_keeps_the_powers(terms):
    f = sum(c * x1**a * x2**b * x3**e for (a, b, e), c in terms)
    if f == 0:
        return
    turned = (
        f.subs(
            {x1: (3 * x1 + 4 * x2) / 5, x2: (3 * x2 - 4 * x1) / 5}, simultaneous=True
        )
        if hasattr(f, "subs")
        else f
    )
    assert sphere_powers(f, 3) == sphere_powers(turned, 3)


def test_functions_of_the_vector_are_taken_too():
    assert sphere_powers(lambda x: x[0] * x[1], 4) == {2: Rational(2, 3)}
    assert sphere_powers(5, 4) == {0: 25}


def test_a_smooth_function_on_the_circle():
    powers = circle_powers(lambda points: np.exp(np.cos(at(points))))
    from scipy.special import iv

    for k in range(5):
        expected = iv(k, 1) ** 2 * (1 if k == 0 else 2)
        assert powers[k] == pytest.approx(expected, rel=1e-12)


def test_what_has_no_finite_list_is_refused():
    with pytest.raises(Unsupported, match="above level"):
        circle_powers(lambda points: np.sign(np.cos(at(points))))
    with pytest.raises(Unsupported, match="polynomials"):
        sphere_powers(exp(x1), 3)
    with pytest.raises(Unsupported, match="polynomials"):
        sphere_powers(lambda x: np.sin(x[0]), 3)
    with pytest.raises(Unsupported, match="degree 13"):
        sphere_powers(x1**13, 3)
    with pytest.raises(OutOfDomain, match="not rational"):
        sphere_powers(sqrt(2) * x1, 3)
    with pytest.raises(OutOfDomain, match="symbols y"):
        sphere_powers(Symbol("y") * x1, 3)
