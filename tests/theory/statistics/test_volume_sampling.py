"""Determinants and volume sampling, by enumeration of all data sets in fractions."""

from fractions import Fraction
from itertools import combinations, product
from random import Random

from theory.constant.bounds import Elementary
from theory.derivations.checks.exact_fields import FieldDualNumber, determinant
from theory.derivations.checks.random_problems import orthogonal
from theory.statistics.volume_sampling import determinant_mean, volume_sampling

M = 4
LAM = [Fraction(3), Fraction(1), Fraction(1, 2), Fraction(2, 7)]
ROTATION = orthogonal(Random(5), M, Fraction)
FEATURES = [[2 * x for x in row] for row in ROTATION]


def kernel(a, b):
    pairs = zip(LAM, FEATURES[a], FEATURES[b], strict=True)
    return sum((m * x * y for m, x, y in pairs), Fraction(0))


def det(rows):
    jets = [[FieldDualNumber(Fraction(x), Fraction(0)) for x in row] for row in rows]
    return determinant(jets, Fraction).value


def bordered(data, i):
    """det K_D · φᵀ K_D⁻¹ φ = −det of the bordered matrix."""
    rows = [[*(kernel(a, b) for b in data), FEATURES[a][i]] for a in data]
    rows.append([*(FEATURES[a][i] for a in data), 0])
    return -det(rows)


def elementary(values, k):
    return Fraction(str(Elementary.over([(x, 1) for x in values], k)))


def test_mean_determinant():
    for n in (1, 2, 3):
        drawn = [
            det([[kernel(a, b) for b in data] for a in data])
            for data in product(range(M), repeat=n)
        ]
        factorial = [1, 1, 2, 6][n]
        assert sum(drawn) / len(drawn) == factorial * elementary(LAM, n)
    assert determinant_mean.status == "exact"


def test_learnability_under_volume_sampling():
    for n in (1, 2, 3):
        sets = list(combinations(range(M), n))
        weight = sum(det([[kernel(a, b) for b in data] for a in data]) for data in sets)
        for i in range(M):
            learned = sum(LAM[i] * bordered(data, i) for data in sets) / weight
            rest = LAM[:i] + LAM[i + 1 :]
            assert learned == LAM[i] * elementary(rest, n - 1) / elementary(LAM, n)
    assert volume_sampling.relation == "="
