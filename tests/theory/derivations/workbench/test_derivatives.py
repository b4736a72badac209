"""Total derivatives against finite differences of the true C(n, δ), in proved digits."""

import pytest
from sympy import Rational, log

from numerics import Spectrum
from numerics.statistics.statistic import statistic
from theory import OutOfDomain
from theory.derivations.workbench import total_derivative
from theory.notation import C, g, j, lam, n, noise, ridge
from theory.notation import overfitting as E0
from theory.notation import test_mse as E
from theory.statistics import chain

LEVELS = [(Rational(3), 1), (Rational(2, 3), 4), (Rational(1, 5), 6)]
TARGET = {0: 1, 2: Rational(1, 2)}
H = Rational(1, 10**12)


def value(e, size, delta, levels=LEVELS, **given):
    s = Spectrum.from_levels(levels)
    return statistic(e, s, size, delta, Rational(1, 3), TARGET, digits=35, **given)


def difference(e, x, size, delta):
    """(e(x + h) − e(x − h))/2h, with C solved anew at both ends."""
    ends = []
    for h in (H, -H):
        moved = [size + h, delta] if x == n else [size, delta + h]
        ends.append(value(e, *moved).midpoint)
    return (ends[0] - ends[1]) / (2 * H)


@pytest.mark.parametrize(
    ("name", "x"),
    [("test_mse", n), ("bias", ridge), ("target_learnability", n)],
)
def test_slopes_of_statistics_are_those_of_the_true_constant(name, x):
    found = total_derivative(name, x).expression
    size, delta = Rational(7, 2), Rational(1, 4)
    exact = value(found, size, delta).midpoint
    assert abs(difference(chain(name).result, x, size, delta) - exact) < 1e-18


def test_a_mixed_second_derivative_is_that_of_the_first():
    first = total_derivative("bias", n)
    second = total_derivative("bias", n, ridge, simplify=False)
    size, delta = Rational(7, 2), Rational(1, 4)
    exact = value(second.expression, size, delta).midpoint
    assert abs(difference(first.expression, ridge, size, delta) - exact) < 1e-18
    assert "exact points" in second.proof()


def test_an_eigenvalue_moves_C_too():
    found = total_derivative(C, lam[j]).expression
    size, delta = Rational(7, 2), Rational(1, 4)
    exact = value(found, size, delta, other=1).midpoint
    ends = []
    for h in (H, -H):
        levels = [LEVELS[0], (LEVELS[1][0] + h, 4), LEVELS[2]]
        ends.append(value(C, size, delta, levels).midpoint)
    assert abs((ends[0] - ends[1]) / (2 * H) - exact) < 1e-18


def test_what_is_known_comes_out_short():
    assert total_derivative(log(C), log(n)) == -E0
    assert total_derivative(C, "ridge") == E0 / n
    found = total_derivative(C, g[j])
    assert str(found) == "Lⱼ C E₀/n"
    assert repr(found) == "<LevelExpression Lⱼ C E₀/n>"
    assert found._repr_latex_().startswith(r"$\displaystyle \frac{d}{dg_{j}}")
    assert total_derivative(E, noise) == E0


def test_what_is_no_letter_is_refused():
    with pytest.raises(OutOfDomain, match="at least one letter"):
        total_derivative("bias")
    with pytest.raises(OutOfDomain, match="is no letter"):
        total_derivative("bias", n + 1)
    with pytest.raises(OutOfDomain, match="did you mean"):
        total_derivative("biass", n)
