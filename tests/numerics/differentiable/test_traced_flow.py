"""Gradient flow in JAX: values against balls, slopes against differences of balls."""

import pytest
from sympy import Rational

jax = pytest.importorskip("jax")
jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp  # noqa: E402

from numerics import Spectrum, predict  # noqa: E402
from numerics import spectrum as enclosed  # noqa: E402
from numerics.differentiable.traced import flow_statistic, spectrum  # noqa: E402
from theory import OutOfDomain, kernels  # noqa: E402

LAM = [Rational(1, k * k) for k in range(1, 5)]
G = [4, 8, 12, 16]
POWER = {0: Rational(3, 5), 2: Rational(2, 5)}
AT = {"n": Rational(20), "time": Rational(3, 2), "noise": Rational(1, 10)}
STEP = Rational(1, 10**8)


def proved(name, lam=LAM, power=POWER, **at):
    ask = AT | at
    s = Spectrum.from_levels(list(zip(lam, G, strict=True)))
    p = predict(s, power, ask["n"], noise=ask["noise"], time=ask["time"], digits=20)
    return p.statistics[name].item().midpoint


def arrays():
    as_floats = lambda x: jnp.array([float(y) for y in x])
    power = [POWER.get(k, 0) for k in range(4)]
    return as_floats(LAM), as_floats(G), as_floats(power)


def traced(name):
    lam, g, power = arrays()
    return lambda lam, power, n, time, noise: flow_statistic(
        name, lam, g, power, n, time, noise
    ), (lam, power, *(float(AT[x]) for x in ("n", "time", "noise")))


@pytest.mark.parametrize("name", ["test_mse", "train_mse"])
def test_values_and_slopes_are_those_of_balls(name):
    run, at = traced(name)
    value, slopes = jax.jit(jax.value_and_grad(run, argnums=(0, 1, 2, 3, 4)))(*at)
    assert float(value) == pytest.approx(float(proved(name)), rel=1e-12)
    for place, letter in ((2, "n"), (3, "time"), (4, "noise")):
        ends = [proved(name, **{letter: AT[letter] + x}) for x in (STEP, -STEP)]
        exact = float((ends[0] - ends[1]) / (2 * STEP))
        assert float(slopes[place]) == pytest.approx(exact, rel=1e-9, abs=1e-12)
    move = lambda x: [LAM[0] + x, *LAM[1:]]
    ends = [proved(name, lam=move(x)) for x in (STEP, -STEP)]
    exact = float((ends[0] - ends[1]) / (2 * STEP))
    assert float(slopes[0][0]) == pytest.approx(exact, rel=1e-9)
    assert float(slopes[1] @ at[1]) == pytest.approx(
        float(value) - float(at[4] * slopes[4]), rel=1e-9
    )  # errors are linear in powers and noise together


def test_curvature_in_time_and_the_slope_in_a_parameter_of_the_kernel():
    run, at = traced("test_mse")
    curve = jax.jit(jax.grad(jax.grad(run, argnums=3), argnums=3))(*at)
    big = Rational(1, 10**5)
    ends = [proved("test_mse", time=AT["time"] + x) for x in (big, 0, -big)]
    exact = float((ends[0] - 2 * ends[1] + ends[2]) / big**2)
    assert float(curve) == pytest.approx(exact, rel=1e-8)
    kernel = spectrum("exponential:beta=1", "hypercube:4")
    power = kernel.power({1: 1})
    mse = lambda b: flow_statistic("test_mse", *kernel({"beta": b}), power, 6.0, 0.5)
    slope = jax.jit(jax.grad(mse))(1.0)
    step = Rational(1, 10**5)
    at = lambda b: predict(
        enclosed(kernels.exponential(b), "hypercube:4", digits=30),
        {1: 1}, 6, time="1/2", digits=20,
    ).test_mse.item().midpoint  # fmt: skip
    exact = float((at(1 + step) - at(1 - step)) / (2 * step))
    assert float(slope) == pytest.approx(exact, rel=1e-9)


def test_bad_names_and_floats_are_refused():
    one = jnp.ones(1)
    with pytest.raises(OutOfDomain, match="mse2"):
        flow_statistic("mse2", one, one, one, 1.0, 1.0)
    with pytest.raises(OutOfDomain, match="float32"):
        flow_statistic("test_mse", jnp.ones(1, jnp.float32), one, one, 1.0, 1.0)
