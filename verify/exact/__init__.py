"""Exact laws, tested exactly: in ℚ with FLINT, with counterexamples as code."""

from verify.exact.laws.conservation import check_conservation
from verify.exact.problems.bases import characters, deltas, rotated, rotation, walsh
from verify.exact.problems.kernel_matrix import (
    Gram,
    dot_product,
    features,
    gram,
    spectral,
)
from verify.exact.problems.points import circle, cube, sphere
from verify.exact.problems.problem import Problem, kernel_regression

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
