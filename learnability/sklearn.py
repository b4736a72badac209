"""Kernel regression as an estimator of scikit-learn, with its predicted learning curve.

Needs the extra ``verify``, which brings scikit-learn.
"""

from typing import Any

import numpy as np
from scipy.linalg import eigh
from sklearn.base import BaseEstimator, MultiOutputMixin, RegressorMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from numerics import Prediction, kernel_matrix
from numerics.interpreters.arrays import ARRAYS
from numerics.interpreters.program import build
from theory import Kernel, OutOfDomain, formulas, kernels, notation
from theory.numbers import rational
from verify.data import DataSpectrum, data_set, spectrum_of_data
from verify.data.advice import best_ridge

KERNEL = "ntk:relu:depth=2,bias_variance=0.1"
AUTO = "auto"
GRID, SPAN = 49, 1e12
CURVE_POINTS = 24
NEAR_ZERO = 2.0**-80
_estimate = build(formulas["gcv_is_test_mse"].lhs, ARRAYS)


class KernelRegression(MultiOutputMixin, RegressorMixin, BaseEstimator):
    """Kernel regression with a kernel of theory, and the curve that theory predicts.

    The mean of the training labels is subtracted before and added after. The predictor
    is K(x, X) (K + δ)⁻¹ y; where K is singular and δ = 0, the one of least norm.

    Parameters
    ----------
    kernel
        A kernel, or its text.
    ridge
        Absolute ridge δ ≥ 0, or ``auto``: the one whose risk is estimated least from the
        training data alone (``formulas["gcv_is_test_mse"]``, an approximation).
    norms
        ``own``: every point keeps its norm; ``equal``: only directions count.

    Attributes
    ----------
    X_fit_, dual_coef_, y_mean_
        Training points [n, d], (K + δ)⁻¹ y, and the mean of the labels.
    ridge_
        The ridge that is used.
    n_features_in_
        The number of features.

    Examples
    --------
    >>> x = np.random.default_rng(0).standard_normal((60, 3))
    >>> found = KernelRegression("ntk:relu:depth=1", ridge=0.1).fit(x, np.sin(x[:, 0]))
    >>> round(found.score(x, np.sin(x[:, 0])), 1)
    1.0
    >>> curve = found.predicted_learning_curve([4, 7])
    >>> curve.held_out_mse.shape, curve.claimed.tolist()
    ((2,), [True, True])
    """

    def __init__(
        self, kernel: Any = KERNEL, ridge: Any = AUTO, norms: str = "own"
    ) -> None:
        self.kernel = kernel
        self.ridge = ridge
        self.norms = norms

    def fit(self, X: Any, y: Any) -> "KernelRegression":
        """Solve for the coefficients.

        Parameters
        ----------
        X, y
            Points [n, d], labels [n] or [n, target].

        Raises
        ------
        OutOfDomain
            When kernel, ridge, norms, points or labels are malformed; it is a
            ValueError.
        """
        X, y = validate_data(
            self, X, y, multi_output=True, y_numeric=True, dtype=np.float64
        )
        y = np.asarray(y, dtype=np.float64)
        self.y_mean_ = y.mean(axis=0)
        self.X_fit_, self._y = X, y - self.y_mean_
        points = self._off_zero(X)
        values, modes = eigh(kernel_matrix(self._kernel, points, norms=self.norms))
        rounding = len(X) * np.finfo(np.float64).eps * float(np.abs(values).max())
        values = np.where(values > rounding, values, 0.0)
        along = modes.T @ self._y.reshape(len(X), -1)
        if isinstance(self.ridge, str) and self.ridge == AUTO:
            self.ridge_ = _least_risk(values, along)
        else:
            self.ridge_ = float(_exact(self.ridge))
        inverse = np.zeros_like(values)
        kept = values + self.ridge_ > 0
        np.divide(1.0, values + self.ridge_, out=inverse, where=kept)
        self.dual_coef_ = (modes @ (inverse[:, None] * along)).reshape(y.shape)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """The fitted function at points [m, d]."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=np.float64)
        points, known = self._off_zero(X), self._off_zero(self.X_fit_)
        K = kernel_matrix(self._kernel, points, known, norms=self.norms)
        return K @ self.dual_coef_ + self.y_mean_

    def predicted_learning_curve(
        self, sizes: Any = None, ridge: Any = None, *, display: Any = None
    ) -> Prediction:
        """What regression on n of the training points is predicted to reach on the others.

        Nothing is regressed: the curve follows from the eigensystem of the kernel matrix
        and the labels. ``claimed`` is False above an eighth of the points, where theory
        is known to be biased.

        Parameters
        ----------
        sizes
            Training points n, each below the number of points; a grid by default, or
            those of ``display``.
        ridge
            The ridge; the fitted one by default, ``auto`` for the best by theory at
            every n.
        display
            A ``LearningCurveDisplay`` of mean squared errors, on whose axes the curve is
            drawn beside what was measured.

        Returns
        -------
        Prediction
            The mean over targets, in units of the labels squared.

        Raises
        ------
        OutOfDomain
            When labels are constant, a size has no prediction, or an axis is missing.
        """
        check_is_fitted(self)
        s = self._eigensystem()
        if sizes is None and display is not None:
            sizes = [int(n) for n in display.train_sizes if n < s.size]
        elif sizes is None:
            grid = np.geomspace(1, s.size - 1, CURVE_POINTS)
            sizes = sorted({round(float(n)) for n in grid})
        sizes = [int(n) for n in np.atleast_1d(sizes)]
        given = self.ridge_ if ridge is None else ridge
        if isinstance(given, str) and given == AUTO:
            ridges = [rational(str(best_ridge(s, n)), "ridge") for n in sizes]
        else:
            ridges = [_exact(given)] * len(sizes)
        p = s.predict(
            np.array(sizes, dtype=object), np.array(ridges, dtype=object), target="mean"
        )
        if display is not None:
            axis = getattr(display, "ax_", None)
            if axis is None:
                raise OutOfDomain("display has no axes yet: call its plot() first")
            axis.plot(sizes, p.held_out_mse, "--", label="theory")
            edge = s.size / 8
            if max(sizes) > edge:
                axis.axvline(edge, color="0.7", lw=0.8, label="claimed to its left")
            axis.legend()
        return p

    @property
    def _kernel(self) -> Kernel:
        given = self.kernel
        return kernels.parse(given) if isinstance(given, str) else given

    def _off_zero(self, X: np.ndarray) -> np.ndarray:
        """The points, with 0 as close to 0 as its limit is to rounding.

        A point without direction has no cosine; where norms count, kernels are
        continuous there, and with equal norms it stays refused.
        """
        zero = ~X.any(axis=1)
        if self.norms != "own" or not zero.any():
            return X
        moved = X.copy()
        moved[zero, 0] = NEAR_ZERO * max(float(np.abs(X).max()), 1.0)
        return moved

    def _eigensystem(self) -> DataSpectrum:
        """The kernel on the training points, their labels the targets."""
        targets = self._y.reshape(len(self.X_fit_), -1).T
        data = data_set(
            self._off_zero(self.X_fit_), targets, task="given", name="the training points",
            duplicates="keep",
        )  # fmt: skip
        return spectrum_of_data(self._kernel, data, norms=self.norms)


def _exact(ridge: Any) -> Any:
    """A ridge as the decimal that it is written as."""
    given = repr(float(ridge)) if isinstance(ridge, float | np.floating) else ridge
    return rational(given, "ridge", least=0)


def _least_risk(values: np.ndarray, along: np.ndarray) -> float:
    """The ridge whose test error is estimated least from eigenvalues and labels."""
    n = len(values)
    top = float(values.max())
    grid = top * np.geomspace(1 / SPAN, 10.0, GRID)
    if not np.any(along):
        return float(grid[-1])  # constant labels: any ridge gives their mean
    rest = 1 / (values + grid[:, None])
    train = grid**2 * np.sum((rest[:, :, None] * along) ** 2, axis=1).mean(axis=1) / n
    estimates = _estimate(
        {
            notation.train_mse: train,
            notation.n: float(n),
            notation.C: 1 / rest.sum(axis=1),
            notation.ridge: grid,
        }
    )
    return float(grid[int(np.argmin(estimates))])
