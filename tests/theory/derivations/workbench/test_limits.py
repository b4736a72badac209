"""Limits against the registered limits of statistics, and series against proved values."""

import pytest
from sympy import Eq, KroneckerDelta, oo

from numerics import Spectrum
from numerics.statistics.statistic import statistic
from theory import Disagreement, OutOfDomain, Unsupported
from theory.constant import total
from theory.constant.implicit.moments import Moment
from theory.constant.level_sums import vanishes
from theory.derivations.workbench import limit_of, limits
from theory.notation import C, d, i, j, k, lam, modes, n, noise, power, ridge
from theory.notation import overfitting as E0
from theory.statistics import learned_coefficients

LEVELS = ((3, 1), (1, 4))
SMALL = 1e-5


def at(e, size, delta):
    """The value of a series at levels in numbers."""
    e = e.replace(lambda a: isinstance(a, Moment), lambda a: a.over(LEVELS))
    e = e.xreplace({modes: 5, n: size, ridge: delta, noise: 0})
    return float(e.doit())


@pytest.mark.parametrize(
    ("x", "point", "given", "place"),
    [
        (n, 0, None, ("1/100000", "1/3")),
        (n, "N", None, ("499999/100000", 0)),
        (n, oo, None, (100005, "1/3")),
        (ridge, oo, None, (3, 100000)),
        (ridge, 0, n > modes, (8, "1/100000")),
    ],
    ids=str,
)
@pytest.mark.parametrize("order", [1, 2])
def test_series_come_close_to_the_value(x, point, given, place, order):
    from fractions import Fraction

    found = limit_of("overfitting_coefficient", x, point, order=order, given=given)
    size, delta = (Fraction(p) for p in place)
    s = Spectrum.from_levels(LEVELS)
    exact = float(statistic(E0, s, size, delta))
    scale = abs(exact) * (4 if order == 1 else 40)
    assert abs(at(found.expression, size, delta) - exact) < scale * SMALL**order


def test_the_registered_limits_come_out():
    assert limit_of("overfitting_coefficient", n, 0) == 1
    assert limit_of("test_mse", n, "N") == oo
    assert limit_of("bias", n, "N") == 0
    assert limit_of("test_mse", n, oo) == noise
    assert limit_of("overfitting_coefficient", ridge, 0, given=n > modes) == n / (
        n - modes
    )
    assert limit_of("overfitting_coefficient", ridge, 0, given=Eq(n, modes)) == oo
    assert limit_of(C * n, n, 0).expression == Moment(1) + ridge


def test_a_covariance_has_limits_mode_by_mode():
    first = limit_of("coefficient_covariance", n, 0, order=1)
    v = learned_coefficients.target
    said = total(power[i]) + noise
    same = (
        KroneckerDelta(i, j) * lam[i] ** 2 * said + lam[i] * lam[j] * v[i] * v[j]
    ) * n
    assert vanishes(first.expression - same / (ridge + Moment(1)) ** 2)
    assert "beside the limit" in first.proof()


def test_a_wrong_series_does_not_agree_beside_the_limit(monkeypatch):
    right = limits._turned
    monkeypatch.setattr(limits, "_turned", lambda *a: right(*a) + n**2 / 10**9)
    with pytest.raises(Disagreement, match="beside the limit"):
        limit_of("overfitting_coefficient", n, 0, order=2)


def test_other_letters_have_limits_too():
    assert limit_of((2 * k + d - 2) / (k + d - 2), d, oo) == 1
    assert limit_of("roughness_of_a_level", k, oo) == oo
    assert limit_of("test_mse", noise, 0).expression != 0


def test_what_has_no_limit_is_refused():
    with pytest.raises(OutOfDomain, match="no limit of a formula with C"):
        limit_of("test_mse", n, 3)
    with pytest.raises((Unsupported, OutOfDomain)):
        limit_of(C**d, n, 0)
