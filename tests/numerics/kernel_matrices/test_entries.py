"""Kernel matrices of points of any norm, entry by entry against balls."""

import numpy as np
import pytest
from flint import fmpq

from numerics import kernel_matrix, matrix_error
from numerics.interpreters.balls import BALLS, as_ball
from numerics.interpreters.program import build
from numerics.numbers.precision import working_precision
from theory import OutOfDomain, Unsupported, kernels
from theory.kernels.unequal_norms import norm1, norm2, two_norm_form
from theory.notation import d, u

RNG = np.random.default_rng(11)
X = RNG.standard_normal((5, 4)) * np.array([0.3, 1, 1, 2, 5])[:, None]
X = np.vstack([X, 2 * X[0], -X[1], X[2] * (1 + 1e-9)])
KERNELS = [
    "ntk:relu:depth=3,bias_variance=0.1",
    "nngp:erf:depth=2,bias_variance=0.1",
    "ntk:sin:depth=2",
    "ntk:Max(0, z)**2:depth=2,bias_variance=0.01",
    "gaussian:width=3",
    "laplace:width=2",
    "exponential:beta=1/4",
]


@pytest.mark.parametrize("text", KERNELS)
def test_entries_of_points_with_their_own_norms_are_those_of_balls(text):
    K = kernels.parse(text)
    found = kernel_matrix(K, X, norms="own")
    program = build(two_norm_form(K).subs({d: 4}), BALLS)
    squares = [sum(fmpq(*float(v).as_integer_ratio()) ** 2 for v in x) / 4 for x in X]
    with working_precision(300):
        for a in range(5):
            for b in range(a):
                pairs = zip(X[a], X[b], strict=True)
                inner = sum(
                    fmpq(*float(v).as_integer_ratio())
                    * fmpq(*float(w).as_integer_ratio())
                    for v, w in pairs
                )
                root = as_ball(squares[a] * squares[b]).sqrt() * 4
                values = {
                    u: (1 - inner / root) / 2,
                    norm1: squares[a],
                    norm2: squares[b],
                }
                truth = float(as_ball(program(values)))
                assert found[a, b] == pytest.approx(truth, rel=2e-13), (a, b)
    assert np.all(np.isfinite(found))
    np.testing.assert_allclose(found, found.T, rtol=1e-14)


@pytest.mark.parametrize(
    "text", [*KERNELS, "arc_cosine:order=1", "polynomial:degree=3"]
)
def test_at_norm_root_d_both_ways_agree(text):
    K = kernels.parse(text)
    x = X * (2 / np.linalg.norm(X, axis=1))[:, None]
    np.testing.assert_allclose(
        kernel_matrix(K, x, norms="own"),
        kernel_matrix(K, x, norms="equal"),
        rtol=1e-12,
        atol=1e-14,
    )


def test_input_variance_scales_both_norms():
    K = kernels.parse("ntk:erf:depth=2,input_variance=4,bias_variance=0.3")
    one = kernels.parse("ntk:erf:depth=2,bias_variance=0.3")
    np.testing.assert_allclose(
        kernel_matrix(K, X, norms="own"),
        kernel_matrix(one, 2 * X, norms="own"),
        rtol=1e-13,
    )


def test_deep_nets_of_powers_have_no_nan_at_equal_points():
    """Rounding moves u of a layer below 0, where its square root is nan."""
    K = kernels.parse("ntk:Max(0, z)**2:depth=2,bias_variance=0.01")
    assert np.all(np.isfinite(kernel_matrix(K, X, norms="equal")))
    assert np.linalg.eigvalsh(kernel_matrix(K, X[:5], norms="equal"))[0] > 0


def test_blocks_do_not_change_entries(monkeypatch):
    K = kernels.parse("ntk:relu:depth=2,bias_variance=0.1")
    whole = kernel_matrix(K, X, norms="own"), kernel_matrix(K, X, norms="equal")
    import importlib

    monkeypatch.setattr(
        importlib.import_module("numerics.kernel_matrices.entries"), "BLOCK", 7
    )
    again = kernel_matrix(K, X, norms="own"), kernel_matrix(K, X, norms="equal")
    np.testing.assert_allclose(again[0], whole[0], rtol=1e-15)
    np.testing.assert_allclose(again[1], whole[1], rtol=1e-15)


def test_what_is_not_defined_is_refused():
    with pytest.raises(Unsupported, match="use equal norms"):
        kernel_matrix(kernels.parse("expr:t**2"), X, norms="own")
    with pytest.raises(OutOfDomain, match="norms = 'unit' is unknown"):
        kernel_matrix(kernels.polynomial(1), X, norms="unit")


