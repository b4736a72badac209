"""Kernel regression on sampled data sets, and the statistics of many of them.

``problem`` says what is regressed, ``simulate`` does it on many data sets, ``Measured``
holds every statistic of the theory by data set, with standard errors.
"""

from numerics.kernel_matrices.entries import kernel_matrix
from verify.regression.mean import Mean
from verify.regression.measured import Measured
from verify.regression.predictor import Regression, kernel_regression
from verify.regression.regression_problem import RegressionProblem, problem
from verify.regression.simulation import simulate

__all__ = [
    "Mean",
    "Measured",
    "Regression",
    "RegressionProblem",
    "kernel_matrix",
    "kernel_regression",
    "problem",
    "simulate",
]
