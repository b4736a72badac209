"""Eigenvalues in JAX: as good as enclosures, and differentiable through everything."""

from fractions import Fraction

import numpy as np
import pytest

jax = pytest.importorskip("jax", reason="needs the extra jax")
import jax.numpy as jnp  # noqa: E402

from numerics import predict, spectrum  # noqa: E402
from numerics.differentiable import traced  # noqa: E402
from numerics.spectra.gradients import gradient  # noqa: E402
from theory import OutOfDomain, Unsupported, kernels  # noqa: E402

NET = "ntk:relu:depth=2,bias_variance=0.1"


@pytest.fixture(autouse=True)
def _x64():
    with jax.enable_x64(True):
        yield


@pytest.mark.parametrize(
    ("kernel", "place", "parameter"),
    [
        ("ntk:relu:depth=1,bias_variance=1", "hypercube:4", "bias_variance"),
        ("laplace:width=2", "sphere:5", "width"),
        ("nngp:relu:depth=1", "circle:8", "weight_variance"),
    ],
)
def test_values_and_slopes_are_proved_ones_to_the_last_bit(kernel, place, parameter):
    run = traced.spectrum(kernel, place, 6)
    values, slopes = jax.jit(
        lambda x: jax.jvp(lambda x: run({parameter: x})[0], (x,), (1.0,))
    )(run.parameters[parameter])
    rows = (
        spectrum(kernel, place, run.index).levels,
        gradient(kernel, place, parameter, run.index, 18),
    )
    for value, level in zip(values, rows[0], strict=False):
        assert float(value) == float(level.eigenvalue)
    for slope, ball in zip(slopes, rows[1], strict=False):
        assert float(slope) == float(ball)


def proved(name, place, shape, digits=40):
    """A statistic at exact (bias variance, n, ridge), as a fraction."""
    b, n, ridge = shape
    s = spectrum(kernels.ntk("relu", depth=2, bias_variance=b), place, digits=digits)
    p = predict(s, {1: 1, 2: "1/2"}, n, ridge, "1/10", digits=digits)
    return getattr(p, name)[()].midpoint


AT = (Fraction(1, 10), Fraction(9), Fraction(1, 4))


def difference(name, place, axes, step):
    """A central difference of proved values, of first or mixed second order."""
    total = Fraction(0)
    for signs in np.ndindex(*(2,) * len(axes)):
        point = list(AT)
        for axis, sign in zip(axes, signs, strict=True):
            point[axis] += (1 - 2 * sign) * step
        total += (-1) ** sum(signs) * proved(name, place, point)
    return float(total / (2 * step) ** len(axes))


@pytest.mark.parametrize(
    ("name", "second"),
    [("test_mse", False), ("train_mse", True)],
)
def test_statistics_are_differentiated_through_the_spectrum(name, second):
    place = "hypercube:4"
    run = traced.spectrum(NET, place)
    power = run.power({1: 1.0, 2: 0.5})

    def statistic(b, n, ridge):
        lam, g = run({"bias_variance": b})
        return traced.statistic(name, lam, g, power, n, ridge, 0.1)

    point = tuple(map(float, AT))
    found = jax.jit(jax.grad(statistic, (0, 1, 2)))(*point)
    for axis, value in enumerate(found):
        exact = difference(name, place, [axis], Fraction(1, 10**8))
        assert float(value) == pytest.approx(exact, rel=1e-11), axis
    if second:
        hessian = jax.jit(jax.hessian(statistic, (0, 1)))(*point)
        for a in (0, 1):
            for b in (0, 1):
                exact = difference(name, place, [a, b], Fraction(1, 10**7))
                assert float(hessian[a][b]) == pytest.approx(exact, rel=1e-9), (a, b)


