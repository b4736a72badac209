"""Eigenvalues in JAX: as good as enclosures, and differentiable through everything."""

import warnings
from fractions import Fraction

import numpy as np
import pytest

jax = pytest.importorskip("jax", reason="needs the extra jax")
import jax.numpy as jnp  # noqa: E402

from numerics import predict, spectrum  # noqa: E402
from numerics.differentiable import traced  # noqa: E402
from numerics.differentiable.angle_rule import angle_rule  # noqa: E402
from numerics.interpreters import double_double as dd  # noqa: E402
from numerics.interpreters.program import build  # noqa: E402
from numerics.spectra.gradients import gradient  # noqa: E402
from theory import NoConvergence, OutOfDomain, Unsupported, kernels  # noqa: E402
from theory.notation import u  # noqa: E402

NET = "ntk:relu:depth=2,bias_variance=0.1"


@pytest.fixture(autouse=True)
def _x64():
    with jax.enable_x64(True):
        yield


@pytest.mark.parametrize(
    ("kernel", "place", "last", "most"),
    [
        ("ntk:erf:depth=1,bias_variance=0.1", "hypercube:12", None, 1e-13),
        ("ntk:relu:depth=1", "hypercube:5", None, 1e-13),
        pytest.param(NET, "sphere:60", 20, 1e-13, marks=pytest.mark.slow),
        (NET, "sphere:10", 50, 3e-16),
        ("laplace:width=1", "sphere:3", 30, 3e-16),
        ("nngp:relu:depth=3", "circle", 20, 3e-16),
    ],
)
def test_values_are_those_of_enclosures(kernel, place, last, most):
    assert traced.spectrum(kernel, place, last).relative_error <= most


@pytest.mark.parametrize(
    ("kernel", "place", "parameter", "most"),
    [
        ("ntk:relu:depth=1,bias_variance=1", "hypercube:4", "bias_variance", 1e-12),
        (NET, "sphere:4", "weight_variance", 1e-14),
        ("laplace:width=2", "sphere:5", "width", 1e-14),
    ],
)
def test_slopes_are_those_of_proved_dual_numbers(kernel, place, parameter, most):
    run = traced.spectrum(kernel, place, 12)
    found = jax.jacrev(lambda x: run({parameter: x})[0])(run.parameters[parameter])
    for value, ball in zip(
        found, gradient(kernel, place, parameter, run.index, 18), strict=False
    ):
        assert float(value) == pytest.approx(float(ball), rel=most)


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
    [("test_mse", False), pytest.param("train_mse", True, marks=pytest.mark.slow)],
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


def test_hessians_of_eigenvalues_on_the_sphere_keep_their_digits():
    run = traced.spectrum(NET, "sphere:5", 12)
    second = jax.hessian(lambda b: run({"bias_variance": b})[0])(0.1)
    step = Fraction(1, 10**6)
    for k in (0, 3, 12):
        sides = [
            gradient(
                kernels.ntk("relu", depth=2, bias_variance=AT[0] + sign * step),
                "sphere:5",
                "bias_variance",
                [k],
                30,
            )[0].midpoint
            for sign in (1, -1)
        ]
        exact = float((sides[0] - sides[1]) / (2 * step))
        assert float(second[k]) == pytest.approx(exact, rel=1e-9)


def test_the_tail_is_an_entry_of_its_own_and_moves():
    run = traced.spectrum(NET, "sphere:6", 20)
    mse = lambda b: traced.statistic(
        "test_mse", *run({"bias_variance": b}), run.power({1: 1}), 30.0, 0.0, 0.0
    )
    value = lambda b: predict(
        spectrum(kernels.ntk("relu", depth=2, bias_variance=b), "sphere:6"),
        {1: 1},
        30,
        digits=14,
    ).test_mse[()]
    assert float(mse(0.1)) == pytest.approx(float(value("0.1")), rel=1e-9)
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


@pytest.mark.parametrize("depth", [1, 8])
@pytest.mark.parametrize("bias", ["1e-7", "0.01", "2"])
def test_one_rule_serves_every_bias_and_depth(depth, bias):
    """Against enclosures, at places where one Gauss–Legendre rule would need thousands."""
    kernel = kernels.ntk("relu", depth=depth, bias_variance=bias)
    rule = angle_rule(7, 12)
    values = build(kernel.half(), dd.DOUBLE_DOUBLE)({u: rule.u})
    at_one = build(kernel.half(), dd.DOUBLE_DOUBLE)(
        {u: dd.Pair(np.zeros(1), np.zeros(1))}
    )
    found, mass, _ = rule.levels(values, at_one)
    # Mercer and Parseval: the trace, and what is left of it
    listed = found.hi @ rule.counts.hi
    assert listed + mass.hi[0] == pytest.approx(at_one.hi[0], rel=1e-15)
    if bias != "1e-7":
        s = spectrum(kernel, "sphere:7", range(13), 18)
        exact = [float(x.eigenvalue) for x in s.levels]
        assert np.allclose(found.hi, exact, rtol=3e-16, atol=0)
    assert np.all(found.hi > 0)


def test_bad_input_is_named():
    run = traced.spectrum("laplace:width=1", "sphere:3", 4)
    with pytest.raises(OutOfDomain, match="no parameter 'bias'"):
        run({"bias": 1.0})
    with pytest.raises(OutOfDomain, match="target level"):
        run.power({5: 1})
    with pytest.raises(OutOfDomain, match="float32"), jax.enable_x64(False):
        run()
    with pytest.raises(Unsupported, match="points of the circle"):
        traced.spectrum(NET, "circle:8")
    with pytest.raises(Unsupported, match=r"erf|digits=None"):
        traced.spectrum("expr:1 + t**2*(1+erf(t))", "sphere:3", 5)
    with pytest.raises(Unsupported, match="Taylor coefficients"):
        traced.spectrum(NET, "hypercube:300")


def test_lost_digits_are_announced():
    with pytest.warns(UserWarning, match=r"float64 loses \d+ of 16 digits"):
        run = traced.spectrum("gaussian:width=2", "circle", 50)
    assert run.relative_error > 1e-9
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        traced.spectrum("gaussian:width=2", "circle", 8)


def test_values_that_enclosures_contradict_are_refused():
    """Near σ_b² = 0 odd levels of one hidden ReLU layer are lost in float64."""
    run = traced.spectrum("ntk:relu:depth=1,bias_variance=1/10", "hypercube:8")
    with pytest.raises(NoConvergence, match="measured against enclosures"):
        run({"bias_variance": 1e-4})