def test_gelu_at_large_variance_keeps_its_slope():
    """The slope dual cancels there; λ_0 + λ_1 on {−1, 1} is the proved value."""
    from numerics import spectrum

    K = kernels.parse("ntk:gelu:depth=13,weight_variance=16")
    proved = sum(float(x.eigenvalue) for x in spectrum(K, "hypercube:1").levels)
    found = kernel_matrix(K, np.eye(2), norms="equal")
    np.testing.assert_allclose(np.diagonal(found), proved, rtol=2.0**-44)


def test_the_diagonal_of_a_chaotic_net_knows_that_both_inputs_are_one():
    """Against a recursion in 60 digits; rounding would grow like χ^128."""
    x = np.array([[1.0, 2, 2], [2, -1, 2], [-2, -2, 1]]) / 3**0.5
    K = kernels.parse("ntk:erf:depth=128,weight_variance=4")
    assert kernel_matrix(K, x)[0, 0] == pytest.approx(1.0435123e24, rel=1e-7)


def test_sine_of_large_inputs_does_not_overflow_on_the_way():
    """K(x, x) = (1 − e^{−2q})/2 + q (1 + e^{−2q})/2 where e^{−q} cosh q overflows."""
    x = np.array([[1000.0, 2.0], [3.0, 0.5]])
    found = kernels.parse("ntk:sin:depth=1").matrix(x)
    q = np.sum(x**2, axis=1)  # σ_w² ‖x‖²/d
    wanted = (1 - np.exp(-2 * q)) / 2 + q * (1 + np.exp(-2 * q)) / 2
    np.testing.assert_allclose(np.diagonal(found), wanted, rtol=1e-15)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ntk:relu:depth=60,weight_variance=1000000", "overflows.*layer"),
        ("ntk:relu:depth=60,weight_variance=1e-8", "underflows.*layer"),
        ("exponential:beta=1000", "overflows float64: K.x, x. is about 1e434"),
        ("nngp:exp:depth=4,weight_variance=20", "overflows float64.*layer"),
        ("expr:1/(1 - t)", "not a finite real number at t = 1"),
    ],
)
def test_what_leaves_float64_is_refused_by_name(text, said):
    with pytest.raises(OutOfDomain, match=said):
        kernels.parse(text).matrix(X, norms="equal")


def test_values_that_vanish_beside_the_diagonal_are_zero():
    found = kernels.gaussian("1e-160").matrix(X[:3])
    assert np.array_equal(found, np.eye(3))


def test_neighbors_and_opposites_are_right_to_the_last_places():
    """1 − K(x, y) of neighbors by the leading term, and K(x, −x) of a ReLU net: 0."""
    K = kernels.arc_cosine(0)
    x = np.array([[1.0, 0.0], [1.0, 1e-12], [-1.0, 0.0], [-1.0, 1e-12]])
    found = kernel_matrix(K, x, norms="equal")
    assert found[0, 1] == 1 - 1e-12 / np.pi
    assert found[0, 3] == pytest.approx(1e-12 / np.pi, rel=1e-15)
    assert abs(found[0, 2]) < 2.0**-90


def test_arrays_of_cosines_and_pairs_of_points():
    K = kernels.ntk("relu", depth=2)
    t = np.array([[-1.0, -0.5], [0.0, 1.0]])
    wanted = [
        [float(K(x).expand() if hasattr(K(x), "expand") else K(x)) for x in row]
        for row in t
    ]
    np.testing.assert_allclose(K(t), wanted, rtol=1e-14)
    assert K(X[0], X[1]) == K.matrix(X)[0, 1]
    assert np.array_equal(K(X[:2], X[:3]), K.matrix(X[:2], X[:3]))
    with pytest.raises(OutOfDomain, match=r"1\.5 is no cosine"):
        K(np.array([1.5]))


def test_equal_rows_have_equal_entries():
    x = np.vstack([X[:2], X[:2]])
    found = kernels.ntk("erf", depth=3, bias_variance="0.1").matrix(x)
    np.testing.assert_allclose(found[2:, :2], found[:2, :2], rtol=2.0**-50)


def test_errors_are_bounds_that_are_met():
    K = kernels.nngp("erf", depth=3, bias_variance="0.1")
    bound = matrix_error(K, X)
    assert np.all(bound <= 2.0**-44 * np.abs(kernel_matrix(K, X)))
    assert np.all(bound > 0)
