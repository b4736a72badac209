"""The estimator: scikit-learn's own checks, a second way to its numbers, its curve."""

import numpy as np
import pytest

sklearn = pytest.importorskip("sklearn")
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")

from learnability.sklearn import KernelRegression  # noqa: E402
from theory import OutOfDomain, kernels  # noqa: E402

KERNEL = "ntk:relu:depth=1,bias_variance=0.1"
RNG = np.random.default_rng(3)
X = RNG.standard_normal((80, 3))
Y = np.sin(X[:, 0]) + 0.1 * RNG.standard_normal(80) + 7


def test_the_checks_of_scikit_learn():
    from sklearn.utils.estimator_checks import check_estimator

    found = check_estimator(KernelRegression(KERNEL), on_fail=None)
    failed = {x["check_name"]: x["exception"] for x in found if x["status"] == "failed"}
    assert not failed
    assert len(found) > 40


def test_it_is_kernel_ridge_regression():
    ridge = pytest.importorskip("sklearn.kernel_ridge")
    K = kernels.parse(KERNEL).matrix
    other = ridge.KernelRidge(alpha=0.5, kernel="precomputed").fit(K(X), Y - Y.mean())
    ours = KernelRegression(KERNEL, ridge="1/2").fit(X, Y)
    places = RNG.standard_normal((9, 3))
    expected = other.predict(K(places, X)) + Y.mean()
    assert np.allclose(ours.predict(places), expected, rtol=1e-9)
    least = KernelRegression(KERNEL, ridge=0).fit(X, Y)
    assert np.allclose(least.predict(X), Y, atol=1e-6)


def test_the_automatic_ridge_is_as_good_as_cross_validation():
    from sklearn.model_selection import cross_val_score

    auto = KernelRegression(KERNEL).fit(X, Y)
    errors = {
        ridge: -cross_val_score(
            KernelRegression(KERNEL, ridge), X, Y, scoring="neg_mean_squared_error"
        ).mean()
        for ridge in (auto.ridge_, 1e-6, 1e3)
    }
    assert errors[auto.ridge_] <= 1.05 * min(errors.values())
    assert max(errors.values()) > 1.5 * errors[auto.ridge_]


def test_the_learning_curve_stands_beside_what_is_measured():
    pytest.importorskip("matplotlib").use("Agg")
    from matplotlib import pyplot as plt
    from sklearn.model_selection import LearningCurveDisplay, ShuffleSplit

    estimator = KernelRegression(KERNEL, ridge=0.1)
    display = LearningCurveDisplay.from_estimator(
        estimator,
        X,
        Y,
        train_sizes=[8, 10],
        cv=ShuffleSplit(100, test_size=0.25, random_state=0),
        scoring="neg_mean_squared_error",
        negate_score=True,
        score_type="test",
    )
    p = estimator.fit(X, Y).predicted_learning_curve(display=display)
    measured = -display.test_scores.mean(axis=1)
    # the mean of few labels is subtracted there, of all of them here: var(y)/n
    assert np.allclose(p.held_out_mse, measured, rtol=0.25)
    drawn = (
        display.ax_.lines[-1] if len(display.ax_.lines) == 1 else display.ax_.lines[1]
    )
    assert np.allclose(drawn.get_ydata(), p.held_out_mse)
    plt.close(display.figure_)


def test_bad_arguments_are_named():
    with pytest.raises(OutOfDomain, match="ridge"):
        KernelRegression(KERNEL, ridge=-1).fit(X, Y)
    with pytest.raises(OutOfDomain, match="norms"):
        KernelRegression(KERNEL, norms="big").fit(X, Y)
    with pytest.raises(OutOfDomain, match="n = 80"):
        KernelRegression(KERNEL, 1).fit(X, Y).predicted_learning_curve([80])
