"""Verdicts by equivalence are calibrated: wrong at most as often as they say."""

import numpy as np
import pytest
import scipy

from theory import OutOfDomain
from verify.verdicts.agreement import (
    CONFIDENCE,
    enclosed,
    equivalence,
    summary,
    within,
)
from verify.verdicts.verdict import Verdict


def verdicts(shift, samples, margin=1.0, spread=1.0, runs=4000):
    generator = np.random.default_rng(7)
    draws = shift + spread * generator.standard_normal((runs, samples))
    return [equivalence(row, margin).verdict for row in draws]


def share(found, wanted):
    return sum(v is wanted for v in found) / len(found)


@pytest.mark.parametrize("samples", [4, 10, 100])
def test_a_difference_at_the_margin_is_seldom_judged_either_way(samples):
    # one-sided error (1 − 0.99)/2 each way; 4000 runs: 5 standard deviations of slack
    found = verdicts(1.0, samples)
    allowed = (1 - CONFIDENCE) / 2
    slack = 5 * np.sqrt(allowed / len(found))
    assert share(found, Verdict.CONFIRMED) <= allowed + slack
    assert share(found, Verdict.REFUTED) <= allowed + slack


def test_small_differences_are_confirmed_and_large_ones_refuted():
    assert share(verdicts(0.1, 100), Verdict.CONFIRMED) > 0.99
    assert share(verdicts(2.0, 100), Verdict.REFUTED) > 0.99


def test_the_detectable_effect_is_detected_nine_times_in_ten():
    generator = np.random.default_rng(3)
    samples, hits, runs = 50, 0, 3000
    for _ in range(runs):
        noise = generator.standard_normal(samples)
        effect = equivalence(noise, 1.0).detectable
        found = equivalence(noise + effect, 1.0)
        hits += abs(found.difference) > found.halfwidth
    assert 0.85 < hits / runs < 0.95


def test_too_few_samples_leave_the_question_open():
    assert equivalence([0.0, 0.5], 0.01).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("values", [[], [1.0], [1.0, float("nan")], [[1.0, 2.0]]])
def test_what_cannot_be_judged_is_refused(values):
    with pytest.raises(OutOfDomain, match="at least 2"):
        equivalence(values, 0.01)


def test_a_margin_must_be_positive():
    with pytest.raises(OutOfDomain, match="margin = 0"):
        equivalence([1.0, 2.0], 0)


def test_summaries_say_where():
    c, r, i = Verdict.CONFIRMED, Verdict.REFUTED, Verdict.INCONCLUSIVE
    text = summary([2, 3, 6, 12, 22], [r, i, c, c, c])
    assert text == "confirmed for n ≥ 6, refuted at n = 2, inconclusive at n = 3"


def test_one_verdict_at_every_n_is_said_at_once():
    refuted, confirmed = Verdict.REFUTED, Verdict.CONFIRMED
    assert summary([2, 3], [refuted, refuted]) == "refuted at every n"
    assert summary([2], [confirmed]) == "confirmed at every n"
    assert (
        summary([2, 3], [confirmed, refuted]) == "confirmed at n = 2, refuted at n = 3"
    )


def test_a_known_mean_and_error_have_the_interval_of_student():
    found = within(0.5, 2.0, 7, 4.0, confidence=0.9)
    low, high = scipy.stats.t.interval(0.9, 6, loc=0.5, scale=2.0)
    assert (found.difference - found.halfwidth) == pytest.approx(low, rel=1e-12)
    assert (found.difference + found.halfwidth) == pytest.approx(high, rel=1e-12)
    for judge in (lambda m: within(0.1, 0.1, 3, m), lambda m: enclosed(0.1, 0.1, m)):
        with pytest.raises(OutOfDomain, match="margin = 0"):
            judge(0)


def test_an_enclosure_that_touches_the_margin():
    """Inside with its end on the margin is agreement; outside with its end on it is open."""
    for sign in (-1, 1):
        found = [enclosed(sign * x, 0.25, 0.5).verdict for x in (0.25, 0.5, 0.75, 0.8)]
        assert [str(x) for x in found] == ["confirmed"] + 2 * ["inconclusive"] + [
            "refuted"
        ]
