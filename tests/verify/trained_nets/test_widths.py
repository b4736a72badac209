"""Powers of the width: the standard error by the delta method, margins on both sides."""

from math import isclose, log, sqrt

import numpy as np
import pytest

from verify.trained_nets.widths import MARGIN, _judge, power
from verify.verdicts.verdict import Verdict


def test_a_slope_through_two_means_has_their_relative_errors():
    samples = [np.array([1.0, 3.0]), np.array([0.0, 4.0, 8.0])]
    found, error = power((10, 1000), samples)
    assert isclose(found, log(4 / 2) / log(100), rel_tol=1e-12)
    # relative errors 1/2 and (4/√3)/4, each with the weight 1/log 100
    wanted = sqrt(1 / 4 + 1 / 3) / log(100)
    assert isclose(error, wanted, rel_tol=1e-12)


@pytest.mark.parametrize("side", [1, -1])
def test_a_power_is_judged_on_both_sides(side):
    for off, verdict in (
        (0.9, Verdict.CONFIRMED),
        (1.0, Verdict.INCONCLUSIVE),
        (1.1, Verdict.REFUTED),
    ):
        error = 0.05 * MARGIN / 2.5758293  # a half-width of a twentieth of the margin
        found = _judge(-1 + side * off * MARGIN, error, -1.0, 9)
        assert found.verdict is verdict
