"""Balls of filters: published values, ridge regression, floats, and the proved errors."""

import numpy as np
import pytest
from flint import acb, arb, ctx, fmpq
from sympy import Rational

from numerics import Spectrum, predict, spectrum
from numerics.interpreters.complex_balls import ANALYTIC_BALLS
from numerics.interpreters.program import build
from numerics.training.contour_maps import Annulus, Ellipse, Hyperbola
from numerics.training.proved_contours import quadrature
from numerics.training.proved_filtered import proved_filtered
from theory import NotEvaluable, notation
from theory.training import parse
from theory.training.filters import from_expression

LEVELS = Spectrum.from_levels([(Rational(1, k), 6 * k) for k in range(1, 7)])
TARGET = {0: Rational(1), 2: Rational(1, 2)}


def ask(rule, time, digits, s=LEVELS, n=20, **more):
    return predict(
        s, TARGET, n, noise="1/10", time=time, rule=rule, digits=digits, **more
    )


@pytest.mark.parametrize(
    ("time", "error", "train"),
    [("3/100", 0.347666258, 0.306896395), ("30", 0.203841310, 3.66187756e-5)],
)
def test_published_values_of_the_flow(time, error, train):
    i = np.arange(1, 301)
    whole = sum(Rational(1, int(k) ** 2) for k in i)
    power = {int(k) - 1: Rational(1, int(k) ** 2) / whole for k in i}
    exact = [Rational(str(round(float(x), 15))) for x in i**-1.5]
    s = Spectrum.from_levels([(x, 1) for x in exact])
    p = predict(s, power, 60, noise="1/10", time=time, digits=9)
    assert float(p.test_mse.item()) == pytest.approx(error, abs=6e-10)
    assert float(p.train_mse.item()) == pytest.approx(train, rel=2e-6)


@pytest.mark.parametrize(
    ("rule", "time"),
    [
        ("flow", "1/7"),
        ("descent:rate=1/100", 7),
        ("heavy_ball:rate=1/200,momentum=1/3", 20),
        ("tikhonov:ridge=2", 4),
        ("distillation:ridge=1/2", 2),
        ("weight_decay:decay=1/5", "1/2"),
        ("expr:1/sqrt(1 + 2*s*t)", 2),
    ],
)
def test_balls_of_two_precisions_hold_the_floats(rule, time):
    coarse, fine, fast = (ask(rule, time, x) for x in (6, 20, None))
    names = ("test_mse", "bias", "variance", "train_mse", "E0", "residual_trace")
    for name in names:
        one, two = coarse.statistics[name].item(), fine.statistics[name].item()
        assert one.value.overlaps(two.value)
        assert two.digits >= 20
        off = fast.absolute_error[name] + 1e-13
        assert abs(float(two) - float(fast.statistics[name])) <= off


@pytest.mark.parametrize("text", ["expr:1/(1 + 3*s)", "tikhonov:ridge=1/3"])
def test_one_round_of_a_ridge_is_ridge_regression(text):
    found = ask(text, 1, 25)
    known = predict(LEVELS, TARGET, 20, ridge="1/3", noise="1/10", digits=30)
    for name in ("test_mse", "bias", "variance", "train_mse", "E0"):
        assert (
            found.statistics[name]
            .item()
            .value.overlaps(known.statistics[name].item().value)
        )


def test_learnabilities_sum_to_n_less_the_trace():
    case = {notation.n: fmpq(20), notation.time: fmpq(2), notation.noise: fmpq(0)}
    every = [x.index for x in LEVELS.levels]
    found = proved_filtered(LEVELS, {0: Rational(1)}, every, case, parse("flow"), 15)
    learned = sum(
        (int(x.multiplicity) * found[f"L{x.index}"].value for x in LEVELS.levels),
        arb(0),
    )
    assert learned.overlaps(20 - found["residual_trace"].value)


