"""Exact expectations: symmetry gives what enumeration gives, and known rationals."""

from fractions import Fraction
from itertools import combinations
from math import comb

import pytest
from flint import fmpq

from verify.exact import Problem, cube, dot_product, walsh
from verify.exact.error_table import rows
from verify.exact.laws import expectations as e
from verify.exact.problems.eigenmodes import learning_matrix, squared_error
from verify.exact.problems.kernel_matrix import spectral


def test_the_known_rational_on_the_3_cube():
    found = e.on_cube(3, ["4/3", 3, 3, 1], 4)
    assert found.learnability[3] == fmpq(155237205019, 870187442950)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_symmetry_gives_what_all_data_sets_give(n):
    lam = [3, "1/2", "1/2", "1/7", "1/2", "1/7", "1/7", 2]
    K = spectral(walsh(3), lam)
    levels = [S.bit_count() for S in range(8)]
    found = e.expectation(K, walsh(3), levels, e.cube_orbits(3, n))
    every = [Problem(K, data) for data in combinations(range(8), n)]
    for S, level in enumerate(levels):
        L = sum((learning_matrix(p)[S, S] for p in every), fmpq(0)) / len(every)
        error = sum((squared_error(p, S) for p in every), fmpq(0)) / len(every)
        assert (found.learnability[level], found.mse[level]) == (L, error)


@pytest.mark.parametrize(("M", "n"), [(4, 2), (6, 3)])
def test_the_circle_conserves_and_agrees_with_enumeration(M, n):
    found = e.on_circle(M, [1, 1, 1, 1], n)
    sizes = [1 if k in {0, M / 2} else 2 for k in range(M // 2 + 1)]
    total = sum(
        (g * L for g, L in zip(sizes, found.learnability, strict=True)), fmpq(0)
    )
    assert total == n


def test_conservation_holds_in_expectation():
    for n in (1, 4, 6):
        found = e.on_cube(4, [1, 1, "1/2", "1/6", "1/24"], n)
        weighted = (comb(4, k) * L for k, L in enumerate(found.learnability))
        assert sum(weighted, fmpq(0)) == n


def test_orbits_count_every_data_set_once():
    for d, n in [(2, 2), (3, 4), (4, 3)]:
        counted = sum(count for _, count in e.cube_orbits(d, n))
        assert counted == comb(2**d - 1, n - 1)


def test_one_point_has_its_closed_form():
    found = e.on_cube(3, ["4/3", 3, 3, 1], 1)
    t = cube(3).cosines
    assert dot_product(cube(3), [1, 1]).values[0, 0] == 2
    assert t[0, 7] == -1
    assert found.learnability[0] == fmpq(7, 25)


def test_too_many_data_sets_are_refused():
    with pytest.raises(ValueError, match="n = 9"):
        e.cube_orbits(5, 9)


def test_the_table_of_errors_is_small_where_it_should_be_and_conserves():
    table = [row for row in rows() if row.domain == "hypercube:3"]
    first = [r for r in table if r.kernel.startswith("expr:t**3 +")]
    learned = {(r.n, r.level): r for r in first if r.statistic == "learnability"}
    assert learned[4, 3].exact == "155237205019/870187442950"
    assert float(learned[4, 3].difference) == pytest.approx(0.0243878, abs=1e-6)
    for n in range(1, 8):
        said = sum(comb(3, k) * Fraction(learned[n, k].theory) for k in range(4))
        assert abs(said - n) < Fraction(1, 10**15)
