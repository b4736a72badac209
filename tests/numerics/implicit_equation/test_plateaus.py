"""float64 holds its stated error on plateaus and at the ends of its range, or refuses."""

from fractions import Fraction
from math import isinf
from random import Random

import pytest

from numerics import Spectrum, predict, spectrum
from theory.errors import NoConvergence, OutOfDomain, Unsupported

NAMES = (
    "C", "E0", "bias", "variance", "test_mse", "train_mse", "target_learnability",
)  # fmt: skip
UNDERFLOW = Fraction(1, 10**307)


def problem(random):
    """A spectrum over hundreds of orders, n at or near a number of leading modes."""
    count, span = random.randint(1, 6), random.choice((5, 60, 300, 600))
    small = lambda: Fraction(10) ** random.randint(-span, span)
    lam = sorted((random.randint(1, 999) * small() for _ in range(count)), reverse=True)
    g = [
        random.choice((1, 2, random.randint(1, 100), 10**9, 2 ** random.randint(1, 70)))
        for _ in range(count)
    ]
    n = Fraction(sum(g[: random.randint(1, count)]))
    kind = random.random()
    if kind < 0.3:
        n += random.choice((-1, 1)) * Fraction(1, 10 ** random.randint(1, 40))
    elif kind < 0.5:
        n = Fraction(random.randint(1, 10**6), 10**6) * sum(g)
    ridge = random.choice((Fraction(0), small()))
    noise = random.choice((Fraction(0), Fraction(1, 10)))
    target = {random.randrange(count): 1, random.randrange(count): Fraction(1, 3)}
    return Spectrum.from_levels(zip(lam, g, strict=True)), target, n, ridge, noise


def held(proved, found, error):
    """Whether a float is within its stated error of a ball."""
    if proved.is_infinite or isinf(found):
        return isinf(found) and (proved.is_infinite or proved.lower > 10**308)
    gap = abs(Fraction(found) - proved.midpoint) - proved.radius
    return gap <= Fraction(error) * abs(proved.midpoint) + UNDERFLOW


@pytest.mark.filterwarnings("ignore:float64 predictions keep")
@pytest.mark.parametrize("seed", range(6))
def test_the_stated_error_holds_or_the_answer_is_refused(seed):
    random, compared, refused = Random(seed), 0, 0
    for _ in range(30):
        s, target, n, ridge, noise = problem(random)
        try:
            proved = predict(s, target, n, ridge, noise, digits=25)
        except (OutOfDomain, NoConvergence):
            continue
        try:
            found = predict(s, target, n, ridge, noise)
        except (OutOfDomain, Unsupported, NoConvergence):
            refused += 1
            continue
        compared += 1
        for name in NAMES:
            pair = getattr(proved, name).item(), float(getattr(found, name).item())
            assert held(*pair, found.relative_error), (name, *pair, s, n, ridge)
    assert compared > refused


def test_a_plateau_of_two_levels():
    s = Spectrum.from_levels([(1, 1), ("1e-40", 100)])
    assert predict(s, {0: 1}, 1).C.item() == pytest.approx(1e-19, rel=2e-14)


def test_the_train_mse_of_tiny_constants():
    assert predict(Spectrum.from_levels([("1e-170", 2)]), {0: 1}, "1.5").train_mse == 0
    s = Spectrum.from_levels([(1, 1), ("1e-80", 2)])
    found, proved = (
        predict(s, {1: 1}, 3, "1e-199", digits=x).train_mse.item() for x in (None, 20)
    )
    assert found == pytest.approx(float(proved), rel=2e-14)
    assert found == pytest.approx(3.7267799625e-180, rel=1e-10)


def test_what_float64_cannot_hold_is_refused():
    s = Spectrum.from_levels([(1, 4)])
    for n, ridge in (("4 - 1e-400", 0), (2, "1e-400"), (2, "1e400")):
        with pytest.raises(Unsupported, match="digits"):
            predict(s, {0: 1}, n, ridge)


def test_more_points_than_listed_modes_are_refused_in_words():
    s = spectrum("gaussian:width=2", "circle")
    with pytest.raises(NoConvergence, match="digits=15"):
        predict(s, {1: 1}, 10**6)
