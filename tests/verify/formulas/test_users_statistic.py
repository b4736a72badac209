"""A statistic of one's own: four arithmetics agree, and wrong ones are refuted."""

import numpy as np
import pytest
from sympy import Symbol

from learnability import own_statistic
from numerics import Spectrum, predict, spectrum
from theory import OutOfDomain
from theory.constant import L, U, total
from theory.notation import C, bias, g, i, lam, n, noise, overfitting, power, variance
from theory.notation import test_mse as E

TARGET = {0: 1, 1: "1/2"}
LEVELS = Spectrum.from_levels([(2, 3), ("1/3", 5)])


def test_what_the_theory_has_comes_out_by_each_way():
    written_out = n / (n - total(g[i] * L**2)) * (total(power[i] * U**2) + noise)
    own = own_statistic("error_again", written_out, letter=Symbol("E_x"))
    assert own.latex().startswith("E_{x} = ")
    sizes = [1, 2, "7/2"]
    p = predict(LEVELS, TARGET, sizes, "1/10", "1/4")
    assert np.allclose(own.floats(LEVELS, TARGET, sizes, "1/10", "1/4"), p.test_mse)
    proved = predict(LEVELS, TARGET, 2, "1/10", "1/4", digits=25).test_mse.item()
    ball = own.ball(LEVELS, TARGET, 2, "1/10", "1/4", digits=25)
    assert ball.digits >= 25
    assert abs(ball.midpoint - proved.midpoint) < 1e-24
    jax = pytest.importorskip("jax")
    with jax.enable_x64(True):
        jnp = jax.numpy
        rows = jnp.array([2, 1 / 3]), jnp.array([3.0, 5]), jnp.array([1, 0.5])
        slope = jax.grad(lambda x: own.traced(*rows, x, 0.1, 0.25))(2.0)
    step = 1e-5
    ends = own.floats(LEVELS, TARGET, [2 - step, 2 + step], "1/10", "1/4")
    assert float(slope) == pytest.approx((ends[1] - ends[0]) / (2 * step), rel=1e-6)


def test_an_infinite_spectrum_counts_its_tail():
    s = spectrum("ntk:relu", "circle")
    own = own_statistic("sum_of_squares", total(g[i] * L**2))
    e0 = float(predict(s, {1: 1}, 8, "1/10").E0)
    assert float(own.floats(s, {1: 1}, 8, "1/10")) == pytest.approx(
        8 - 8 / e0, rel=1e-9
    )


def test_simulation_confirms_the_right_and_refutes_the_wrong():
    case = {"kernel": "gaussian:width=2", "domain": "sphere:6", "target": {1: 1}}
    share = own_statistic("variance_share", variance / (bias + variance))
    good = share.check(**case, n=12, noise="1/2", trials=600, margin=0.1)
    assert good.verdict == "confirmed", str(good)
    assert "planted mistakes would be refuted" in good.effect
    wrong = own_statistic(
        "forgotten_noise", (overfitting - 1) * bias,
        measure=lambda seen: seen.values("variance"),
    )  # fmt: skip
    bad = wrong.check(**case, n=12, noise="1/2", trials=200)
    assert bad.verdict == "refuted", str(bad)
    right = own_statistic(
        "with_noise", (overfitting - 1) * (bias + noise),
        measure=lambda seen: seen.values("variance"),
    )  # fmt: skip
    assert (
        right.check(**case, n=12, noise="1/2", trials=600, margin=0.2).verdict
        == "confirmed"
    )
    assert len(right.mutants()) > 10


@pytest.mark.parametrize(
    ("name", "expression", "says"),
    [
        ("test_mse", C, "that of a formula"),
        ("a b", C, "must be a word"),
        ("mine", Symbol("Q") * C, "holds Q"),
        ("mine", lam[i], "sum it over all levels"),
        ("mine", E > 1, "no expression"),
    ],
)
def test_what_is_no_statistic_is_refused(name, expression, says):
    with pytest.raises(OutOfDomain, match=says):
        own_statistic(name, expression)


def test_where_there_is_no_constant_it_is_refused():
    own = own_statistic("mine", C * n)
    with pytest.raises(OutOfDomain, match="finite and positive"):
        own.floats(LEVELS, TARGET, [2, 8])
    with pytest.raises(OutOfDomain, match="nothing that regression measures"):
        own_statistic("count", n + noise).check("exponential", "hypercube:3", {1: 1}, 2)
    with pytest.raises(OutOfDomain, match="one value"):
        own_statistic("one", C, measure=lambda _: 1.0).check(
            "exponential", "hypercube:3", {1: 1}, 2, trials=4
        )
