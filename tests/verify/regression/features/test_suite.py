"""Random features get one verdict a curve; the kernel's theory of them is refuted."""

from dataclasses import replace

import numpy as np

from verify.regression.features import suite
from verify.verdicts.verdict import Verdict


def quick(curve):
    return replace(curve, n=40, widths=(30,))


def test_theory_is_confirmed_and_the_kernel_alone_is_refuted():
    """An activation that the formulas were not made for."""
    curve = replace(quick(suite.layer("sin")), n=80)
    *right, wrong = suite.examine_curve(curve, 100)
    assert [x.verdict for x in right] == [Verdict.CONFIRMED] * 3
    assert wrong.verdict is Verdict.CONFIRMED


def test_another_width_is_refuted(monkeypatch):
    curve = quick(suite.GAUSSIAN[0])
    measured = suite.FeatureCurve.measured

    def wider(self, width, trials, seed):
        return measured(self, 2 * width, trials, seed)

    monkeypatch.setattr(suite.FeatureCurve, "measured", wider)
    error, variance, learned, _ = suite.examine_curve(curve, 60)
    assert error.verdict is Verdict.REFUTED
    assert variance.verdict is Verdict.REFUTED
    assert learned.verdict is Verdict.REFUTED


def test_features_in_time_are_described():
    error, kernel = suite.examine_curve(quick(suite.TRAINED), 100)
    assert error.verdict is not Verdict.REFUTED
    assert kernel.verdict is Verdict.CONFIRMED


def test_every_activation_of_the_list_has_a_curve():
    kernels = {x.kernel for x in suite.CURVES}
    assert len(kernels) == 2 + len(suite.BUILT_IN) - 1
    assert all(np.isfinite(x.predicted(width=50).test_mse) for x in suite.CURVES[:5])