def test_a_tail_and_more_points_than_modes():
    s = spectrum("exponential:beta=2", "sphere:8", levels=range(12))
    p = ask("flow", "3/10", 18, s, 120)
    fast = ask("flow", "3/10", None, s, 120)
    assert float(p.test_mse.item()) == pytest.approx(float(fast.test_mse), rel=1e-9)
    few = Spectrum.from_levels([(1, 3), (Rational(1, 2), 4), (Rational(1, 9), 5)])
    late = ask("flow", 400, 15, few, 40)
    last = predict(few, TARGET, 40, noise="1/10", digits=15)
    assert late.test_mse.item().value.overlaps(last.test_mse.item().value)
    none = ask("flow", 0, 15, few, 40)
    assert str(none.test_mse.item()) == "1.6"


@pytest.mark.parametrize(
    ("curve", "h", "exact"),
    [
        (Hyperbola(arb(8)), lambda s: (2 * s).exp(), lambda x: (-2 * x).exp()),
        (
            Ellipse(arb(30), 0.6, 0.5),
            lambda s: (1 + s / 40) ** 7,
            lambda x: (1 - x / 40) ** 7,
        ),
        (
            Annulus(arb(30), arb(1, 0) / 2),
            lambda s: (1 / (1 - s)) ** 2,
            lambda x: 1 / (1 + x) ** 2,
        ),
    ],
)
def test_cauchys_formula_within_the_proved_error(curve, h, exact):
    """Of h itself at eigenvalues: the bound of ``mode`` covers 1/(s + x) times s/h."""
    old, ctx.prec = ctx.prec, 160
    try:
        bound = lambda s: h(s).abs_upper()
        edge = None if isinstance(curve, Hyperbola) else arb(30)
        rule = quadrature(curve, bound, 18, edge, arb(2))
        assert rule is not None
        nodes, weights = rule.nodes()
        for x in (arb(0), arb(1) / 3, arb(30)):
            terms = (w * h(s) / (s + x) for w, s in zip(weights, nodes, strict=True))
            found = 2 * sum(terms, acb(0)).real
            assert abs(found - exact(x)).upper() <= rule.off.mode.upper()
            assert rule.off.mode < 1e-15
    finally:
        ctx.prec = old


def test_a_cut_is_no_finite_number_and_other_heads_are_refused():
    h = build(parse("expr:1/sqrt(1 + s)").expression, ANALYTIC_BALLS)
    wide = acb(arb(-3), arb(0, 1))
    assert not h({notation.s: wide}).is_finite()
    assert h({notation.s: wide + 5}).is_finite()
    with pytest.raises(NotEvaluable, match="Abs"):
        build(from_expression(abs(1 - notation.s)).expression, ANALYTIC_BALLS)


@pytest.mark.parametrize("n", [20, 200, 400])
@pytest.mark.parametrize("time", ["1/1000000", "1", "1000", "1000000000"])
def test_floats_are_as_good_as_they_say_early_and_late(n, time):
    """Late, differences of C cancel: ten digits of the noise were lost unsaid once."""
    proved, fast = (ask("flow", time, digits, n=n) for digits in (10, None))
    for name in ("test_mse", "E0", "bias", "variance", "train_mse"):
        off = abs(float(proved.statistics[name].item()) - float(fast.statistics[name]))
        assert off <= fast.absolute_error[name]
    assert fast.absolute_error["test_mse"] < 1e-10


def test_pairs_of_nodes_and_differences_of_c_agree(monkeypatch):
    """The two-ridge factor as a sum over levels, and by differences, at ordinary times."""
    import numerics.training.filtered as room

    plain = ask("flow", ["1/10", 1], None)
    monkeypatch.setattr(room, "LOST", 0.0)
    pairs = ask("flow", ["1/10", 1], None)
    assert np.allclose(plain.test_mse, pairs.test_mse, rtol=1e-11)
    assert np.allclose(plain.E0, pairs.E0, rtol=1e-11)
