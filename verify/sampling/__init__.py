"""Kernel regression on sampled data sets, and the statistics of many of them.

``problem`` says what is regressed, ``simulate`` does it on many data sets, ``Measured``
holds every statistic of the theory by data set, with standard errors.
"""

from verify.sampling.gram import gram
from verify.sampling.mean import Mean
from verify.sampling.measured import Measured
from verify.sampling.problem import Problem, problem
from verify.sampling.regression import Regression, kernel_regression
from verify.sampling.simulate import simulate

__all__ = [
    "Mean",
    "Measured",
    "Problem",
    "Regression",
    "gram",
    "kernel_regression",
    "problem",
    "simulate",
]
