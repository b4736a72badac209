"""Dimensions of levels at large d, k and M, by counting polynomials and points."""

from math import comb

import pytest

from numerics import spectrum
from numerics.spectra.domains.harmonics import multiplicities, multiplicity
from theory import domains


def polynomials(d, k):
    """Dimension of the homogeneous polynomials of degree k in d variables."""
    return comb(d + k - 1, k)


@pytest.mark.parametrize(
    ("d", "top"), [(2, 9), (3, 40), (17, 60), (1000, 30), (5, 300)]
)
def test_harmonics_are_polynomials_less_those_that_the_norm_divides(d, top):
    found = multiplicities(d, top)
    for k in (0, 1, 2, 3, top // 2, top):
        wanted = polynomials(d, k) - (polynomials(d, k - 2) if k > 1 else 0)
        assert found[k] == multiplicity(d, k) == wanted
        assert domains.parse(f"sphere:{d}").multiplicity(k) == wanted
    # all of degree at most K: the polynomials of degrees K and K − 1
    assert sum(found) == polynomials(d, top) + polynomials(d, top - 1)


@pytest.mark.parametrize("d", [1, 30, 1000])
def test_corners_are_counted_by_subsets(d):
    cube = domains.parse(f"hypercube:{d}")
    for k in {0, 1, d // 2, d - 1, d}:
        assert cube.multiplicity(k) == comb(d, k)
    if d == 30:
        s = spectrum("gaussian:width=3", cube, digits=10)
        assert [x.multiplicity for x in s.levels] == [comb(d, k) for k in range(d + 1)]
        assert s.modes == 2**d


@pytest.mark.parametrize("points", [1, 2, 7, 10, 10**6, 10**6 + 1])
def test_points_of_a_circle_have_waves_in_pairs(points):
    circle = domains.parse(f"circle:{points}")
    top = points // 2
    for k in {0, 1, top - 1, top} & set(range(top + 1)):
        alone = k == 0 or 2 * k == points
        assert circle.multiplicity(k) == (1 if alone else 2)
    if points < 20:
        assert sum(circle.multiplicity(k) for k in range(top + 1)) == points
