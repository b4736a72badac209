"""Kernel regression on sampled data sets, and the statistics of many of them."""

from verify.sampling.gram import gram
from verify.sampling.regression import Regression, kernel_regression

__all__ = ["Regression", "gram", "kernel_regression"]
