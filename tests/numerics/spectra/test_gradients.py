"""Derivatives of spectra against differences of spectra, and against closed forms."""

from fractions import Fraction

import pytest

from numerics import spectrum
from numerics.spectra.gradients import gradient
from theory import OutOfDomain

STEP = Fraction(1, 10**12)


def differences(family, parameter, value, rest, domain, levels):
    def at(x):
        text = ",".join([f"{parameter}={x.numerator}/{x.denominator}", *rest])
        s = spectrum(f"{family}{text}", domain, levels=levels, digits=45)
        return [level.eigenvalue.midpoint for level in s.levels]

    low, high = at(value - STEP), at(value + STEP)
    return [(b - a) / (2 * STEP) for a, b in zip(low, high, strict=True)]


@pytest.mark.parametrize(
    ("family", "parameter", "value", "rest", "domain", "levels"),
    [
        ("ntk:relu:", "bias_variance", "1/100", ["depth=3"], "hypercube:7", None),
        ("ntk:relu:", "weight_variance", "2", ["depth=2"], "hypercube:6", None),
        ("nngp:erf:", "weight_variance", "3/2", ["depth=2"], "circle:9", None),
        ("laplace:", "width", "1", [], "circle:12", None),
        ("ntk:relu:", "bias_variance", "1/10", ["depth=2"], "sphere:6", range(7)),
        (
            "ntk:erf:",
            "weight_variance",
            "2",
            ["bias_variance=0.1"],
            "sphere:3",
            range(6),
        ),
        ("gaussian:", "width", "2", [], "sphere:4", range(6)),
        ("exponential:", "beta", "3/2", [], "circle", range(5)),
    ],
)
def test_gradients_are_the_limit_of_differences(
    family, parameter, value, rest, domain, levels
):
    value = Fraction(value)
    text = ",".join([f"{parameter}={value.numerator}/{value.denominator}", *rest])
    slopes = gradient(f"{family}{text}", domain, parameter, levels=levels, digits=25)
    rough = differences(family, parameter, value, rest, domain, levels)
    scale = max(abs(x) for x in rough)
    for ball, difference in zip(slopes, rough, strict=True):
        assert abs(ball.midpoint - difference) < scale * 10**6 * STEP**2 + ball.radius
        assert ball.sign is None or ball.digits >= 25


def test_zeros_by_parity_stay_zero():
    slopes = gradient("ntk:relu:depth=1", "hypercube:7", "weight_variance")
    assert [k for k, x in enumerate(slopes) if x.sign == 0] == [3, 5, 7]


def test_a_derivative_that_is_infinite_says_where():
    with pytest.raises(OutOfDomain, match="no finite derivative in b at t = -1"):
        gradient("ntk:relu:depth=2", "hypercube:4", "bias_variance")


def test_a_parameter_that_is_not_there_is_refused():
    with pytest.raises(OutOfDomain, match="no parameter 'width'"):
        gradient("exponential:beta=1", "hypercube:4", "width")


def test_the_first_levels_move_as_they_do_among_all():
    every = gradient("exponential:beta=1", "hypercube:5", "beta")
    first = gradient("exponential:beta=1", "hypercube:5", "beta", levels=range(2))
    assert [x.overlaps(y) for x, y in zip(first, every, strict=False)] == [True, True]
