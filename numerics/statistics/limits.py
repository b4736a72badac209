"""The statistics where C is ∞ or 0: no data, or as many points as modes and no ridge."""

from collections.abc import Mapping

from flint import arb, fmpq
from sympy import Rational

from numerics.interpreters.balls import rational
from numerics.numbers.ball import Ball, ball_of
from numerics.numbers.precision import bits_for, working_precision
from numerics.spectra.spectrum import Spectrum


def is_limit(s: Spectrum, size: Rational, ridge: Rational) -> bool:
    """Whether C is 0 or ∞ there.

    Examples
    --------
    >>> is_limit(Spectrum.from_levels([(1, 3)]), Rational(3), Rational(0))
    True
    """
    return bool(size == 0 or (ridge == 0 and size == s.modes and not s.is_open))


def limits(
    s: Spectrum,
    powers: Mapping[int, Rational],
    size: Rational,
    ridge: Rational,
    noise: Rational,
) -> dict[str, Ball]:
    """All statistics at n = 0, or at n = N with ridge 0, as limits of the formulas.

    At n = 0 nothing is learned and E₀ = 1; n C tends to the trace plus the ridge, from
    which the train MSE follows. At n = N every mode with a positive eigenvalue is
    learned. E₀ grows like N/ε with ε = N − n while the bias of learned modes falls like
    ε², so the errors vanish unless noise, or power without an eigenvalue, remains.

    Examples
    --------
    >>> one = Spectrum.from_levels([(1, 3)])
    >>> here = limits(one, {0: Rational(1)}, Rational(3), Rational(0), Rational(0))
    >>> str(here["test_mse"]), str(here["E0"])
    ('0', 'inf')
    """
    total = fmpq(0)
    for power in powers.values():
        total += rational(power)
    sigma2 = rational(noise)
    if size == 0:
        return {
            "C": Ball.infinite("limit n → 0"),
            "E0": Ball.exact(1),
            "target_learnability": Ball.exact(0),
            "bias": Ball.exact(total),
            "variance": Ball.exact(0),
            "test_mse": Ball.exact(total + sigma2),
            "train_mse": _train_without_data(s, rational(ridge), total + sigma2),
        } | {f"L{k}": Ball.exact(0) for k in powers}
    learned = {k for k in powers if s.level(k).eigenvalue.sign == 1}
    lost = total
    for k in learned:
        lost -= rational(powers[k])
    grown = Ball.infinite("limit n → N") if lost + sigma2 > 0 else Ball.exact(0)
    return {
        "C": Ball.exact(0),
        "E0": Ball.infinite("limit n → N"),
        "target_learnability": Ball.exact((total - lost) / total),
        "bias": Ball.exact(lost),
        "variance": grown,
        "test_mse": grown,
        "train_mse": Ball.exact(0),
    } | {f"L{k}": Ball.exact(int(k in learned)) for k in powers}


def _train_without_data(s: Spectrum, ridge: fmpq, mse: fmpq) -> Ball:
    """(δ/(n C))² E with n C → Σ g λ + δ as n → 0."""
    if ridge == 0:
        return Ball.exact(0)
    bits = bits_for(100)
    with working_precision(bits):
        trace = s.tail_mass.at(bits)
        for level, value in zip(s.levels, s.enclosures(bits), strict=True):
            trace += value * level.multiplicity
        return ball_of((arb(ridge) / (trace + ridge)) ** 2 * mse, "limit n → 0")