def test_the_tail_is_an_entry_of_its_own_and_moves():
    run = traced.spectrum(NET, "sphere:6", 6)
    mse = lambda b: traced.statistic(
        "test_mse", *run({"bias_variance": b}), run.power({1: 1}), 30.0, 0.0, 0.0
    )
    value = lambda b: predict(
        spectrum(kernels.ntk("relu", depth=2, bias_variance=b), "sphere:6"),
        {1: 1},
        30,
        digits=12,
    ).test_mse[()]
    assert float(mse(0.1)) == pytest.approx(float(value("0.1")), rel=1e-7)
    h = Fraction(1, 1000)
    two = [float(value(AT[0] + sign * h)) for sign in (1, -1)]
    assert float(jax.grad(mse)(0.1)) == pytest.approx(
        (two[0] - two[1]) / float(2 * h), rel=1e-4
    )


def test_grids_of_parameters_by_vmap_and_jit():
    run = traced.spectrum("nngp:relu:depth=1", "hypercube:4")
    grid = jnp.array([0.0, 0.1, 1.0])
    found = jax.jit(jax.vmap(lambda b: run({"bias_variance": b})[0]))(grid)
    for b, row in zip(("0", "0.1", "1"), found, strict=True):
        s = spectrum(kernels.nngp("relu", depth=1, bias_variance=b), "hypercube:4")
        exact = [float(x.eigenvalue) for x in s.levels]
        assert np.allclose(row, exact, rtol=1e-12, atol=1e-18)


def test_curves_are_the_predicted_ones_however_long_the_spectrum(monkeypatch):
    s = spectrum(NET, "hypercube:8", digits=None)
    lam, g = jnp.array(s.eigenvalue), jnp.array(s.multiplicity)
    power = jnp.zeros(9).at[1].set(1.0)
    n, ridge = np.array([[1.0], [30.0], [200.0]]), np.array([0.0, 0.5])
    expected = predict(s, {1: 1}, n, ridge).test_mse
    assert np.allclose(
        traced.curve("test_mse", lam, g, power, n, ridge), expected, rtol=1e-13
    )
    monkeypatch.setattr(traced, "AT_ONCE", 0)
    assert np.allclose(
        traced.curve("test_mse", lam, g, power, n, ridge), expected, rtol=1e-13
    )


def test_bad_input_is_named():
    run = traced.spectrum("laplace:width=1", "sphere:3", 4)
    with pytest.raises(OutOfDomain, match="no parameter 'bias'"):
        run({"bias": 1.0})
    with pytest.raises(OutOfDomain, match="target level"):
        run.power({5: 1})
    with pytest.raises(OutOfDomain, match="float32"), jax.enable_x64(False):
        run()
    with pytest.raises(OutOfDomain, match="width = -1 must be positive"):
        run({"width": -1.0})
    with pytest.raises(jax.errors.JaxRuntimeError, match="width = -1 must be positive"):
        jax.jit(lambda x: run({"width": x})[0])(-1.0)
    third = jax.jacfwd(jax.hessian(lambda x: run({"width": x})[0]))
    with pytest.raises(Unsupported, match="no third derivatives"):
        third(1.0)


def test_values_near_an_edge_are_right_inside_jit():
    """Near σ_b² = 0 odd levels of one hidden ReLU layer are differences of large numbers."""
    run = traced.spectrum("ntk:relu:depth=1,bias_variance=1/10", "hypercube:8")
    lam = jax.jit(lambda b: run({"bias_variance": b})[0])(1e-4)
    near = kernels.ntk("relu", depth=1, bias_variance=Fraction(1e-4))
    for value, level in zip(lam, spectrum(near, "hypercube:8").levels, strict=True):
        assert float(value) == float(level.eigenvalue)


def test_slopes_at_an_edge_are_one_sided_or_infinite():
    """√b at t = −1: K of the tangent kernel rises like it, that of the NNGP like b."""
    tangent = traced.spectrum("ntk:relu:depth=1", "hypercube:3")
    slopes = jax.jacfwd(lambda b: tangent({"bias_variance": b})[0])(0.0)
    assert np.isinf(slopes).all()
    assert np.sign(slopes).tolist() == [-1, 1, -1, 1]
    covariance = traced.spectrum("nngp:relu:depth=1", "hypercube:3")
    slopes = jax.jacfwd(lambda b: covariance({"bias_variance": b})[0])(0.0)
    exact = gradient("nngp:relu:depth=1", "hypercube:3", "bias_variance")
    assert np.allclose(slopes, [float(x) for x in exact], rtol=1e-15)
