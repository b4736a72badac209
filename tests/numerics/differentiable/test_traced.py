"""JAX: the same values, and derivatives that theory and exact differences confirm."""

from fractions import Fraction

import numpy as np
import pytest

jax = pytest.importorskip("jax", reason="needs the extra jax")
import jax.numpy as jnp  # noqa: E402
from sympy import Rational  # noqa: E402

from numerics import Spectrum, predict  # noqa: E402
from numerics import constant as proved_constant  # noqa: E402
from numerics.differentiable.traced import constant, statistic  # noqa: E402
from numerics.interpreters.jax_arrays import TRACED  # noqa: E402
from numerics.interpreters.program import build  # noqa: E402
from theory import OutOfDomain, kernels, notation  # noqa: E402
from theory.constant.implicit import implicit_equation  # noqa: E402
from theory.notation import u  # noqa: E402

LEVELS = [("5", 1), ("1/3", 8), ("1/50", 28), ("1/900", 56)]


@pytest.fixture(autouse=True)
def _x64():
    with jax.enable_x64(True):
        yield


def arrays():
    lam = jnp.array([float(Fraction(a)) for a, _ in LEVELS])
    return (
        lam,
        jnp.array([float(g) for _, g in LEVELS]),
        jnp.array([0.0, 1.0, 0.5, 0.0]),
    )


@pytest.mark.parametrize(
    "name", ["test_mse", "train_mse", "bias", "variance", "target_learnability"]
)
def test_traced_statistics_are_the_predicted_ones(name):
    lam, g, power = arrays()
    sizes = jnp.array([0.5, 7.0, 40.0, 92.0, 150.0])
    run = jax.jit(jax.vmap(lambda n: statistic(name, lam, g, power, n, 0.3, 0.1)))
    expected = predict(
        Spectrum.from_levels(LEVELS),
        {1: 1, 2: "1/2"},
        ["1/2", 7, 40, 92, 150],
        "3/10",
        "1/10",
    )
    assert np.allclose(run(sizes), getattr(expected, name), rtol=1e-13, atol=0)


def difference(name, n, ridge, noise, which, step=Fraction(1, 10**8)):
    """A central difference of proved values: ten digits of the derivative."""
    s = Spectrum.from_levels(LEVELS)
    values = []
    for sign in (1, -1):
        point = [Fraction(n), Fraction(ridge), Fraction(noise)]
        point[which] += sign * step
        p = predict(s, {1: 1, 2: "1/2"}, point[0], point[1], point[2], digits=40)
        values.append(getattr(p, name)[()].midpoint)
    return float((values[0] - values[1]) / (2 * step))


@pytest.mark.parametrize("name", ["test_mse", "train_mse", "variance"])
@pytest.mark.parametrize("which", [0, 1, 2])
def test_gradients_match_differences_of_proved_values(name, which):
    lam, g, power = arrays()
    slope = jax.grad(lambda *x: statistic(name, lam, g, power, *x), which)(
        40.0, 0.3, 0.1
    )
    assert slope == pytest.approx(difference(name, 40, "3/10", "1/10", which), rel=1e-9)


def test_hessians_are_symmetric_and_match_differences_of_gradients():
    lam, g, power = arrays()
    f = lambda *x: statistic("test_mse", lam, g, power, *x)
    second = np.array(jax.hessian(f, (0, 1, 2))(40.0, 0.3, 0.1))
    assert np.allclose(second, second.T, rtol=1e-10)
    h = 1e-5
    grad = jax.grad(f)
    assert (grad(40.0 + h, 0.3, 0.1) - grad(40.0 - h, 0.3, 0.1)) / (
        2 * h
    ) == pytest.approx(second[0, 0], rel=1e-6)


def test_eulers_identity_holds_for_the_gradient_of_the_constant():
    lam, g, _ = arrays()
    by_lam, by_ridge = jax.grad(constant, (0, 3))(lam, g, 40.0, 0.3)
    total = jnp.sum(by_lam * lam) + by_ridge * 0.3
    assert float(total) == pytest.approx(float(constant(lam, g, 40.0, 0.3)), rel=1e-13)


@pytest.mark.parametrize("along", [(3,), (2,), (2, 2), (2, 3), (3, 3)])
def test_derivatives_of_the_constant_are_theorys_symbolic_ones(along):
    symbols = {2: notation.n, 3: notation.ridge}
    equation = implicit_equation(
        [(Rational(a), k) for a, k in LEVELS], ridge=notation.ridge
    )
    symbolic = equation.derivative_of(notation.C, *(symbols[i] for i in along))
    at = proved_constant(Spectrum.from_levels(LEVELS), 40, "3/10", digits=40)
    exact = {notation.C: Rational(at.midpoint), notation.ridge: Rational(3, 10)}
    wanted = symbolic.subs(exact).evalf(30)
    lam, g, _ = arrays()
    found = constant
    for which in along:
        found = jax.grad(found, which)
    assert float(found(lam, g, 40.0, 0.3)) == pytest.approx(float(wanted), rel=1e-11)


def test_no_root_is_nan_and_float32_is_refused():
    lam, g, _ = arrays()
    assert jnp.isnan(constant(lam, g, 94.0, 0.0))
    with pytest.raises(OutOfDomain, match="float64"):
        constant(lam.astype(jnp.float32), g, 4.0, 0.0)


@pytest.mark.parametrize("depth", [1, 4])
def test_kernels_have_finite_gradients_at_both_ends(depth):
    from theory.notation import bias_variance

    kernel = kernels.ntk("relu", depth=depth, bias_variance=bias_variance)
    program = build(kernel.half(), TRACED)
    slope = jax.grad(lambda b, at: program({bias_variance: b, u: at}))
    for at in (0.0, 0.5, 1.0):
        h = 1e-6
        two = [float(program({bias_variance: 0.1 + s * h, u: at})) for s in (1, -1)]
        assert float(slope(0.1, at)) == pytest.approx(
            (two[0] - two[1]) / (2 * h), rel=1e-7
        )
