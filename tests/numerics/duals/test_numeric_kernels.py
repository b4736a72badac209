"""Numeric duals within their stated errors, against quadrature with many digits."""

import numpy as np
import pytest
from sympy import Lambda, Max, Rational, atan, lambdify

from numerics.duals.numeric_kernels import needs_tables, numeric_kernel
from numerics.duals.tables import fall_table, half_table
from numerics.kernel_matrices.entries import kernel_matrix, matrix_error
from numerics.spectra.kernel_evaluation import evaluator
from numerics.spectra.spectrum import spectrum
from theory import Hypercube, NotEvaluable, OutOfDomain, kernels
from theory.activations import ACTIVATIONS, activation, from_function, z
from theory.activations.functions.breakpoints import slope_of

CLOSED = ["erf", "relu", "gelu", "sin(z) + z"]


@pytest.mark.parametrize("name", CLOSED)
def test_tables_agree_with_closed_forms(name):
    """The same activation twice: by its closed dual in balls, and by its integral."""
    from theory.activations import q
    from theory.notation import u

    phi = activation(name)
    whole = Lambda(z, phi.expression)
    fall, variance = fall_table(whole, 1.5), 1.5
    slope = half_table(Lambda(z, slope_of(phi.expression)), variance)
    for half in (2.0**-60, 1e-4, 0.3, 0.97):
        at = {q: Rational(3, 2), u: Rational(half)}
        exact = float(phi.gap.subs(at).evalf(25, maxn=400))
        assert abs(float(fall(half)) - exact) <= fall.error * half
        exact = float(phi.slope_half.subs(at).evalf(25, maxn=400))
        assert abs(float(slope(half)) - exact) <= slope.error


@pytest.mark.parametrize("text", ["hard_tanh", "arctan", "sign(z - 1)"])
def test_means_against_a_grid_of_midpoints(text):
    """½ E(φ(x) − φ(y))² by a plain sum, which knows nothing of panels or Price."""
    phi = activation(text)
    f = lambdify(z, phi.expression, "numpy")
    table = fall_table(Lambda(z, phi.expression), 1.0)
    step = 1 / 64
    grid = np.arange(-8, 8, step) + step / 2
    weights = np.exp(-grid * grid / 2) * step / np.sqrt(2 * np.pi)
    for half in (0.1, 0.7):
        a, b = np.sqrt(1 - half) * grid[:, None], np.sqrt(half) * grid
        plain = weights @ ((f(a + b) - f(a - b)) ** 2 / 2) @ weights
        # a jump is met by a strip of one step's width, a kink by its square
        assert abs(float(table(half)) - plain) < (1e-2 if table.jumps else 3e-5)
        direct, wide = table.direct(2 * np.arcsin(np.sqrt(half)))
        assert abs(float(table(half)) - direct) <= table.error + wide


def test_a_tanh_net_by_tables_is_the_proved_one():
    K = kernels.parse("ntk:tanh:depth=2,bias_variance=0.1")
    run = evaluator(K, Hypercube(3))
    table = numeric_kernel(K, 3)
    for half in (0.0, 0.125, 0.75):
        from flint import arb

        exact = float(run(arb(half)).mid())
        assert abs(float(table(half)) - exact) <= table.error
    assert table.error < 1e-10


def test_matrices_spectra_and_refusals():
    K = kernels.ntk("arctan", depth=1)
    assert needs_tables(K)
    x = np.array([[1.0, 2.0], [2.0, 1.0], [-1.0, 0.5]])
    found, error = kernel_matrix(K, x, norms="equal"), matrix_error(K, x, norms="equal")
    assert np.allclose(found, found.T)
    assert error.max() < 1e-11
    own = kernel_matrix(K, x)
    alone = kernels.parse(f"{K}".replace("input_variance=1", "input_variance=2.5"))
    assert abs(own[0, 1] - kernel_matrix(alone, x, norms="equal")[0, 1]) < 1e-9
    levels = spectrum(K, "hypercube:6", digits=None)
    assert np.isclose(levels.mass.sum(), float(numeric_kernel(K, 6)(0.0)), rtol=1e-12)
    with pytest.raises(NotEvaluable, match="stated error"):
        spectrum(K, "hypercube:6")


def test_a_smooth_and_a_kinked_fall_start_differently():
    smooth, jump = (fall_table(Lambda(z, f), 1.0) for f in (atan(z), Max(z, 0)))
    assert not smooth.jumps
    assert not jump.jumps
    assert fall_table(Lambda(z, activation("step").expression), 1.0).jumps


def test_a_function_given_as_code_is_the_formula_that_it_computes():
    try:
        given = from_function(lambda x: x / (1 + x * x) ** 0.5, name="algebraic")
        one = numeric_kernel(kernels.ntk(given.name, depth=1), 3)
        other = numeric_kernel(kernels.ntk("z/sqrt(1 + z^2)", depth=1), 3)
        half = np.array([0.0, 1e-6, 0.4, 1.0])
        assert np.all(np.abs(one(half) - other(half)) <= one.error + other.error)
        assert one.error < 1e-10
    finally:
        ACTIVATIONS.pop("algebraic", None)


@pytest.mark.parametrize(
    ("f", "options", "place"),
    [
        (lambda x: np.maximum(x - 0.3701, 0), {}, "0.37"),
        (lambda x: x * np.abs(x + 2), {}, "-2"),
        (lambda x: np.tanh(300 * x), {}, "near z = "),
        (np.sin, {"slope": np.sin}, "near z = "),
        (lambda x: np.float32(x) ** 2, {}, "float32"),
        (lambda x: x[:3], {}, r"shape \(3,\)"),
    ],
)
def test_code_with_an_unnamed_break_or_a_wrong_slope_is_refused(f, options, place):
    with pytest.raises(OutOfDomain, match=place):
        from_function(f, name="refused", **options)


def test_slopes_by_differences_do_not_reach_across_a_break():
    """A kinked function given as code is, with its break named, the formula's kernel."""
    try:
        bent = from_function(
            lambda x: np.maximum(x - 0.37, 0) + x, name="bent", breaks=(0.37,)
        )
        one = numeric_kernel(kernels.ntk(bent.name, depth=1), 3)
        other = numeric_kernel(kernels.ntk("Max(z - 0.37, 0) + z", depth=1), 3)
        half = np.array([1e-6, 0.1, 0.4, 0.9])
        assert np.all(np.abs(one(half) - other(half)) <= one.error + other.error)
        assert one.error < 1e-7
    finally:
        ACTIVATIONS.pop("bent", None)


def test_code_of_jax_is_evaluated_in_float64():
    jnp = pytest.importorskip("jax.numpy")
    try:
        made = from_function(lambda x: jnp.arctan(x), name="of_jax")
        one = numeric_kernel(kernels.ntk(made.name, depth=1), 3)
        other = numeric_kernel(kernels.ntk("arctan", depth=1), 3)
        half = np.array([1e-6, 0.1, 0.9])
        assert np.all(np.abs(one(half) - other(half)) <= one.error + other.error)
        assert one.error < 1e-9
    finally:
        ACTIVATIONS.pop("of_jax", None)
