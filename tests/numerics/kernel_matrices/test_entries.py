"""Kernel matrices of points of any norm, entry by entry against balls."""

import numpy as np
import pytest
from flint import fmpq

from numerics.interpreters.balls import BALLS, as_ball
from numerics.interpreters.program import build
from numerics.numbers.precision import working_precision
from theory import OutOfDomain, Unsupported, kernels
from theory.kernels.unequal_norms import norm1, norm2, two_norm_form
from theory.notation import d, u
from verify.regression import kernel_matrix

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
