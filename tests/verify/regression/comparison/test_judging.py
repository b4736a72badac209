"""How many data sets a comparison needs, and in which units it is judged."""

from fractions import Fraction

import numpy as np
import pytest

from verify.regression.comparison.judging import against
from verify.verdicts.intervals import student_interval
from verify.verdicts.verdict import Verdict


@pytest.mark.parametrize("sign", [1, -1])
def test_learnabilities_are_judged_as_they_are_and_errors_relative_to_theory(sign):
    generator = np.random.default_rng(1)
    x = generator.standard_normal(400)
    x = 1e-4 * (x - x.mean()) / x.std(ddof=1)
    found = student_interval(4 + sign * 0.1 + x)
    margin = Fraction(1, 20)
    assert against(found, "learnability", 4.0, margin).verdict is Verdict.REFUTED
    relative = against(found, "test_mse", 4.0, margin)
    assert relative.verdict is Verdict.CONFIRMED
    assert relative.difference == pytest.approx(sign / 40)
    assert relative.error == pytest.approx(1e-4 / 20 / 4)
    tight = against(found, "test_mse", 4.0, Fraction(1, 50))
    assert tight.verdict is Verdict.REFUTED
