"""Exact laws, tested exactly: in ℚ with FLINT, with counterexamples as code."""

from verify.exact.bases import characters, deltas, rotated, rotation, walsh
from verify.exact.conservation import check_conservation
from verify.exact.kernel_matrix import Gram, dot_product, features, gram, spectral
from verify.exact.points import circle, cube, sphere
from verify.exact.problem import Problem, kernel_regression

__all__ = [
    "Gram",
    "Problem",
    "characters",
    "check_conservation",
    "circle",
    "cube",
    "deltas",
    "dot_product",
    "features",
    "gram",
    "kernel_regression",
    "rotated",
    "rotation",
    "spectral",
    "sphere",
    "walsh",
]
