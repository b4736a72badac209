"""Zonal functions by recurrences are those that the domains define."""

import numpy as np
import pytest
from sympy import nsimplify

from numerics import working_precision
from numerics.targets.zonal_functions import (
    cosines,
    first_mode,
    points_on,
    zonal_values,
)
from theory import Hypercube, Hypersphere
from theory.domains import UnitCircle
from theory.errors import OutOfDomain
from verify.regression.domains.arrays import arrays_of


@pytest.mark.parametrize(
    "domain", [Hypercube(6), Hypersphere(2), Hypersphere(5), UnitCircle(points=9)]
)
def test_recurrences_give_the_domains_functions(domain):
    t = [nsimplify(x) for x in ("1", "-1/3", "0", "2/3")]
    levels = [0, 1, 3, 4]
    found = zonal_values(domain, levels, np.array([float(x) for x in t]))
    for k, row in zip(levels, found, strict=True):
        assert np.allclose(row, [float(domain.zonal(k, x)) for x in t], atol=1e-14)


@pytest.mark.parametrize("domain", [Hypercube(5), Hypersphere(4), UnitCircle()])
def test_first_modes_are_those_of_simulations_and_balls_hold_them(domain):
    place = arrays_of(domain)
    drawn = place.draw(4, [0], 0, replace=False)[0]
    if domain.kind == "circle":
        x = drawn
    elif domain.kind == "hypercube":
        x = place.coordinates(drawn)
    else:
        x = drawn
    for k in (0, 1, 3):
        wave = first_mode(domain, k, x, proved=False)
        assert np.allclose(wave, place.mode(k, 0, drawn), atol=1e-12)
        with working_precision(100):
            balls = first_mode(domain, k, x, proved=True)
        assert np.allclose(wave, [float(v) for v in balls], atol=1e-12)


def test_cosines_of_proved_and_float_points_agree():
    x = np.array([[1.0, 2.0, 2.0], [0.5, -1.0, 3.0]])
    with working_precision(100):
        proved = cosines(Hypersphere(3), x, x, proved=True)
    assert np.allclose(
        cosines(Hypersphere(3), x, x, proved=False), proved.astype(float), atol=1e-15
    )


@pytest.mark.parametrize(
    ("domain", "x", "says"),
    [
        (Hypercube(3), [1, 2, 1], "no corner"),
        (Hypercube(3), [1, 1], "have 3"),
        (Hypersphere(3), [0, 0, 0], "origin"),
        (UnitCircle(), [[1.0, 2.0]], "shape"),
        (UnitCircle(), float("nan"), "finite"),
    ],
)
def test_points_that_are_none(domain, x, says):
    with pytest.raises(OutOfDomain, match=says):
        points_on(domain, x)
